/** Loaded before a program by `node --import`: its wall clock jumps an hour ahead or back each time it is read. */
const hourMs = 3_600_000;
const RealDate = Date;
let ahead = false;

class JumpingDate extends RealDate {
  constructor(...parts: readonly unknown[]) {
    if (parts.length === 0) super(JumpingDate.now());
    else super(...(parts as [number]));
  }

  static override now(): number {
    ahead = !ahead;
    return RealDate.now() + (ahead ? hourMs : -hourMs);
  }
}

globalThis.Date = JumpingDate as DateConstructor;
