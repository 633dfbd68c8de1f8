import type { Field } from '../peers/all.js';

export interface RunOptions {
  /** Fewer rounds and shorter signals: to see that it works, not to publish. */
  readonly quick: boolean;
  readonly field: Field;
  /** Says how far it has come. */
  readonly progress: (what: string) => void;
}

/** Something that is measured: what goes to benchmarks/results, and how it is told on a terminal. */
export interface Subject {
  readonly name: string;
  /** One line about what is measured. */
  readonly what: string;
  run(options: RunOptions): Promise<object>;
  /** Lines for a terminal. */
  tell(result: never): string[];
}

/** Pads the cells of a table so that its columns stand under each other. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '));
}
