/** The trace's clock: it moves when someone waits, and only then. */
import type { Millis } from '../../model/request.ts';

export type ClockSlice = { readonly now: Millis };
