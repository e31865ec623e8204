/** What comes of looking for what an event is about: the event, or why there is none. */
import type { Event } from '../model/event.ts';
import type { Problem } from '../model/outcome.ts';

export function isProblem(found: Event | Problem): found is Problem {
  return 'message' in found;
}
