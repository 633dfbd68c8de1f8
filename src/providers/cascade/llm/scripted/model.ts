import type { LanguageModel } from '../llm.js';
import { IntentMatcher } from './matching/intent-matcher.js';
import type { Script } from './schema.js';
import { sentencesOf } from './sentences.js';
import { ScriptedSession } from './session.js';
import { fill, placeholdersOf } from './template.js';

/**
 * What the agent says is taken from a script: the same words get the same answer, in every call. `greetings` are what
 * calls may bring to be said first.
 */
export function createScriptedModel(script: Script, greetings: readonly string[] = []): LanguageModel {
  const matcher = matcherOf(script);
  return {
    knownSentences: knownSentencesOf(script, greetings),
    open: (call, history) => new ScriptedSession({ script, matcher, call }, history),
    close: async () => {},
  };
}

/** Knows the script's intents by their phrases. */
export function matcherOf(script: Script): IntentMatcher {
  const meanings = Object.entries(script.intents).map(([name, { phrases, except, action }]) => ({
    name,
    phrases,
    except,
    isFinal: action === 'hang-up',
  }));
  return new IntentMatcher(meanings, script.synonyms);
}

/** Every sentence that needs nothing of the call, most likely first. */
function knownSentencesOf(script: Script, greetings: readonly string[]): readonly string[] {
  const texts: string[] = [...greetings, ...script.greeting];
  const remarks = [...script.not_understood, ...script.no_input.prompts, ...(script.follow_up ? [script.follow_up] : [])];
  for (const { say } of Object.values(script.intents)) texts.push(...(say ?? []));
  for (const task of Object.values(script.tasks)) {
    for (const { ask, again, more } of Object.values(task.slots)) texts.push(...ask, ...again, ...(more ?? []));
    if (task.confirm) texts.push(...task.confirm.say, ...task.confirm.again, ...task.confirm.change);
    texts.push(...task.done);
  }
  for (const { say } of remarks) texts.push(...say);
  texts.push(...script.no_input.last, ...script.goodbye);
  const lookUp = (name: string): string | undefined => (Object.hasOwn(script.variables, name) ? script.variables[name] : undefined);
  const sentences = texts.flatMap((text) => sentencesOf(fill(text, lookUp)));
  return [...new Set(sentences.filter((sentence) => placeholdersOf(sentence).length === 0))];
}
