/** States of the library. A root may use them by name; as a step each is a delta. */
import type { Json, JsonObject } from '../model/json.ts';
import { delta, sorted, type LibraryEntry, type Scene } from './library-entry.ts';
import { LIBRARY_ROOTS } from './library.ts';

function containers({ charm }: Scene, canConnect: boolean): JsonObject {
  const all = sorted(charm.containers).map((name) => [name, { 'can-connect': canConnect }]);
  return { containers: Object.fromEntries(all) as JsonObject };
}

/** Endpoints that another application can be on the other side of. */
export function outward({ charm }: Pick<Scene, 'charm'>): readonly string[] {
  return sorted(charm.endpoints).filter((name) => charm.endpoints[name]?.role !== 'peers');
}

function related(scene: Scene): JsonObject {
  const all = outward(scene);
  const relations = all.map((name) => [name, { app: scene.others(name), units: { 0: {} } }]);
  const answering = all.filter(scene.answers);
  return {
    relations: Object.fromEntries(relations) as JsonObject,
    ...(answering.length > 0 ? { respond: [...answering] } : {}),
  };
}

function isEmpty(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const STATES: Readonly<Record<string, (scene: Scene) => JsonObject>> = {
  leader: () => ({ leader: true }),
  containers: (scene) => containers(scene, false),
  'containers-ready': (scene) => containers(scene, true),
  related,
};

/** `empty` is a root only: over another state it would change nothing. */
export const NODES: readonly LibraryEntry[] = Object.entries(STATES).map(([name, state]) => ({
  name,
  about: LIBRARY_ROOTS[name] ?? '',
  kind: 'node',
  dynamic: name !== 'leader',
  parameters: {},
  steps: (_values, scene) => {
    const said = state(scene);
    const empty = Object.values(said).every((value) => isEmpty(value));
    return empty ? [] : [delta(said)];
  },
}));
