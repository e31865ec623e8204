/**
 * The files of a charm's source that a pack of it would hold, without the packages that are
 * installed for it. The uv, python and poetry plugins pack `src` and `lib`, the dump plugin all of
 * its source, the charm plugin (and a charm without charmcraft.yaml) the whole folder less what
 * .jujuignore names. Of a whole folder, tests, documentation, trees, records and what builds leave
 * behind are left out too: no charm needs them, and editing them changes nothing.
 * Source: charmcraft charm_builder.py, jujuignore.py, utils/parts.py (get_charm_copy_commands);
 * .jujuignore is read as a .gitignore, which it resembles.
 */
import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import ignore from 'ignore';
import { Mistake } from '../model/mistake.ts';
import { isPlainTarget, type CharmEntry } from './charm-entry.ts';
import { readPacking, type Packing, type Part } from './charmcraft-parts.ts';

type Ignored = (path: string) => boolean;

const NEVER = [
  '.git',
  '.svn',
  '.hg',
  '.bzr',
  '.tox',
  '.nox',
  '.venv',
  '.playbill',
  '.jujuignore',
  '.*_cache',
  '.coverage*',
  '__pycache__',
  '*.py[co]',
  '*.egg-info',
  'node_modules',
  '*.charm',
];
const NOT_OF_A_CHARM = [
  '/tests',
  '/test',
  '/unit_tests',
  '/docs',
  '/trees',
  '/records',
  '/site',
  '/build',
  '/dist',
  '/parts',
  '/stage',
  '/prime',
  '/venv',
  '/revision',
  '/spread',
  '/spread.yaml',
  '/tox.ini',
  '/noxfile.py',
  '/.github',
  '/.gitignore',
  '/.gitattributes',
  '/.vscode',
  '/.idea',
  '/*requirements*',
  '/pyproject.toml',
  '/uv.lock',
  '/poetry.lock',
  '/charmcraft.yaml',
];

function ignoring(folder: string, patterns: readonly string[]): Ignored {
  const own = join(folder, '.jujuignore');
  const rules = ignore().add([...patterns]);
  if (existsSync(own)) rules.add(readFileSync(own, 'utf8'));
  return (path) => rules.ignores(path);
}

/** Whether the link, followed to its end, stays below `root` and is there. */
function staysInside(root: string, path: string): boolean {
  try {
    const real = realpathSync(path);
    return real.startsWith(realpathSync(root) + sep);
  } catch {
    return false;
  }
}

function linkTarget(path: string): string {
  const target = readlinkSync(path);
  if (isPlainTarget(target)) return target;
  return relative(realpathSync(dirname(path)), realpathSync(path));
}

type Walk = { readonly root: string; readonly ignored: Ignored; readonly into: string };

function walk({ root, ignored, into }: Walk, below: string): readonly CharmEntry[] {
  const entries = readdirSync(join(root, below), { withFileTypes: true });
  return entries.flatMap((entry): readonly CharmEntry[] => {
    const here = posix.join(below, entry.name);
    const path = posix.join(into, here);
    const from = join(root, here);
    if (ignored(entry.isDirectory() ? `${here}/` : here)) return [];
    if (entry.isDirectory()) return walk({ root, ignored, into }, here);
    if (entry.isSymbolicLink()) {
      const bytes = (): Uint8Array => new TextEncoder().encode(linkTarget(from));
      return staysInside(root, from) ? [{ kind: 'link', path, executable: false, bytes }] : [];
    }
    if (!entry.isFile()) return [];
    const executable = (lstatSync(from).mode & 0o111) !== 0;
    return [{ kind: 'file', path, executable, bytes: () => readFileSync(from) }];
  });
}

function folderFiles(root: string, folder: string): readonly CharmEntry[] {
  if (!existsSync(join(root, folder))) return [];
  return walk({ root, ignored: ignoring(root, NEVER), into: '' }, folder);
}

function wholeFolder(source: string): readonly CharmEntry[] {
  return walk(
    { root: source, ignored: ignoring(source, [...NEVER, ...NOT_OF_A_CHARM]), into: '' },
    '',
  );
}

function filesOfPart(folder: string, part: Part): readonly CharmEntry[] {
  const source = join(folder, part.source);
  if (!existsSync(source)) {
    throw new Mistake(`charmcraft.yaml: part ${part.name}: source ${part.source}: not found`);
  }
  if (['uv', 'python', 'poetry'].includes(part.plugin)) {
    return ['src', 'lib'].flatMap((name) => folderFiles(source, name));
  }
  return wholeFolder(source);
}

function refuseUnbuilt(folder: string, { main }: Packing): void {
  if (main?.plugin !== 'reactive' || existsSync(join(folder, 'hooks'))) return;
  throw new Mistake(
    'a reactive charm is made from its layers by charm-tools, and this is a layer',
    {
      hint: 'Pack it with "charmcraft pack" and name the .charm in the tree: "charm: ../my.charm".',
    },
  );
}

/** The files and links a pack of the charm in `folder` would hold, sorted by path. */
export function packedFiles(folder: string, packing = readPacking(folder)): readonly CharmEntry[] {
  refuseUnbuilt(folder, packing);
  const parts = [...(packing.main ? [packing.main] : []), ...packing.dumps];
  const all =
    parts.length === 0 ? wholeFolder(folder) : parts.flatMap((part) => filesOfPart(folder, part));
  const byPath = new Map(all.map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
