import fc from 'fast-check';

/** How long each property is tried on new random inputs; without it, on a hundred. `npm run fuzz -- properties` sets it. */
const ms = Number(process.env.TALKPATH_PROPERTY_MS ?? 0);

const parameters = ms > 0 ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: ms } : {};

/** Throws with the smallest input that breaks the property, and the seed that leads to it. */
export function holds<Input>(property: fc.IProperty<Input>): void {
  fc.assert(property, parameters);
}

/** The same for a property that takes its time. */
export function holdsInTime<Input>(property: fc.IAsyncProperty<Input>): Promise<void> {
  return fc.assert(property, parameters);
}
