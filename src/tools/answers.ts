import { endUnknown } from '../providers/provider.js';
import type { Ending } from './attempts.js';
import type { ToolOutcome, ToolResult } from './tool.js';

/** What a model is told of a tool that it asked for, in sentences that leave no doubt whether something was done. */

const answer = (outcome: ToolOutcome, text: string, why?: string): ToolResult => ({
  outcome,
  text,
  isSpokenOf: true,
  ...(why === undefined ? {} : { why }),
});

const nothingDone = 'Nothing was done';

export function answerTo(ending: Ending): ToolResult {
  switch (ending.type) {
    case 'answered': {
      const said = ending.text ?? 'It was done, but what was answered is too long, or no text.';
      return answer('answered', said.trim() === '' ? 'It was done.' : said, `status ${ending.status}`);
    }
    case 'refused':
      return answer('refused', `${nothingDone}: it was refused with ${ending.why}.`, ending.why);
    case 'not-done':
      return answer(
        'not-done',
        `${nothingDone}: the other side is not to be had at the moment (${ending.why}). It may be tried again later.`,
        ending.why,
      );
    case 'unknown':
      return unknown(ending.why);
    case 'called-off':
      return calledOff();
  }
}

export const unknown = (why: string): ToolResult =>
  answer(
    'unknown',
    `It is not known whether this was done (${why}); a person must check. Do not try it again, and do not say that it was done.`,
    why,
  );

export const calledOff = (): ToolResult => ({ ...answer('called-off', `${nothingDone}: nobody waited for it any more.`), isSpokenOf: false });

/** What was begun when nobody waited for it any more: it is seen to its end, if it had left. */
export const left = (): ToolResult => ({
  ...answer('called-off', endUnknown),
  isSpokenOf: false,
});

/** @param text what was answered then; undefined when it is not kept any more */
export function repeated(outcome: 'answered' | 'refused', text: string | undefined): ToolResult {
  if (text !== undefined) return answer('repeated', text, outcome);
  const told =
    outcome === 'answered' ? 'This was already done, and is not done again.' : 'This was already asked for, and refused. It is not asked for again.';
  return answer('repeated', `${told} What was answered then is not known any more.`, outcome);
}

export const doneWithOthers = (text: string | undefined): ToolResult =>
  answer(
    'repeated',
    `${nothingDone}: this is done once in a call, and was already done with other arguments.${text === undefined ? '' : ` The answer then was: ${text}`}`,
    'answered',
  );

export const unknownTool = (known: readonly string[]): ToolResult =>
  answer('unknown-tool', `${nothingDone}: there is no such tool. ${known.length > 0 ? `The tools are ${known.join(', ')}.` : 'There are no tools.'}`);

export const wrongArguments = (faults: string): ToolResult => answer('wrong-arguments', `${nothingDone}: ${faults}`);

export const journalFailed = (): ToolResult => answer('journal-failed', `${nothingDone}: this cannot be done at the moment.`);

export const failed = (): ToolResult => answer('failed', 'It is not known whether this was done, as something went wrong here; a person must check.');
