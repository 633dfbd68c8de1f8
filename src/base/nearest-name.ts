import { likeness } from './edit-distance.js';

const leastLikeness = 0.5;

/** The known name that was most likely meant, undefined if none is near: for "did you mean". */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let best = leastLikeness;
  for (const candidate of known) {
    const score = likeness(name.toLowerCase(), candidate.toLowerCase());
    if (score > best) {
      best = score;
      nearest = candidate;
    }
  }
  return nearest;
}
