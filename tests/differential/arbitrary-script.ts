/** Scripts for the fixtures: hook commands in any order, mostly about what is there, now and then about what is not. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Json } from '../../src/engine/model/json.ts';
import type { Drawn } from './arbitrary-machine.ts';
import { secretAdd, secretSteps, tidied } from './arbitrary-secret-steps.ts';
import { databagChanges, message, port, statusName, text } from './arbitrary-values.ts';

/** [name, argument, …], as tests/differential/charms/lib/steps.py reads it. */
export type Step = readonly [string, ...Json[]];

function step(name: string, ...args: readonly Arbitrary<Json>[]): Arbitrary<Step> {
  return fc.tuple(...args).map((drawn) => [name, ...drawn]);
}

function unitSteps(): readonly Arbitrary<Step>[] {
  const option = fc.constantFrom('name', 'motto', 'count', 'ratio', 'loud', 'token', 'absent');
  return [
    step('variables'),
    step('about'),
    step('config-get', option),
    step('config-all'),
    step('is-leader'),
    step('planned-units'),
    step('version-set', fc.constantFrom('2.0', '', '7-beta')),
    step('cloud-spec'),
    step('stored', fc.constantFrom('mark', 'other'), fc.oneof(text, fc.integer())),
    step('defer'),
    step('log', fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR'), text),
  ];
}

function statusSteps(): readonly Arbitrary<Step>[] {
  return [
    step('status-set', statusName, message),
    step('status-get'),
    step('raw-status-get'),
    step('app-status-set', statusName, message),
    step('app-status-get'),
  ];
}

function portSteps(): readonly Arbitrary<Step>[] {
  return [
    port.map(([protocol, number]) => ['open-port', protocol, number] as const),
    port.map(([protocol, number]) => ['close-port', protocol, number] as const),
    step('opened-ports'),
  ];
}

/** [endpoint, id], of the state's own; one that is not there now and then. */
function target({ relations }: Drawn): Arbitrary<readonly [string, number]> {
  const known = relations.map(({ endpoint, id }) => [endpoint, id] as const);
  const absent = fc.constantFrom(['db', 99] as const, ['web', 98] as const);
  if (known.length === 0) return absent;
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: absent },
  );
}

function whose({ relations }: Drawn, id: number): Arbitrary<string> {
  const relation = relations.find((one) => one.id === id);
  const units = (relation?.units ?? []).map((unit) => `${relation?.app}/${unit}`);
  return fc.constantFrom('app', 'unit', 'remote', ...units);
}

function relationSteps(drawn: Drawn): readonly Arbitrary<Step>[] {
  const about = target(drawn);
  return [
    step('relation-ids', fc.constantFrom('db', 'web', 'cluster', 'host')),
    about.map(([endpoint, id]) => ['relation-list', endpoint, id] as const),
    about.chain(([endpoint, id]) =>
      whose(drawn, id).map((who) => ['relation-get', endpoint, id, who] as const),
    ),
    about.chain(([endpoint, id]) =>
      fc
        .tuple(fc.constantFrom('app', 'unit', 'unit', 'remote'), databagChanges)
        .map(([who, changes]) => ['relation-set', endpoint, id, who, changes] as const),
    ),
    about.map(([endpoint, id]) => ['relation-model', endpoint, id] as const),
    step('network', fc.constantFrom('db', 'web', 'cluster', 'admin', 'juju-info', 'nowhere')),
    about.map(([endpoint, id]) => ['network', endpoint, id] as const),
  ];
}

function storageSteps(): readonly Arbitrary<Step>[] {
  return [
    step('storage-list', fc.constantFrom('data', 'cache')),
    step('storage-add', fc.constantFrom('data', 'cache', 'absent'), fc.constantFrom(1, 2)),
    step('resource-get', fc.constantFrom('licence', 'absent')),
  ];
}

type Family = readonly Arbitrary<Step>[];

/** What any charm can be told to do, by what it is about. */
export function familiesFor(
  drawn: Drawn,
): Readonly<Record<'unit' | 'status' | 'port' | 'relation' | 'secret' | 'storage', Family>> {
  return {
    unit: unitSteps(),
    status: statusSteps(),
    port: portSteps(),
    relation: relationSteps(drawn),
    secret: secretSteps(drawn),
    storage: storageSteps(),
  };
}

/** Scripts of which each family is as likely as any other; some begin with a new secret, some raise at their end. */
export function scriptFor(families: readonly Family[], drawn: Drawn): Arbitrary<readonly Step[]> {
  const one = fc.oneof(...families.map((family) => fc.oneof(...family)));
  const begin = fc.oneof(fc.constant([]), fc.constant([]), fc.tuple(secretAdd));
  const end = fc.constantFrom<readonly Step[]>([], [], [], [], [], [['fail', 'on purpose']]);
  return fc
    .tuple(begin, fc.array(one, { maxLength: 8 }), end)
    .map(([before, steps, last]) => tidied([...before, ...steps, ...last], drawn));
}
