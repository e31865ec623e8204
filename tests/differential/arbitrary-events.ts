/** Events of every kind that Juju could deliver to a state. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { JsonObject } from '../../src/engine/model/json.ts';
import type { Drawn } from './arbitrary-machine.ts';
import type { DrawnRelation } from './arbitrary-relations.ts';

const PLAIN = [
  'install',
  'start',
  'stop',
  'remove',
  'config_changed',
  'update_status',
  'upgrade_charm',
];

export function plainEvent(name: string): JsonObject {
  return { name, kind: 'builtin', path: name, hook: name.replaceAll('_', '-') };
}

function relationEvent(relation: DrawnRelation, phase: string, unit: number | null): JsonObject {
  const name = `${relation.endpoint}_relation_${phase}`;
  return {
    name,
    kind: 'relation',
    path: name,
    hook: name.replaceAll('_', '-'),
    endpoint: relation.endpoint,
    relation_id: relation.id,
    remote_app: relation.app,
    remote_unit_id: unit,
    departing_unit_id: null,
  };
}

function relationEvents(relation: DrawnRelation): readonly JsonObject[] {
  const { kind, units } = relation;
  const perUnit = units.flatMap((unit) =>
    ['joined', 'changed', 'departed'].map((phase) => relationEvent(relation, phase, unit)),
  );
  const broken = kind === 'PeerRelation' || units.length > 0 ? [] : ['broken'];
  return [
    ...['created', ...broken].map((phase) => relationEvent(relation, phase, null)),
    ...perUnit,
  ];
}

function secretEvents({ secrets, leader }: Drawn): readonly JsonObject[] {
  return secrets.flatMap(({ id, label, owner, latest, rotate }) => {
    const event = (name: string, revision: number | null): JsonObject => ({
      ...plainEvent(name),
      kind: 'secret',
      secret: { id, label, revision },
    });
    if (owner === null) return [event('secret_changed', null)];
    if (owner === 'app' && !leader) return [];
    const turned = rotate === null || rotate === 'never' ? [] : [event('secret_rotate', null)];
    const old = latest > 1 ? [event('secret_remove', latest - 1)] : [];
    return [...turned, ...old, event('secret_expired', latest)];
  });
}

function storageEvents({ storages }: Drawn): readonly JsonObject[] {
  return storages.flatMap((storage) =>
    ['attached', 'detaching'].map((phase) => {
      const name = `${storage.name}_storage_${phase}`;
      return { ...plainEvent(name), kind: 'storage', storage };
    }),
  );
}

/** As likely of each kind as of any other, where the state has what it is about. */
export function eventsOf(drawn: Drawn, more: readonly JsonObject[] = []): Arbitrary<JsonObject> {
  const plain = [...PLAIN, ...(drawn.leader ? ['leader_elected'] : [])].map(plainEvent);
  const kinds = [
    plain,
    drawn.relations.flatMap(relationEvents),
    secretEvents(drawn),
    storageEvents(drawn),
    more,
  ].filter((kind) => kind.length > 0);
  return fc.constantFrom(...kinds).chain((kind) => fc.constantFrom(...kind));
}
