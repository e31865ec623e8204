/** States, events and steps of the Kubernetes fixture: two containers with files, layers and services. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import { plainEvent } from './arbitrary-events.ts';
import { MODEL, storedStates, type Drawn } from './arbitrary-machine.ts';
import { plainRelation, type DrawnRelation } from './arbitrary-relations.ts';
import type { Step } from './arbitrary-script.ts';
import { anyStatus, status, text } from './arbitrary-values.ts';

export const CONTAINERS = ['web', 'worker'];
const SERVICES = ['alpha', 'beta', 'gamma'];
const LABELS = ['base', 'extra'];

const service = fc.record(
  {
    override: fc.constantFrom('replace', 'merge'),
    command: fc.constantFrom('/bin/alpha', '/bin/beta --loud'),
    startup: fc.constantFrom('enabled', 'disabled'),
    summary: fc.constantFrom('one', 'two words'),
    environment: fc.constantFrom({ A: '1' }, { A: '2', B: 'x y' }),
  },
  { requiredKeys: ['override', 'command'], noNullPrototype: true },
);

/** A label has services of its own, so that no two layers of a plan speak of one service. */
function layerOf(label: string): Arbitrary<JsonObject> {
  const names = label === 'base' ? SERVICES.slice(0, 2) : SERVICES.slice(2);
  return fc
    .dictionary(fc.constantFrom(...names), service, { minKeys: 1, noNullPrototype: true })
    .map((services) => ({ services: services as unknown as JsonObject }));
}

type Mounted = { readonly location: string; readonly entries: readonly JsonObject[] };
const mounts: Arbitrary<readonly Mounted[]> = fc
  .record({ etc: fc.option(text), data: fc.option(text) })
  .map(({ etc, data }) => [
    ...(etc === null ? [] : [dirMount('/etc/app', 'app.conf', etc)]),
    ...(data === null ? [] : [dirMount('/srv', 'below/data.txt', data)]),
  ]);

function dirMount(location: string, path: string, content: string): Mounted {
  const folders = path.includes('/')
    ? [{ path: path.split('/')[0] ?? '', type: 'dir', mode: '0755' }]
    : [];
  return { location, entries: [...folders, { path, type: 'file', mode: '0644', text: content }] };
}

function mountJson(container: string, { location, entries }: Mounted): JsonObject {
  const source = { _type: 'Source', path: `/given/${container}${location}`, kind: 'dir', entries };
  return { _type: 'Mount', location, source };
}

function container(name: string): Arbitrary<JsonObject> {
  return fc
    .record({
      up: fc.constantFrom(true, true, true, false),
      layer: fc.option(layerOf('base')),
      running: fc.boolean(),
      mounts,
    })
    .map(({ up, layer, running, mounts }) => {
      const services = Object.keys((layer?.['services'] as JsonObject | undefined) ?? {});
      const statuses = running && up ? services.slice(0, 1) : [];
      return {
        _type: 'Container',
        name,
        can_connect: up,
        _base_plan: {},
        layers: layer === null ? {} : { base: { _type: 'Layer', value: layer } },
        service_statuses: Object.fromEntries(
          statuses.map((one) => [one, { _enum: 'ServiceStatus', value: 'active' }]),
        ),
        mounts: Object.fromEntries(
          mounts.map((mount, at) => [`mount${at}`, mountJson(name, mount)]),
        ),
        execs: [],
        notices: [],
        check_infos: [],
      };
    });
}

const PATHS = [
  '/etc/app/app.conf',
  '/srv/below/data.txt',
  '/srv/new.txt',
  '/tmp-made/file',
  '/nowhere/at/all',
];
const path = fc.constantFrom('/etc/app', ...PATHS);

function step(name: string, ...args: readonly Arbitrary<Json>[]): Arbitrary<Step> {
  return fc
    .tuple(fc.constantFrom(...CONTAINERS), ...args)
    .map(([where, ...drawn]) => [name, where, ...drawn]);
}

function layerStep(): Arbitrary<Step> {
  return fc
    .tuple(fc.constantFrom(...CONTAINERS), fc.constantFrom(...LABELS), fc.boolean())
    .chain(([where, label, combine]) =>
      layerOf(label).map((layer) => ['add-layer', where, label, layer, combine] as const),
    );
}

export function containerSteps(): readonly Arbitrary<Step>[] {
  const services = fc.subarray([...SERVICES], { minLength: 1, maxLength: 2 });
  return [
    step('can-connect'),
    step('push', path, text, fc.boolean()),
    step('pull', path),
    step('list-files', path),
    step('exists', path),
    step('make-dir', path, fc.boolean()),
    // What is mounted is not removed: ops.testing mounts by a link.
    step('remove-path', fc.constantFrom(...PATHS), fc.boolean()),
    layerStep(),
    layerStep(),
    step('plan'),
    step('replan'),
    step('start', services),
    step('stop', services),
    step('restart', services),
    step('services'),
  ];
}

function whole(relations: readonly DrawnRelation[]): Arbitrary<Drawn> {
  return fc
    .record({
      leader: fc.boolean(),
      containers: fc.tuple(...CONTAINERS.map(container)),
      stored: storedStates('KubernetesCharm'),
      unitStatus: anyStatus,
    })
    .map(({ leader, containers, stored, unitStatus }) => ({
      app: 'kubernetes',
      unit: 0,
      leader,
      relations,
      secrets: [],
      storages: [],
      hasLicence: false,
      json: {
        _type: 'State',
        config: {},
        relations: relations.map(({ json }) => json as JsonObject),
        networks: [],
        containers,
        storages: [],
        opened_ports: [],
        leader,
        model: { ...MODEL, type: 'kubernetes' },
        secrets: [],
        resources: [],
        planned_units: 6,
        deferred: [],
        stored_states: stored,
        app_status: status('unknown', ''),
        unit_status: unitStatus,
        workload_version: '',
      },
    }));
}

export const kubernetesState: Arbitrary<Drawn> = fc
  .integer({ min: 0, max: 1 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, () => plainRelation('db', 3))))
  .chain(whole);

/** pebble-ready of a container that answers, and a custom notice of one. */
export function pebbleEvents({ json }: Drawn): readonly JsonObject[] {
  const up = (json['containers'] as readonly JsonObject[]).filter((one) => one['can_connect']);
  return up.map(({ name }) => ({
    ...plainEvent(`${String(name)}_pebble_ready`),
    kind: 'workload',
    container: String(name),
  }));
}
