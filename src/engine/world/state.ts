/** State is a table of slices, one per counterpart. Plain data: it is JSON as it stands, file contents aside. */
import type { ClockSlice } from './clock/slice.ts';
import type { JujuSlice } from './juju/slice.ts';
import type { MachineSlice } from './machine/slice.ts';
import type { PebbleSlice } from './pebble/slice.ts';

export type State = {
  readonly clock: ClockSlice;
  readonly juju: JujuSlice;
  readonly machine: MachineSlice;
  readonly pebble: PebbleSlice;
};
export type SliceName = keyof State;
