/**
 * A charm's workload containers, and the resources and storage they are made of.
 * Source: juju internal/charm/meta.go (parseContainers, storage and resource schemas).
 * Not modelled: `uid`, `gid` and `bases` of a container; the counts and sizes of storage are kept as written.
 */
import type { ContainerSpec } from '../model/charm.ts';
import type { JsonObject } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import { plain, type Report, type Yaml } from '../model/yaml.ts';
import { wordHint } from '../model/yaml-shape.ts';
import { byName, declared, expected, given, member, text, type Declared } from './reading.ts';

export type Parts = {
  readonly containers: Readonly<Record<string, ContainerSpec>>;
  readonly storage: Readonly<Record<string, JsonObject>>;
  readonly resources: Readonly<Record<string, JsonObject>>;
};
const TYPES = { storage: ['filesystem', 'block'], resources: ['file', 'oci-image'] };

function readTyped(
  key: keyof typeof TYPES,
  { name, yaml }: Declared,
  report: Report,
): JsonObject | undefined {
  const what = `metadata: ${key}.${name}`;
  if (yaml.kind !== 'map') return expected(report, what, { type: 'map', got: yaml });
  const found = member(yaml, 'type');
  const type = text(found, `${what}.type`, report);
  if (found === undefined && key === 'storage') {
    report(new Mistake(`${what}.type: unexpected value <nil>`, { at: yaml.at }));
  }
  if (found && type !== undefined && !TYPES[key].includes(type)) {
    const message = `${what}.type: unexpected value "${type}"`;
    report(new Mistake(message, { at: found.at, hint: wordHint(type, TYPES[key]) }));
  }
  return plain(yaml) as JsonObject;
}

function checkNamed(
  yaml: Yaml | undefined,
  known: Readonly<Record<string, JsonObject>>,
  { what, report }: { what: string; report: Report },
): void {
  if (yaml?.kind !== 'scalar' || Object.hasOwn(known, String(yaml.value))) return;
  const name = String(yaml.value);
  const names = Object.keys(known);
  const hint = names.length > 0 ? wordHint(name, names) : 'None is declared.';
  report(new Mistake(`${what} "${name}" not found`, { at: yaml.at, hint }));
}

function readMounts(
  yaml: Yaml | undefined,
  what: string,
  { storage, report }: { storage: Parts['storage']; report: Report },
): ContainerSpec['mounts'] {
  if (yaml === undefined) return [];
  if (yaml.kind !== 'list') return expected(report, what, { type: 'list', got: yaml }) ?? [];
  return yaml.items.flatMap((mount) => {
    const from = member(mount, 'storage');
    const name = text(from, `${what}.storage`, report);
    if (name === undefined) return expected(report, what, { type: 'storage', got: mount }) ?? [];
    checkNamed(from, storage, { what: `${what}: storage`, report });
    const location = text(member(mount, 'location'), `${what}.location`, report) ?? '';
    return [{ storage: name, location }];
  });
}

function readContainer(
  { name, yaml }: Declared,
  of: Pick<Parts, 'storage' | 'resources'>,
  report: Report,
): ContainerSpec | undefined {
  const what = `metadata: containers.${name}`;
  if (yaml.kind === 'scalar' && yaml.value === null) return { mounts: [] };
  if (yaml.kind !== 'map') return expected(report, what, { type: 'map', got: yaml });
  const resource = member(yaml, 'resource');
  checkNamed(resource, of.resources, { what: `${what}: referenced resource`, report });
  const mounts = { storage: of.storage, report };
  return {
    ...given('resource', text(resource, `${what}.resource`, report)),
    mounts: readMounts(member(yaml, 'mounts'), `${what}.mounts`, mounts),
  };
}

/** Containers, storage and resources of metadata. */
export function readParts(metadata: Yaml, report: Report): Parts {
  const entries = (key: string) => declared(member(metadata, key), `metadata: ${key}`, report);
  const storage = byName(entries('storage'), (entry) => readTyped('storage', entry, report));
  const resources = byName(entries('resources'), (entry) => readTyped('resources', entry, report));
  const containers = byName(entries('containers'), (entry) =>
    readContainer(entry, { storage, resources }, report),
  );
  return { containers, storage, resources };
}
