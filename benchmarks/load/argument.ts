/** The number at a place of the command line, or `fallback` where there is none. Ends the program for anything else. */
export function numberAt(place: number, name: string, most: number, fallback: number): number {
  const text = process.argv[1 + place];
  if (text === undefined) return fallback;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  process.stderr.write(`Expected integer between 1 and ${most} for ${name} but received ${JSON.stringify(text)}\n`);
  process.exit(2);
}

export const mostCalls = 10_000;
export const daySeconds = 86_400;
