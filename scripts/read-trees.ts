/**
 * The project's trees, each with its charm, all read and checked before anything is played. Mistakes of all files
 * are reported together. A project without trees gets a start-up tree made from its charm's metadata.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCharm } from '../src/engine/charm/read-charm.ts';
import { Mistake, Mistakes, type Position } from '../src/engine/model/mistake.ts';
import type { Project } from '../src/engine/project/find-project.ts';
import { findCharm, readCharmSource } from '../src/engine/project/read-charm-fs.ts';
import { checkAgainst } from '../src/engine/tree/check-against.ts';
import type { Definition } from '../src/engine/tree/definition.ts';
import { parseTree } from '../src/engine/tree/parse-tree.ts';
import type { OwnLibrary } from '../src/engine/tree/reading.ts';
import { starterTree } from '../src/engine/tree/starter-tree.ts';
import { HOOK_COMMANDS } from '../src/engine/world/juju/table.ts';
import { MACHINE_COMMANDS } from '../src/engine/world/machine/counterpart.ts';
import { ownLibrary } from './read-library.ts';
import { readUpgrades, type FoundCharm, type Upgrades } from './read-upgrades.ts';

/** A charm and the trees that play it, in order of their files. */
export type CharmOfTrees = FoundCharm & { readonly trees: readonly TreeOfCharm[] };
/** A tree with the charms it upgrades to. */
export type TreeOfCharm = { readonly tree: Definition; readonly upgrades: Upgrades };

/** What a fault may be about: the programs whose calls are seen. */
const COMMANDS = [...Object.keys(HOOK_COMMANDS), ...MACHINE_COMMANDS];

function readTree(project: Project, own: OwnLibrary, file: string): Definition {
  const text = readFileSync(join(project.root, file), 'utf8');
  const name = basename(file).replace(/\.ya?ml$/, '');
  return parseTree(
    { file, text, name },
    { own, charm: (tree) => charmOf(project, { file, ...tree }).charm },
  );
}

/** What a tree says of its charm, and where mistakes about it are told. */
type Named = { readonly file: string; readonly at: Position; readonly charm?: string };

function named({ file, root, charm }: Definition): Named {
  return { file, at: root.at, ...(charm === undefined ? {} : { charm }) };
}

function charmOf(project: Project, tree: Named | null): FoundCharm {
  const place = findCharm({
    root: project.root,
    ...(tree === null ? {} : { treeFile: tree.file, at: tree.at }),
    ...(tree?.charm === undefined ? {} : { charm: tree.charm }),
  });
  return { path: place.path, shown: place.shown, charm: readCharm(readCharmSource(place)) };
}

/** Runs each, keeps what it gives, and throws every mistake of all of them at the end. */
async function gather<From, To>(
  from: readonly From[],
  make: (one: From) => Promise<To>,
): Promise<readonly To[]> {
  const mistakes: Mistake[] = [];
  const made: To[] = [];
  for (const one of from) {
    try {
      made.push(await make(one));
    } catch (error) {
      if (error instanceof Mistakes) mistakes.push(...error.all);
      else if (error instanceof Mistake) mistakes.push(error);
      else throw error;
    }
  }
  if (mistakes.length > 0) throw new Mistakes(mistakes);
  return made;
}

async function checked(
  project: Project,
  own: OwnLibrary,
  file: string,
): Promise<FoundCharm & TreeOfCharm> {
  const tree = readTree(project, own, file);
  const found = charmOf(project, named(tree));
  const upgrades = await readUpgrades({ project, tree, charm: found.path });
  const charms = Object.entries(upgrades).map(([to, { charm }]) => [to, charm] as const);
  const against = { upgrades: Object.fromEntries(charms), commands: COMMANDS };
  const mistakes = checkAgainst(tree, found.charm, against);
  if (mistakes.length > 0) throw new Mistakes(mistakes);
  return { ...found, tree, upgrades };
}

function refuseEqualNames(trees: readonly Definition[]): void {
  for (const [at, tree] of trees.entries()) {
    const twin = trees.slice(0, at).find(({ name }) => name === tree.name);
    if (!twin) continue;
    throw new Mistake(`${tree.file} and ${twin.file} are both the tree ${tree.name}`, {
      at: tree.root.at,
      hint: 'rename one of the files: a tree is named after its file',
    });
  }
}

/** Every charm of the project with its trees. Throws Mistakes. */
export async function readTrees(project: Project): Promise<readonly CharmOfTrees[]> {
  if (project.treeFiles.length === 0) {
    const found = charmOf(project, null);
    const tree = starterTree(found.charm, `${found.shown}/charmcraft.yaml`);
    return [{ ...found, trees: [{ tree, upgrades: {} }] }];
  }
  const own = ownLibrary(project);
  const all = await gather(project.treeFiles, (file) => checked(project, own, file));
  refuseEqualNames(all.map(({ tree }) => tree));
  const paths = [...new Set(all.map(({ path }) => path))];
  return paths.flatMap((path) => {
    const mine = all.filter((one) => one.path === path);
    const [first] = mine;
    if (!first) return [];
    const trees = mine.map(({ tree, upgrades }) => ({ tree, upgrades }));
    return [{ charm: first.charm, path, shown: first.shown, trees }];
  });
}
