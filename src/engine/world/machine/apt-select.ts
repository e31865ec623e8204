/**
 * What the words after an operation of apt-get name: packages, versions, releases, patterns, files, and what is to go.
 * Source: apt-get(8); refusals recorded from apt 2.6.1.
 * Not modelled: tasks (`name^`), patterns of apt-patterns(7), the contents of a .deb file: the tree says what is in it.
 */
import {
  candidateOf,
  ARCHIVE,
  CODENAMES,
  offeredNames,
  offersOf,
  packageOf,
  presentOf,
} from './package-base.ts';
import { providersOf } from './package-plan.ts';
import type { Package } from './package-slice.ts';
import { release } from './program.ts';
import type { MachineSlice } from './slice.ts';

export type Selected = {
  readonly install: readonly (readonly [string, Package])[];
  readonly remove: readonly string[];
  /** Lines of stdout that tell of a choice. */
  readonly out: string;
};
export type Refused =
  { readonly out: string; readonly err: string } | { readonly unsupported: string };
type One = Selected | Refused;

const ABSENT =
  'This may mean that the package is missing, has been obsoleted, or\nis only available from another source\n\n';

function refused(err: string, out = ''): Refused {
  return { out, err: `E: ${err}\n` };
}

function missing(name: string, err: string): Refused {
  const out = `Package ${name} is not available, but is referred to by another package.\n${ABSENT}`;
  return refused(err, out);
}

function chosen(name: string, to: Package): Selected {
  return { install: [[name, to]], remove: [], out: '' };
}

function isKnown(slice: MachineSlice, name: string): boolean {
  return offersOf(slice, name).length > 0 || packageOf(slice, name) !== null;
}

function virtual(slice: MachineSlice, name: string): One | null {
  const all = providersOf(slice, { name });
  const [first] = all;
  if (!first) return null;
  const here = all.find(([other]) => presentOf(slice, other));
  if (all.length === 1 || here) return chosen(...(here ?? first));
  const listed = all.map(([other, { version }]) => `  ${other} ${version}\n`).join('');
  const out =
    `Package ${name} is a virtual package provided by:\n${listed}\n` +
    'You should explicitly select one to install.\n\n';
  return refused(`Package '${name}' has no installation candidate`, out);
}

function byPattern(slice: MachineSlice, word: string): readonly string[] {
  if (!/[*?.[\]+|^$]/.test(word)) return [];
  const source = /[*?]/.test(word) && !/[.^$]/.test(word) ? globSource(word) : word;
  try {
    const pattern = new RegExp(source);
    return offeredNames(slice).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

/** A glob of fnmatch as the source of a regular expression, whole. */
export function globSource(glob: string): string {
  const plain = glob.replace(/[.+^${}()|\\]/g, '\\$&');
  return `^${plain.replaceAll('*', '.*').replaceAll('?', '.')}$`;
}

function versioned(slice: MachineSlice, name: string, version: string): One {
  const pattern = new RegExp(globSource(version));
  const here = presentOf(slice, name);
  const offered = [...offersOf(slice, name), ...(here ? [here] : [])];
  const found = offered.find((one) => pattern.test(one.version));
  if (found) return chosen(name, found);
  return missing(name, `Version '${version}' for '${name}' was not found`);
}

function released(slice: MachineSlice, name: string, suite: string): One {
  const code = CODENAMES[release(slice)];
  const suites = [code, `${code}-updates`, `${code}-security`, `${code}-backports`, 'now'];
  const [latest] = offersOf(slice, name);
  const known = suites.includes(suite) || slice.lists?.some((one) => one.split(' ')[1] === suite);
  if (latest && known) return chosen(name, latest);
  return missing(name, `Release '${suite}' for '${name}' was not found`);
}

/** The package that a file of it is named after. */
export function packageOfFile(
  slice: MachineSlice,
  path: string,
): readonly [string, Package] | null {
  const file = path.split('/').at(-1) ?? '';
  const [, name = '', version] = /^([^_]+)(?:_([^_]+))?(?:_[^_]+)?\.deb$/.exec(file) ?? [];
  const said = slice.archive && Object.hasOwn(slice.archive, name) ? slice.archive[name] : [];
  const wanted = version === undefined ? undefined : decodeURIComponent(version);
  const plain = (one: Package): string => one.version.replace(/^\d+:/, '');
  const found = said?.find((one) => one.version === wanted || plain(one) === wanted) ?? said?.[0];
  return found ? [name, found] : null;
}

function fromFile(slice: MachineSlice, path: string, isThere: (path: string) => boolean): One {
  if (!isThere(path)) return refused(`Unsupported file ${path} given on commandline`);
  const found = packageOfFile(slice, path);
  if (found) return chosen(...found);
  return { unsupported: `the package in ${path}` };
}

function named(slice: MachineSlice, word: string): One | null {
  const name = word.replace(/:(?:amd64|all|any|native)$/, '');
  const candidate = candidateOf(slice, name);
  if (candidate) return chosen(name, candidate);
  const one = virtual(slice, name);
  if (one) return one;
  if (isKnown(slice, name)) {
    return missing(name, `Package '${name}' has no installation candidate`);
  }
  return null;
}

function unknown(word: string): Refused {
  const notes = [
    ...(word.includes('.') ? [`E: Couldn't find any package by glob '${word}'\n`] : []),
    ...(/[.*+?]/.test(word) ? [`E: Couldn't find any package by regex '${word}'\n`] : []),
  ];
  return { out: '', err: `E: Unable to locate package ${word}\n${notes.join('')}` };
}

function toInstall(slice: MachineSlice, word: string, isThere: (path: string) => boolean): One {
  if (word.includes('/') && /^(?:\/|\.\/|\.\.\/)/.test(word)) return fromFile(slice, word, isThere);
  const [, name = word, mark, what = ''] = /^([^=/]+)([=/])(.+)$/.exec(word) ?? [];
  if (mark !== undefined) {
    if (!isKnown(slice, name)) return unknown(name);
    return mark === '=' ? versioned(slice, name, what) : released(slice, name, what);
  }
  const exact = named(slice, word);
  if (exact) return exact;
  const sign = word.at(-1);
  if ((sign === '-' || sign === '+') && isKnown(slice, word.slice(0, -1))) {
    const plain = word.slice(0, -1);
    return sign === '-'
      ? { install: [], remove: [plain], out: '' }
      : toInstall(slice, plain, isThere);
  }
  const fitting = byPattern(slice, word);
  if (fitting.length === 0) return unknown(word);
  const install = fitting.map((one) => [one, offersOf(slice, one)[0] as Package] as const);
  return { install, remove: [], out: '' };
}

export function selectedToInstall(
  slice: MachineSlice,
  words: readonly string[],
  isThere: (path: string) => boolean,
): One {
  const all = words.map((word) => toInstall(slice, word, isThere));
  return joined(all);
}

function joined(all: readonly One[]): One {
  const unsupported = all.find((one) => 'unsupported' in one);
  if (unsupported) return unsupported;
  const wrong = all.filter((one): one is { out: string; err: string } => 'err' in one);
  if (wrong.length > 0) {
    return {
      out: wrong.map(({ out }) => out).join(''),
      err: wrong.map(({ err }) => err).join(''),
    };
  }
  const good = all as readonly Selected[];
  return {
    install: good.flatMap(({ install }) => install),
    remove: good.flatMap(({ remove }) => remove),
    out: good.map(({ out }) => out).join(''),
  };
}

function toRemove(slice: MachineSlice, word: string, purge: boolean): One {
  const [, first = word, version] = /^([^=]+)=(.+)$/.exec(word) ?? [];
  const name = first.replace(/:(?:amd64|all|any|native)$/, '');
  if (version !== undefined && isKnown(slice, name)) {
    const one = versioned(slice, name, version);
    if ('err' in one) return one;
  }
  const plus = name.endsWith('+') && isKnown(slice, name.slice(0, -1));
  if (plus) return toInstall(slice, name.slice(0, -1), () => false);
  const fitting = isKnown(slice, name) ? [name] : byPattern(slice, name);
  if (fitting.length === 0) return unknown(word);
  const gone = (one: string): boolean =>
    purge ? packageOf(slice, one) !== null : presentOf(slice, one) !== null;
  const notes = fitting
    .filter((one) => !gone(one))
    .map((one) => `Package '${one}' is not installed, so not removed\n`);
  return { install: [], remove: fitting.filter(gone), out: notes.join('') };
}

export function selectedToRemove(
  slice: MachineSlice,
  words: readonly string[],
  purge: boolean,
): One {
  return joined(words.map((word) => toRemove(slice, word, purge)));
}

/** The addresses of the base's own sources. */
export function ownSources(slice: MachineSlice): readonly string[] {
  const code = CODENAMES[release(slice)];
  return [
    ...['', '-updates', '-backports'].map((pocket) => `${ARCHIVE} ${code}${pocket}`),
    `http://security.ubuntu.com/ubuntu ${code}-security`,
  ];
}
