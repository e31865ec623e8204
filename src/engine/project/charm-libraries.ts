/**
 * Charm libraries below `lib/charms`: what they say they need, and those that are imported without
 * being there.
 * Source: charmcraft utils/charmlibs.py (PYDEPS, paths), commands fetch-lib and fetch-libs.
 * Not modelled: imports made while the charm runs, or tried and caught: only those at a line's
 * start count.
 */
import type { CharmEntry } from './charm-entry.ts';
import type { Packing } from './charmcraft-parts.ts';
import { Mistake, Mistakes } from '../model/mistake.ts';

const LIBRARY = /^lib\/charms\/[a-z0-9_]+\/v\d+\/[a-z0-9_]+\.py$/;
/** To the end of the line, or to the closing parenthesis. */
const LISTED = String.raw`[ \t]+import[ \t]+(?:\(([^)]*)\)|([^(#\n]+))`;
const IMPORT = new RegExp(
  String.raw`^(?:from|import)[ \t]+charms\.([a-z0-9_]+)\.(v\d+)(?:\.([a-z0-9_]+)|${LISTED})`,
  'gm',
);
/** Docstrings show imports of their own. */
const BLOCK_TEXT = /("""|''')[\s\S]*?\1/g;
const COMMENT = /#[^\n]*/g;
const PYDEPS = /^PYDEPS\b[^=\n]*=\s*\[/m;
/** What a list of texts is made of: a comment, a text, or its end. */
const PIECE = /#[^\n]*|"([^"\\\n]*)"|'([^'\\\n]*)'|(\])/g;

function textOf(entry: CharmEntry): string {
  return Buffer.from(entry.bytes()).toString('utf8');
}

/** The texts of the module's `PYDEPS = [...]`. */
function pydeps(text: string): readonly string[] {
  const start = PYDEPS.exec(text);
  if (!start) return [];
  const found: string[] = [];
  for (const [, double, single, end] of text.slice(start.index + start[0].length).matchAll(PIECE)) {
    if (end !== undefined) break;
    const requirement = double ?? single;
    if (requirement) found.push(requirement);
  }
  return found;
}

/** The Python packages that the libraries in `lib/` ask for, sorted, each once. */
export function libraryRequirements(entries: readonly CharmEntry[]): readonly string[] {
  const libraries = entries.filter(({ path, kind }) => kind === 'file' && LIBRARY.test(path));
  return [...new Set(libraries.flatMap((entry) => pydeps(textOf(entry))))].sort();
}

/**
 * `charms.data_platform_libs.v0.data_interfaces` for each import of a charm library in the text.
 */
function imported(text: string): readonly string[] {
  return [...text.replace(BLOCK_TEXT, '').matchAll(IMPORT)].flatMap(
    ([, charm, version, library, listed = '', onLine = '']) => {
      const list = (listed || onLine).replace(COMMENT, '');
      const names = library === undefined ? list.split(',') : [library];
      return names
        .map((name) => /^\s*([a-z0-9_]+)/.exec(name)?.[1])
        .filter((name) => name !== undefined)
        .map((name) => `charms.${charm}.${version}.${name}`);
    },
  );
}

function commandFor(name: string, { libraries }: Packing): string {
  const [, charm, version, library] = name.split('.');
  const plain = (text = ''): string => text.replaceAll('-', '_');
  const listed = libraries.some(
    (one) =>
      plain(one.lib) === `${charm}.${library}` && `v${one.version.split('.')[0]}` === version,
  );
  return listed ? 'charmcraft fetch-libs' : `charmcraft fetch-lib ${name}`;
}

/**
 * Throws Mistakes, one for each library that the charm imports and `lib/` does not have, with the
 * command that gets it.
 */
export function checkLibraries(entries: readonly CharmEntry[], packing: Packing): void {
  const paths = new Set(entries.map(({ path }) => path));
  const here = (name: string): boolean => {
    const path = `lib/${name.replaceAll('.', '/')}`;
    return paths.has(`${path}.py`) || paths.has(`${path}/__init__.py`);
  };
  const python = entries.filter(
    ({ path, kind }) => kind === 'file' && /^(src|lib)\/.*\.py$/.test(path),
  );
  const firstBy = new Map<string, string>();
  for (const entry of python) {
    for (const name of imported(textOf(entry))) {
      if (!here(name) && !firstBy.has(name)) firstBy.set(name, entry.path);
    }
  }
  const mistakes = [...firstBy].sort().map(
    ([name, path]) =>
      new Mistake(`${path} imports ${name}, which is not in lib/`, {
        hint: `Fetch it: ${commandFor(name, packing)}`,
      }),
  );
  if (mistakes.length > 0) throw new Mistakes(mistakes);
}
