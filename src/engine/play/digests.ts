/** Digests of states and of a node's inputs. A slice that did not change is not hashed again. */
import { stableText } from '../model/json.ts';
import { packed } from '../world/pebble/image.ts';
import type { PebbleSlice } from '../world/pebble/slice.ts';
import type { SliceName, State } from '../world/state.ts';

/** `sha256:…` of bytes; handed in, since only host rooms have a hash. */
export type Digest = (bytes: Uint8Array) => string;

const encoder = new TextEncoder();
const known = new WeakMap<object, string>();

export function digestOfValue(value: unknown, digest: Digest): string {
  return digest(encoder.encode(stableText(value)));
}

function digestOfSlice(slice: object, digest: Digest): string {
  const found = known.get(slice) ?? digestOfValue(slice, digest);
  known.set(slice, found);
  return found;
}

const kept = new WeakMap<PebbleSlice, PebbleSlice>();

/** What an image's folder brought goes by its digest. */
function own(state: State, name: SliceName): object {
  if (name !== 'pebble') return state[name];
  const found = kept.get(state.pebble) ?? packed(state.pebble);
  kept.set(state.pebble, found);
  return found;
}

/** Of the whole state, times and counters included: what a dispatch may depend on. */
export function digestOfState(state: State, digest: Digest): string {
  const slices: readonly SliceName[] = ['clock', 'juju', 'machine', 'pebble'];
  return digestOfValue(
    Object.fromEntries(slices.map((name) => [name, digestOfSlice(own(state, name), digest)])),
    digest,
  );
}
