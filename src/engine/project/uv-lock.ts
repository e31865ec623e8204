/**
 * uv.lock to pinned requirements: what `uv sync --no-dev` would install for one Python on one
 * platform.
 * Source: uv's lock version 1 and charmcraft's uv plugin (`--no-install-project`, extras and groups
 * of the part).
 * Not modelled: conflicting extras, locks of several projects in one workspace.
 */
import { resolve } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { Mistake } from '../model/mistake.ts';
import { markerHolds, type Markers } from './marker.ts';

export type LockAsked = {
  /** The folder the lock is in. */
  readonly folder: string;
  readonly text: string;
  readonly markers: Markers;
  readonly extras: readonly string[];
  readonly groups: readonly string[];
};
type Dependency = {
  readonly name: string;
  readonly version?: string;
  readonly extra?: readonly string[];
  readonly marker?: string;
};
type Source = Readonly<Record<string, string | undefined>>;
type Package = {
  readonly name: string;
  readonly version?: string;
  readonly source: Source;
  readonly dependencies?: readonly Dependency[];
  readonly 'optional-dependencies'?: Readonly<Record<string, readonly Dependency[]>>;
  readonly 'dev-dependencies'?: Readonly<Record<string, readonly Dependency[]>>;
  readonly 'resolution-markers'?: readonly string[];
};
type Visit = {
  readonly asked: LockAsked;
  readonly all: readonly Package[];
  readonly seen: Set<string>;
};

export function readToml(file: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const at = { file, line: error.line, column: error.column };
    throw new Mistake(`not readable as TOML: ${error.message.split('\n')[0]}`, { at });
  }
}

function isProject({ source }: Package): boolean {
  return [source['virtual'], source['editable'], source['directory']].includes('.');
}

/**
 * The package that a dependency means: forks of one name are told apart by version or by their
 * markers.
 */
function packageOf({ asked, all }: Visit, { name, version }: Dependency): Package | undefined {
  const named = all.filter((one) => one.name === name && (version ?? one.version) === one.version);
  const fits = ({ 'resolution-markers': forks }: Package): boolean =>
    forks === undefined || forks.some((fork) => markerHolds(fork, asked.markers));
  return named.find(fits) ?? named[0];
}

function visit(at: Visit, dependencies: readonly Dependency[]): readonly Package[] {
  return dependencies.flatMap((dependency) => {
    if (!markerHolds(dependency.marker, at.asked.markers)) return [];
    const found = packageOf(at, dependency);
    if (!found)
      throw new Mistake(`uv.lock: ${dependency.name} is not locked`, { hint: 'Run "uv lock".' });
    const key = `${found.name} ${found.version}`;
    const extras = (dependency.extra ?? []).filter((extra) => !at.seen.has(`${key}[${extra}]`));
    const known = at.seen.has(key);
    for (const extra of extras) at.seen.add(`${key}[${extra}]`);
    at.seen.add(key);
    const optional = extras.flatMap((extra) => found['optional-dependencies']?.[extra] ?? []);
    const below = visit(at, [...(known ? [] : (found.dependencies ?? [])), ...optional]);
    return known || isProject(found) ? below : [found, ...below];
  });
}

function requirement({ name, version, source }: Package, folder: string): string {
  const path = source['path'] ?? source['directory'] ?? source['editable'] ?? source['virtual'];
  if (source['git'] !== undefined) {
    const [, url = '', revision] = /^([^?#]*)[^#]*(?:#(.*))?$/.exec(source['git']) ?? [];
    return `${name} @ git+${url}${revision ? `@${revision}` : ''}`;
  }
  if (source['url'] !== undefined) return `${name} @ ${source['url']}`;
  if (path !== undefined) return `${name} @ file://${resolve(folder, path)}`;
  return `${name}==${version}`;
}

/** One requirement a line, sorted. Throws a Mistake when the lock is no lock of this project. */
export function requirementsOfUvLock(asked: LockAsked): readonly string[] {
  const lock = readToml('uv.lock', asked.text) as {
    version?: number;
    package?: readonly Package[];
  };
  if (lock.version !== 1) {
    throw new Mistake(
      `uv.lock: of version ${lock.version ?? 'unknown'}, and 1 is what can be read`,
    );
  }
  const all = lock.package ?? [];
  const project = all.find(isProject);
  if (!project) throw new Mistake('uv.lock: locks no project', { hint: 'Run "uv lock".' });
  const at: Visit = { asked, all, seen: new Set([`${project.name} ${project.version}`]) };
  const wanted = [
    ...(project.dependencies ?? []),
    ...asked.extras.flatMap((extra) => project['optional-dependencies']?.[extra] ?? []),
    ...asked.groups.flatMap((group) => project['dev-dependencies']?.[group] ?? []),
  ];
  return [...new Set(visit(at, wanted).map((found) => requirement(found, asked.folder)))].sort();
}
