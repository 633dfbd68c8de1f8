// Says what set-up is doing: one line a step, rewritten in place on a terminal, repeated every few
// seconds elsewhere. Everything goes to stderr, because stdout belongs to the program that follows.
const terminal = process.stderr.isTTY === true && !process.env.NO_COLOR;
const paint = (code, text) => (terminal ? `\x1b[${code}m${text}\x1b[0m` : text);
const quietIntervalMs = 5000;

/** A failure that tells the reader what to do next. */
export class SetupError extends Error {
  /** @param {string} what went wrong  @param {string} next one thing to do about it */
  constructor(what, next) {
    super(what);
    this.next = next;
  }
}

export class StepReport {
  #title;
  #startedMs = performance.now();
  #lastLineMs = performance.now();

  constructor(title) {
    this.#title = title;
    if (terminal) this.#write(`\r\x1b[K  … ${title}`);
    else this.#write(`setup: ${title}\n`);
  }

  /** Shows how far the step has come. @param {string} detail */
  progress(detail) {
    const seconds = ((performance.now() - this.#startedMs) / 1000).toFixed(0);
    if (terminal) this.#write(`\r\x1b[K  … ${this.#title}: ${detail} (${seconds} s)`);
    else if (performance.now() - this.#lastLineMs >= quietIntervalMs) {
      this.#lastLineMs = performance.now();
      this.#write(`setup: ${this.#title}: ${detail} (${seconds} s)\n`);
    }
  }

  done(detail) {
    const seconds = ((performance.now() - this.#startedMs) / 1000).toFixed(1);
    if (terminal) this.#write(`\r\x1b[K  ${paint(32, '✔')} ${this.#title}${detail ? `: ${detail}` : ''} (${seconds} s)\n`);
    else this.#write(`setup: ${this.#title}: ${detail || 'done'} (${seconds} s)\n`);
  }

  failed() {
    if (terminal) this.#write(`\r\x1b[K  ${paint(31, '✘')} ${this.#title}\n`);
  }

  #write(text) {
    process.stderr.write(text);
  }
}

/**
 * Runs the steps in order; a step that is up to date costs one look and prints nothing.
 * @param {{ title: string, upToDate: () => Promise<boolean>, run: (report: StepReport) => Promise<string | void> }[]} steps
 */
export async function runSteps(steps) {
  for (const step of steps) {
    if (await step.upToDate()) continue;
    const report = new StepReport(step.title);
    try {
      report.done(await step.run(report));
    } catch (error) {
      report.failed();
      const next = error.next ?? 'mend what the lines above name, and run the same command again: what is done is kept';
      process.stderr.write(`\n${paint(31, `set-up stopped at "${step.title}"`)}\n${error.message}\n\nWhat to do next: ${next}\n`);
      if (process.env.TALKPATH_DEBUG) process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    }
  }
}
