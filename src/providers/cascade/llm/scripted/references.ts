import { nearestName } from '../../../../base/nearest-name.js';
import type { IntentScript, Remark, Script, TaskScript } from './schema.js';
import { placeholdersOf } from './template.js';
import { pathText } from './yaml-issues.js';

export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a text may name of the call, though a call need not know it. */
export const callerValues = ['caller_name', 'caller_number'] as const;

/** Names in a script that name nothing, and fields that do not go together. */
export function brokenReferences(script: Script): Fault[] {
  return new ReferenceCheck(script).run();
}

class ReferenceCheck {
  readonly #script: Script;
  readonly #faults: Fault[] = [];

  constructor(script: Script) {
    this.#script = script;
  }

  run(): Fault[] {
    const { intents, tasks, follow_up, not_understood, no_input } = this.#script;
    this.#texts(['greeting'], this.#script.greeting);
    for (const [name, intent] of Object.entries(intents)) this.#intent(['intents', name], intent);
    for (const [name, task] of Object.entries(tasks)) this.#task(['tasks', name], task);
    if (follow_up) this.#remark(['follow_up'], follow_up);
    not_understood.forEach((remark, index) => this.#remark(['not_understood', index], remark));
    no_input.prompts.forEach((remark, index) => this.#remark(['no_input', 'prompts', index], remark));
    this.#texts(['no_input', 'last'], no_input.last);
    this.#texts(['goodbye'], this.#script.goodbye);
    return this.#faults;
  }

  #intent(path: Fault['path'], intent: IntentScript): void {
    const does = intent.say ?? intent.start ?? intent.action;
    if (does === undefined) this.#fault(path, `Expected say, start or action for ${pathText(path)} but none of them is there`);
    if (intent.start !== undefined && intent.action !== undefined) {
      this.#fault([...path, 'action'], `Expected either start or action for ${pathText(path)} but received both`);
    }
    if ((intent.action === 'hang-up' || intent.action === 'transfer') && !intent.say) {
      this.#fault(path, `Expected say for ${pathText(path)}, which ends the call, but it is missing`);
    }
    if (intent.action === 'cancel' && !intent.say && !this.#script.follow_up) {
      this.#fault(path, `Expected say for ${pathText(path)}, since there is no follow_up, but it is missing`);
    }
    if (intent.reason !== undefined && intent.action !== 'transfer') {
      this.#fault([...path, 'reason'], `Expected ${pathText([...path, 'reason'])} only with action: transfer`);
    }
    this.#name([...path, 'start'], intent.start, 'task', this.#script.tasks);
    this.#answers(path, intent);
    if (intent.say) this.#texts([...path, 'say'], intent.say);
  }

  #task(path: Fault['path'], task: TaskScript): void {
    const slots = Object.keys(task.slots);
    if (slots.length === 0) this.#fault([...path, 'slots'], `Expected at least one slot for ${pathText([...path, 'slots'])} but received none`);
    Object.entries(task.slots).forEach(([name, slot], index) => {
      const place = [...path, 'slots', name];
      const earlier = slots.slice(0, index);
      if (Object.hasOwn(this.#script.variables, name) || callerValues.some((value) => value === name)) {
        this.#fault(place, `Expected a name for ${pathText(place)} that is no variable's`);
      }
      this.#texts([...place, 'ask'], slot.ask, earlier);
      this.#texts([...place, 'again'], slot.again, earlier);
      if (slot.more) this.#texts([...place, 'more'], slot.more, earlier);
      for (const field of ['digits', 'more'] as const) {
        if (slot[field] !== undefined && slot.type !== 'phone')
          this.#fault([...place, field], `Expected ${pathText([...place, field])} only with type: phone`);
      }
      if (slot.digits && slot.digits.min > slot.digits.max) {
        this.#fault(
          [...place, 'digits'],
          `Expected ${pathText([...place, 'digits'])} with min up to max but received ${slot.digits.min} and ${slot.digits.max}`,
        );
      }
    });
    if (task.confirm) {
      for (const field of ['say', 'again', 'change'] as const) this.#texts([...path, 'confirm', field], task.confirm[field], slots);
    }
    this.#texts([...path, 'done'], task.done, slots);
  }

  #remark(path: Fault['path'], remark: Remark): void {
    this.#texts([...path, 'say'], remark.say);
    this.#answers(path, remark);
  }

  #answers(path: Fault['path'], { yes, no }: { readonly yes?: string | undefined; readonly no?: string | undefined }): void {
    this.#name([...path, 'yes'], yes, 'intent', this.#script.intents);
    this.#name([...path, 'no'], no, 'intent', this.#script.intents);
  }

  #name(path: Fault['path'], name: string | undefined, kind: string, table: object): void {
    if (name === undefined || Object.hasOwn(table, name)) return;
    this.#fault(
      path,
      `Expected the name of ${kind === 'intent' ? 'an intent' : `a ${kind}`} for ${pathText(path)} but received "${name}"${hint(name, Object.keys(table))}`,
    );
  }

  /** Every name in braces has a value, and one variant at least needs none that a call may lack. */
  #texts(path: Fault['path'], texts: readonly string[], slots: readonly string[] = []): void {
    const known = [...slots, ...Object.keys(this.#script.variables), ...callerValues];
    for (const [index, text] of texts.entries()) {
      const place = texts.length > 1 ? [...path, index] : path;
      for (const name of placeholdersOf(text)) {
        if (!known.includes(name))
          this.#fault(place, `Expected a variable or slot in ${pathText(path)} but received "{${name}}"${hint(name, known)}`);
      }
      if (/[{}]/.test(text.replaceAll(/\{[^{}]*\}/g, ''))) this.#fault(place, `Expected braces in pairs in ${pathText(path)}`);
    }
    if (texts.every((text) => placeholdersOf(text).some((name) => callerValues.some((value) => value === name)))) {
      this.#fault(path, `Expected a variant without {${callerValues.join('} and {')}} for ${pathText(path)}, since a call may lack them`);
    }
  }

  #fault(path: Fault['path'], message: string): void {
    this.#faults.push({ path, message });
  }
}

function hint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? `; known are ${known.join(', ') || 'none'}` : `; did you mean "${nearest}"?`;
}
