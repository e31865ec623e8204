/**
 * What is set of snaps that are there: holds, configuration, aliases, connections.
 * Source: snapd overlord/configstate, overlord/snapstate/aliasesv2.go, interfaces/repo.go.
 * Not modelled: what a snap's configure hook makes of a value; whether a plug and a slot are of one interface.
 */
import type { Draft } from 'immer';
import type { Json, JsonObject } from '../../model/json.ts';
import { CLIENT } from './package-files.ts';
import type { MachineDraw } from './program.ts';
import { keepSnap, notInstalled, snapOf, type Outcome } from './snap-life.ts';
import type { MachineSlice } from './slice.ts';
import type { InstalledSnap } from './snap-slice.ts';

function change(
  draw: MachineDraw,
  name: string,
  make: (snap: InstalledSnap) => InstalledSnap,
): Outcome {
  const snap = snapOf(draw.seen, name);
  if (!snap) return notInstalled(name);
  keepSnap(draw, name, make(snap));
  return { root: {} };
}

export function hold(draw: MachineDraw, name: string, until: string | null): Outcome {
  return change(draw, name, ({ held: _held, ...snap }) =>
    until === null ? snap : { ...snap, held: until },
  );
}

function withValue(
  config: JsonObject,
  [first = '', ...rest]: readonly string[],
  value: Json,
): JsonObject {
  const { [first]: old, ...others } = config;
  if (rest.length === 0) return value === null ? others : { ...config, [first]: value };
  const inner =
    old !== null && typeof old === 'object' && !Array.isArray(old) ? (old as JsonObject) : {};
  const made = withValue(inner, rest, value);
  return Object.keys(made).length === 0 ? others : { ...config, [first]: made };
}

/** Names of snapd's own configuration, which is there with or without snaps. */
const OWN = ['system', 'core'];

/** What is set of a snap, or of snapd; undefined where there is no such snap. */
export function configOf({ snaps = {}, snapSystem = {} }: MachineSlice, name: string) {
  if (OWN.includes(name)) return snapSystem as JsonObject;
  return Object.hasOwn(snaps, name) ? ((snaps[name]?.config ?? {}) as JsonObject) : undefined;
}

export function configure(draw: MachineDraw, name: string, values: JsonObject): Outcome {
  const before = configOf(draw.seen, name);
  if (!before) return notInstalled(name);
  const config = Object.entries(values).reduce<JsonObject>(
    (so, [key, value = null]) => withValue(so, key.split('.'), value),
    before,
  ) as Readonly<Record<string, Json>>;
  if (!OWN.includes(name)) return change(draw, name, (snap) => ({ ...snap, config }));
  draw.set((slice) => void (slice.snapSystem = config as Draft<typeof config>));
  return { root: {} };
}

export function valueIn(config: JsonObject, key: string): Json | undefined {
  let at: Json | undefined = config;
  for (const part of key.split('.')) {
    if (at === null || typeof at !== 'object' || Array.isArray(at)) return undefined;
    at = Object.hasOwn(at, part) ? (at as JsonObject)[part] : undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

/** The program behind `snap.app`, by its name on PATH. */
export function programName(snap: string, app: string): string {
  return snap === app ? snap : `${snap}.${app}`;
}

export function alias(draw: MachineDraw, name: string, app: string, other: string): Outcome {
  const snap = snapOf(draw.seen, name);
  if (!snap) return notInstalled(name);
  const program = programName(name, app);
  const known = (snap.offer.commands ?? []).some(
    ({ command }) => !('like' in command) && command[0] === program,
  );
  if (!known) {
    return {
      kind: '',
      message: `cannot enable alias "${other}" for "${name}", no such app "${app}"`,
    };
  }
  keepSnap(draw, name, { ...snap, aliases: { ...snap.aliases, [other]: program } });
  return { root: { [`/snap/bin/${other}`]: { kind: 'link', target: CLIENT } } };
}

export function unalias(draw: MachineDraw, other: string): Outcome & { readonly of?: string } {
  const found = Object.entries(draw.seen.snaps ?? {}).find(([, { aliases = {} }]) =>
    Object.hasOwn(aliases, other),
  );
  if (!found) return { kind: '', message: `cannot find manual alias "${other}" in any snap` };
  const [name, snap] = found;
  const { [other]: program = '', ...aliases } = snap.aliases ?? {};
  keepSnap(draw, name, { ...snap, aliases });
  return { root: { [`/snap/bin/${other}`]: { kind: 'removed' } }, of: program };
}

export type End = { readonly snap: string; readonly name: string };

export function connect(draw: MachineDraw, plug: End, slot: End): Outcome {
  const snap = snapOf(draw.seen, plug.snap);
  if (!snap) return { kind: '', message: `snap "${plug.snap}" is not installed` };
  const { plugs } = snap.offer;
  if (plugs && !Object.hasOwn(plugs, plug.name)) {
    return { kind: '', message: `snap "${plug.snap}" has no plug named "${plug.name}"` };
  }
  const system = ['', 'system', 'core', 'snapd'].includes(slot.snap);
  if (!system && !snapOf(draw.seen, slot.snap)) {
    return { kind: '', message: `snap "${slot.snap}" is not installed` };
  }
  const target = `${system ? '' : slot.snap}:${slot.name || plug.name}`;
  keepSnap(draw, plug.snap, { ...snap, connections: { ...snap.connections, [plug.name]: target } });
  return { root: {} };
}

export function disconnect(draw: MachineDraw, plug: End, slot: End): Outcome {
  const target = `${['system', 'core', 'snapd'].includes(slot.snap) ? '' : slot.snap}:${slot.name}`;
  for (const side of [plug, slot]) {
    const named = side.snap !== '' && !['system', 'core', 'snapd'].includes(side.snap);
    if (named && !snapOf(draw.seen, side.snap)) {
      return { kind: '', message: `snap "${side.snap}" is not installed` };
    }
  }
  let gone = 0;
  for (const [name, snap] of Object.entries(draw.seen.snaps ?? {})) {
    if (plug.name !== '' && plug.snap !== name) continue;
    const all = Object.entries(snap.connections ?? {});
    const kept = all.filter(
      ([from, to]) =>
        (plug.name !== '' && from !== plug.name) || (slot.name !== '' && to !== target),
    );
    gone += all.length - kept.length;
    if (kept.length < all.length)
      keepSnap(draw, name, { ...snap, connections: Object.fromEntries(kept) });
  }
  if (gone === 0 && plug.name !== '' && slot.name !== '') {
    const message = `cannot disconnect ${plug.snap}:${plug.name} from ${slot.snap}:${slot.name}, it is not connected`;
    return { kind: '', message };
  }
  if (gone === 0) return { kind: 'interfaces-unchanged', message: 'nothing to do' };
  return { root: {} };
}
