/** Everybody on the other side of a relation whom the library knows. */
import type { Responder } from './responder.ts';

export const RESPONDERS: readonly Responder[] = [];
