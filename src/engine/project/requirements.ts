/**
 * What a charm's environment is made of, as its source says it: the settings of the plugin that
 * packs it, its lock, its requirements files, its pyproject.toml.
 * Source: charmcraft parts/plugins (_charm, _python, _uv, _poetry) and charm_builder.py.
 * Not modelled: building every package from source, as charmcraft does: what the registry offers
 * ready-made is taken.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Mistake } from '../model/mistake.ts';
import { libraryRequirements } from './charm-libraries.ts';
import type { CharmEntry } from './charm-entry.ts';
import { texts, type Packing, type Part } from './charmcraft-parts.ts';
import type { Markers } from './marker.ts';
import { canonicalName, requirementsOfPoetryLock } from './poetry-lock.ts';
import { readToml, requirementsOfUvLock } from './uv-lock.ts';

export type Requirements = {
  /** One each: `ops>=3`, `name @ git+https://…`. */
  readonly lines: readonly string[];
  /** Absolute paths of requirements files. */
  readonly files: readonly string[];
  readonly constraints: readonly string[];
  /**
   * False when the lines are all there is to install: they come from a lock, or the part says so.
   */
  readonly resolve: boolean;
  /** Where they were found, for people: `requirements.txt`. */
  readonly from: string;
};
export type RequirementsAsked = {
  /** The charm's folder. */
  readonly folder: string;
  readonly packing: Packing;
  readonly entries: readonly CharmEntry[];
  readonly markers: Markers;
};

const NOTHING: Requirements = { lines: [], files: [], constraints: [], resolve: true, from: '' };

function pathsOf(part: Part, folder: string, setting: string): readonly string[] {
  return texts(part.options[setting]).map((name) => {
    const file = join(folder, part.source, name);
    if (existsSync(file)) return file;
    throw new Mistake(`charmcraft.yaml: part ${part.name}: ${setting}: ${name}: not found`);
  });
}

/** The names of the packages that a requirements file asks for itself. */
function namesIn(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const names = lines.map((line) => /^\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1] ?? '');
  return names.filter((name) => name !== '').map(canonicalName);
}

function nameOf(requirement: string): string {
  return canonicalName(/^[\w.-]+/.exec(requirement)?.[0] ?? requirement);
}

/**
 * As the charm plugin does: requirements files, packages, and what the charm libraries ask for
 * beside them.
 */
function ofCharmPlugin(part: Part | null, asked: RequirementsAsked): Requirements {
  const { folder, entries } = asked;
  const named = part ? pathsOf(part, folder, 'charm-requirements') : [];
  const usual = join(folder, part?.source ?? '.', 'requirements.txt');
  const files = named.length > 0 ? named : existsSync(usual) ? [usual] : [];
  const strict = part?.options['charm-strict-dependencies'] === true;
  const known = new Set(files.flatMap(namesIn));
  const libraries = libraryRequirements(entries).filter((line) => !known.has(nameOf(line)));
  const packages = ['charm-binary-python-packages', 'charm-python-packages'].flatMap((setting) =>
    texts(part?.options[setting]),
  );
  const from = [
    ...files.map((file) => basename(file)),
    ...(packages.length > 0 ? ['charmcraft.yaml'] : []),
    ...(libraries.length > 0 ? ['its charm libraries'] : []),
  ];
  if (strict) return { ...NOTHING, files, resolve: false, from: from.join(', ') };
  return { ...NOTHING, lines: [...packages, ...libraries], files, from: from.join(', ') };
}

function ofPythonPlugin(part: Part, { folder }: RequirementsAsked): Requirements {
  const files = pathsOf(part, folder, 'python-requirements');
  const lines = texts(part.options['python-packages']);
  const from = [
    ...files.map((file) => basename(file)),
    ...(lines.length > 0 ? ['charmcraft.yaml'] : []),
  ];
  const constraints = pathsOf(part, folder, 'python-constraints');
  return { lines, files, constraints, resolve: false, from: from.join(', ') };
}

type Project = {
  readonly project?: { readonly dependencies?: unknown; readonly 'requires-python'?: unknown };
  readonly tool?: { readonly uv?: { readonly 'default-groups'?: unknown } };
};

function projectOf(folder: string): Project {
  const file = join(folder, 'pyproject.toml');
  return existsSync(file)
    ? (readToml('pyproject.toml', readFileSync(file, 'utf8')) as Project)
    : {};
}

function ofUvLock(part: Part | null, { folder, markers }: RequirementsAsked): Requirements {
  const text = readFileSync(join(folder, 'uv.lock'), 'utf8');
  const usual = projectOf(folder).tool?.uv?.['default-groups'];
  const groups = Array.isArray(usual) ? usual.map(String).filter((name) => name !== 'dev') : [];
  const lines = requirementsOfUvLock({
    folder,
    text,
    markers,
    extras: texts(part?.options['uv-extras']),
    groups: [...groups, ...texts(part?.options['uv-groups'])],
  });
  return { ...NOTHING, lines, resolve: false, from: 'uv.lock' };
}

function ofPoetryLock(part: Part | null, { folder, markers }: RequirementsAsked): Requirements {
  const [lock, pyproject] = ['poetry.lock', 'pyproject.toml'].map((name) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  });
  const lines = requirementsOfPoetryLock({
    lock: lock ?? '',
    pyproject: pyproject ?? '',
    markers,
    groups: texts(part?.options['poetry-with']),
  });
  return { ...NOTHING, lines, resolve: false, from: 'poetry.lock' };
}

function ofPyproject({ folder, entries }: RequirementsAsked): Requirements {
  const listed = projectOf(folder).project?.dependencies;
  const own = Array.isArray(listed) ? listed.map(String) : [];
  const libraries = libraryRequirements(entries).filter(
    (line) => !own.map(nameOf).includes(nameOf(line)),
  );
  return {
    ...NOTHING,
    lines: [...own, ...libraries],
    from: own.length > 0 ? 'pyproject.toml' : '',
  };
}

/** Without a part that says how: the lock first, then requirements.txt, then pyproject.toml. */
function ofWhatIsThere(asked: RequirementsAsked): Requirements {
  const has = (name: string): boolean => existsSync(join(asked.folder, name));
  if (has('uv.lock')) return ofUvLock(null, asked);
  if (has('poetry.lock')) return ofPoetryLock(null, asked);
  return has('requirements.txt') ? ofCharmPlugin(null, asked) : ofPyproject(asked);
}

/** Throws a Mistake when what the source names is missing or cannot be read. */
export function readRequirements(asked: RequirementsAsked): Requirements {
  const { main } = asked.packing;
  const folder = join(asked.folder, main?.source ?? '.');
  const at = { ...asked, folder };
  switch (main?.plugin) {
    case 'charm':
      return ofCharmPlugin(main, asked);
    case 'python':
      return ofPythonPlugin(main, asked);
    case 'uv':
      return existsSync(join(folder, 'uv.lock')) ? ofUvLock(main, at) : ofPyproject(at);
    case 'poetry':
      return existsSync(join(folder, 'poetry.lock')) ? ofPoetryLock(main, at) : ofPyproject(at);
    default:
      return ofWhatIsThere(asked);
  }
}

/** The Python versions that the project says it works with (`>=3.10,<4`), or null. */
export function requiredPython(folder: string): string | null {
  const requires = projectOf(folder).project?.['requires-python'];
  return typeof requires === 'string' ? requires : null;
}

const INCLUDE = /^\s*(?:-r|-c|--requirement|--constraint)[ =]\s*(\S+)/;

function textWithIncludes(file: string, seen: Set<string>): readonly string[] {
  if (seen.has(file) || !existsSync(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const included = text.split('\n').flatMap((line) => {
    const name = INCLUDE.exec(line)?.[1];
    return name === undefined ? [] : textWithIncludes(join(dirname(file), name), seen);
  });
  return [text, ...included];
}

/** Everything an installer would read: equal texts ask for the same environment. */
export function requirementTexts({
  lines,
  files,
  constraints,
  resolve,
}: Requirements): readonly string[] {
  const read = (all: readonly string[]): readonly string[] =>
    all.flatMap((file) => textWithIncludes(file, new Set()));
  return [String(resolve), ...lines, '\0', ...read(files), '\0', ...read(constraints)];
}
