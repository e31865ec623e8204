/** The nearest valid word to a mistyped one, for messages: `did you mean "install"?`. */
import { closest, distance } from 'fastest-levenshtein';

/** The closest candidate, or undefined when nothing is near enough to be what was meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const found = closest(word, [...candidates]);
  return distance(word, found) <= Math.max(2, Math.floor(word.length / 3)) ? found : undefined;
}
