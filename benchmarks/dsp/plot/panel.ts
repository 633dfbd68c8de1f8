import { fadedInk, gridInk, line, text } from './svg.js';

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly label?: string;
  readonly logarithmic?: boolean;
  readonly unit?: string;
}

/** A rectangle with two axes: where a value lies, and its frame. */
export class Panel {
  constructor(
    readonly x: number,
    readonly y: number,
    readonly width: number,
    readonly height: number,
    readonly across: Axis,
    readonly up: Axis,
  ) {}

  at(valueAcross: number, valueUp: number): [number, number] {
    return [this.x + share(this.across, valueAcross) * this.width, this.y + (1 - share(this.up, valueUp)) * this.height];
  }

  /** Grid, ticks and labels; the numbers only where asked for, as small panels share them. */
  frame({ title = '', bold = false, numbersAcross = true, numbersUp = true } = {}): string[] {
    const { x, y, width, height, across, up } = this;
    const parts: string[] = [];
    for (const tick of up.ticks) {
      const [, at] = this.at(across.from, tick);
      parts.push(line(x, at, x + width, at));
      if (numbersUp) parts.push(text(x - 9, at + 4, `${tick}${up.unit ?? ''}`.replace('-', '−'), { size: 11, anchor: 'end', fill: fadedInk }));
    }
    for (const tick of across.ticks) {
      const [at] = this.at(tick, up.from);
      parts.push(line(at, y, at, y + height));
      if (numbersAcross)
        parts.push(text(at, y + height + 16, `${tick}${across.unit ?? ''}`.replace('-', '−'), { size: 11, anchor: 'middle', fill: fadedInk }));
    }
    parts.push(line(x, y + height, x + width, y + height, fadedInk), line(x, y, x, y + height, gridInk));
    if (title) parts.push(text(x, y - 7, title, { size: 12, bold }));
    if (across.label && numbersAcross) parts.push(text(x + width / 2, y + height + 34, across.label, { size: 12, anchor: 'middle', fill: fadedInk }));
    if (up.label && numbersUp) parts.push(text(x - 48, y + height / 2, up.label, { size: 12, anchor: 'middle', fill: fadedInk, turned: true }));
    return parts;
  }
}

function share({ from, to, logarithmic }: Axis, value: number): number {
  const limited = Math.max(Math.min(from, to), Math.min(Math.max(from, to), value));
  return logarithmic ? Math.log(limited / from) / Math.log(to / from) : (limited - from) / (to - from);
}
