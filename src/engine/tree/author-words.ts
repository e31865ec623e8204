/** A state spec in the words an author writes, for showing it again: `can-connect`, not `canConnect`. */
import type { Json, JsonObject } from '../model/json.ts';

const WRITTEN: Readonly<Record<string, string>> = {
  canConnect: 'can-connect',
  leaderSettings: 'leader-settings',
  localUnit: 'local-unit',
  otherPorts: 'other-ports',
  plannedUnits: 'planned-units',
  unitState: 'unit-state',
};
/** Below these, keys are the charm's or the author's own. */
const OWN: readonly string[] = [
  'checks',
  'cloud',
  'config',
  'content',
  'data',
  'exec',
  'grants',
  'layers',
  'leaderSettings',
  'local',
  'localUnit',
  'notices',
  'otherPorts',
  'services',
  'unitState',
  'units',
];
/** The names that an author gives to several of a kind, each of which is described in words again. */
const NAMED: readonly string[] = [
  'containers',
  'networks',
  'relations',
  'resources',
  'secrets',
  'storage',
];

function happening(spec: JsonObject): JsonObject {
  switch (spec['kind']) {
    case 'container-restart':
      return { 'container-restart': spec['containers'] };
    case 'resolved':
      return { resolved: 'no-retry' };
    default:
      return { [String(spec['kind'])]: true };
  }
}

function named(spec: Json): Json {
  if (spec === null || typeof spec !== 'object' || Array.isArray(spec)) return spec;
  return Object.fromEntries(
    Object.entries(spec).map(([name, value]) => [name, authorWords(value ?? null)]),
  );
}

/** What was read of a file is not what the author wrote. */
function files(spec: Json): Json {
  const all = Object.entries(spec as JsonObject).map(([path, file]) => {
    if (file === null || typeof file !== 'object' || Array.isArray(file)) return [path, file];
    const { digest: _digest, size: _size, ...written } = file as JsonObject;
    return [path, written];
  });
  return Object.fromEntries(all) as JsonObject;
}

function isMap(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function each(all: Json, make: (one: JsonObject) => JsonObject): JsonObject {
  const entries = Object.entries(all as JsonObject).map(([name, one = null]) => [
    name,
    isMap(one) ? make(one) : one,
  ]);
  return Object.fromEntries(entries) as JsonObject;
}

function units(spec: Json): JsonObject {
  return each(spec, ({ pidFile, ...words }) => ({
    ...words,
    ...(pidFile === undefined ? {} : { 'pid-file': pidFile }),
  }));
}

/** A package or a snap, whose files and services are written as the machine's own. */
function serving({ units: own, services, files: brought, ...rest }: JsonObject): JsonObject {
  return {
    ...rest,
    ...(own === undefined ? {} : { units: units(own) }),
    ...(services === undefined ? {} : { services: units(services) }),
    ...(brought === undefined ? {} : { files: files(brought) }),
  };
}

/** Units are told as they are written, files without what was read of them. */
function machine(spec: JsonObject): JsonObject {
  const { units: own, files: laid, packages, snaps, given: _given, ...rest } = spec;
  return {
    ...rest,
    ...(own === undefined ? {} : { units: units(own) }),
    ...(laid === undefined ? {} : { files: files(laid) }),
    ...(packages === undefined ? {} : { packages: each(packages, serving) }),
    ...(snaps === undefined ? {} : { snaps: each(snaps, serving) }),
  };
}

function word(key: string, value: Json): JsonObject {
  if (key === 'machine') return { machine: machine(value as JsonObject) };
  if (key === 'base') return {};
  if (key === 'files') return { files: files(value) };
  if (key === 'happens') return happening(value as JsonObject);
  if (OWN.includes(key)) return { [WRITTEN[key] ?? key]: value };
  return { [WRITTEN[key] ?? key]: NAMED.includes(key) ? named(value) : authorWords(value) };
}

export function authorWords(spec: Json): Json {
  if (Array.isArray(spec)) return spec.map(authorWords);
  if (spec === null || typeof spec !== 'object') return spec;
  const words = Object.entries(spec).map(([key, value]) => word(key, value ?? null));
  return Object.assign({}, ...words) as JsonObject;
}
