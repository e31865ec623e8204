/** The counterparts of a charm, one per slice of State. A new one is a folder and a line here. */
import type { Counterpart } from '../model/counterpart.ts';
import { clock } from './clock/counterpart.ts';
import { juju } from './juju/counterpart.ts';
import { machine } from './machine/counterpart.ts';
import { pebble } from './pebble/counterpart.ts';
import type { SliceName, State } from './state.ts';

type Table = { readonly [Name in SliceName]: Counterpart<Name, State[Name]> };

export const WORLD: Table = { clock, juju, machine, pebble };
export const SLICES: readonly SliceName[] = ['clock', 'juju', 'machine', 'pebble'];
