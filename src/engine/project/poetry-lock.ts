/**
 * poetry.lock to pinned requirements: the main group, and those the charmcraft part adds, for one
 * Python on one platform.
 * Source: Poetry's lock versions 1.1 to 2.1 and charmcraft's poetry plugin (`poetry export`,
 * `--no-deps`).
 * Not modelled: locks before 2.1 with several groups: there, everything reachable from the main
 * dependencies is wanted.
 */
import { readToml } from './uv-lock.ts';
import { markerHolds, type Markers } from './marker.ts';
import { satisfies } from './version-order.ts';

type Constraint =
  string | { readonly version?: string; readonly markers?: string; readonly optional?: boolean };
type Package = {
  readonly name: string;
  readonly version: string;
  readonly optional?: boolean;
  readonly category?: string;
  readonly groups?: readonly string[];
  readonly markers?: string | Readonly<Record<string, string>>;
  readonly 'python-versions'?: string;
  readonly dependencies?: Readonly<Record<string, Constraint | readonly Constraint[]>>;
  readonly source?: Readonly<Record<string, string | undefined>>;
};
export type PoetryAsked = {
  readonly lock: string;
  readonly pyproject: string;
  readonly markers: Markers;
  readonly groups: readonly string[];
};

/** Names as indexes compare them. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function table(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The names of the project's own main dependencies. */
function mainNames(pyproject: string): readonly string[] {
  const file = readToml('pyproject.toml', pyproject);
  const project = table(file['project'])['dependencies'];
  const poetry = table(table(table(file['tool'])['poetry'])['dependencies']);
  const listed = Array.isArray(project) ? project.map(String) : [];
  return [...listed.map((line) => /^[\w.-]+/.exec(line.trim())?.[0] ?? ''), ...Object.keys(poetry)]
    .filter((name) => name !== '' && name !== 'python')
    .map(canonicalName);
}

function holds(constraint: Constraint, markers: Markers): boolean {
  if (typeof constraint === 'string') return true;
  return !constraint.optional && markerHolds(constraint.markers, markers);
}

function reachable(
  all: readonly Package[],
  names: readonly string[],
  markers: Markers,
): Set<string> {
  const seen = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const found = all.filter((one) => canonicalName(one.name) === name);
    for (const [below, constraint] of found.flatMap((one) =>
      Object.entries(one.dependencies ?? {}),
    )) {
      const wanted = [constraint].flat().some((one) => holds(one as Constraint, markers));
      if (wanted) waiting.push(canonicalName(below));
    }
  }
  return seen;
}

function isFor(
  found: Package,
  { markers, groups }: PoetryAsked,
  main: ReadonlySet<string>,
): boolean {
  if (!satisfies(markers['python_version'] ?? '', plainVersions(found['python-versions'])))
    return false;
  const wanted = ['main', ...groups];
  if (found.groups === undefined) {
    return found.category === undefined
      ? main.has(canonicalName(found.name))
      : found.category === 'main';
  }
  const own = found.groups.filter((group) => wanted.includes(group));
  const { markers: marker } = found;
  return own.some((group) =>
    markerHolds(typeof marker === 'object' ? marker[group] : marker, markers),
  );
}

/** `*` and what is not in the standard's form hold for all. */
function plainVersions(versions = ''): string {
  return /^[\s\d.,*<>=!~]+$/.test(versions) && versions.trim() !== '*' ? versions : '';
}

function requirement({ name, version, source = {} }: Package): string {
  const { type, url, resolved_reference: revision } = source;
  if (type === 'git') return `${name} @ git+${url}${revision ? `@${revision}` : ''}`;
  return type === 'url' ? `${name} @ ${url}` : `${name}==${version}`;
}

/** One requirement a line, sorted. Throws a Mistake when the lock cannot be read. */
export function requirementsOfPoetryLock(asked: PoetryAsked): readonly string[] {
  const all = (readToml('poetry.lock', asked.lock)['package'] ?? []) as readonly Package[];
  const main = reachable(all, mainNames(asked.pyproject), asked.markers);
  return all
    .filter(
      (found) =>
        isFor(found, asked, main) && (!found.optional || main.has(canonicalName(found.name))),
    )
    .map(requirement)
    .sort();
}
