/** A tool that the model asked for, and what it is told of it. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  /** JSON of an object, whatever the model wrote: servers read it again. */
  readonly arguments: string;
  answer: string;
}

/** What the model is reminded of: a list of who said what, in order. */
export type Entry =
  | { readonly who: 'caller'; readonly text: string }
  | { readonly who: 'agent'; readonly text: string; readonly uses: readonly ToolUse[] };

/** One answer of the model: words, then tools. */
export interface Step {
  /** The model's own words. */
  text: string;
  /** As much of them as was given to the voice, as the voice says it. */
  readonly voiced: string[];
  /** All of it was given to the voice. */
  isWhole: boolean;
  readonly uses: ToolUse[];
}

const cutNote = '[Your last reply was cut off there: the caller heard no more of it.]';
const unheardNote = '[The caller heard nothing of your last reply.]';

/** What the model was asked once, and all that it made of it. */
export class Turn {
  /** Of the caller. */
  readonly words: string;
  /** Of the telephone system. */
  readonly note: string;
  readonly signal: AbortSignal;
  readonly steps: Step[] = [];
  /** What the caller heard, if the reply was cut. */
  heard: string | undefined;
  /** Told before the words of the next turn. */
  afterNote = '';

  constructor(words: string, note: string, signal: AbortSignal = new AbortController().signal) {
    this.words = words;
    this.note = note;
    this.signal = signal;
  }

  addStep(): Step {
    const step: Step = { text: '', voiced: [], isWhole: false, uses: [] };
    this.steps.push(step);
    return step;
  }

  /** Another agent's words, heard. */
  say(text: string): void {
    const [step = this.addStep()] = this.steps;
    step.text = `${step.text} ${text}`.trim();
    step.voiced.push(text);
    step.isWhole = true;
  }

  get hasUsedTools(): boolean {
    return this.steps.some(({ uses }) => uses.length > 0);
  }

  get isVoiced(): boolean {
    return this.steps.some(({ voiced }) => voiced.length > 0);
  }

  /** Keeps of the agent's words what was heard. Returns whether anything of the turn remains. */
  settle(): boolean {
    const given = this.steps.flatMap(({ voiced }) => voiced).join(' ');
    const heard = (this.heard ?? (this.signal.aborted && !this.#isWhole ? '' : given)).trim();
    if (heard === '' && given !== '') this.afterNote = unheardNote;
    let left = heard;
    for (const step of this.steps) {
      const voiced = step.voiced.join(' ');
      const isHeard = left.length >= voiced.length && step.isWhole;
      if (!isHeard) {
        const kept = left.slice(0, voiced.length);
        step.text = kept === '' ? '' : `${kept} —`;
        if (heard !== '') this.afterNote = cutNote;
      }
      left = left.slice(voiced.length).trim();
    }
    return heard !== '' || this.hasUsedTools;
  }

  entries(noteBefore: string): Entry[] {
    const asked = [noteBefore, this.words, this.note].filter((text) => text !== '').join('\n');
    const answered = this.steps.filter(({ text, uses }) => text !== '' || uses.length > 0);
    return [{ who: 'caller', text: asked }, ...answered.map(({ text, uses }) => ({ who: 'agent' as const, text, uses }))];
  }

  get characters(): number {
    const ofSteps = this.steps.map(({ text, uses }) => text.length + uses.reduce((sum, use) => sum + use.arguments.length + use.answer.length, 0));
    return this.words.length + this.note.length + ofSteps.reduce((sum, length) => sum + length, 0);
  }

  get #isWhole(): boolean {
    return this.steps.every(({ isWhole }) => isWhole);
  }
}
