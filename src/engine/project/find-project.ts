/**
 * Which project the user is in, and where its parts are. A project is a charm's repository, or this
 * one, whose trees and charms are its demo. In a charm's repository only .playbill/, records/ and
 * the output folder are written.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Mistake } from '../model/mistake.ts';

export type Project = {
  readonly root: string;
  /** Tree files, relative to the root, sorted. */
  readonly treeFiles: readonly string[];
  /** Files of the project's own library: those of the folder `library` beside the trees' own. */
  readonly libraryFiles: readonly string[];
  readonly recordsFolder: string;
  readonly workFolder: string;
  readonly isDemo: boolean;
};

const CHARM_FILES = ['charmcraft.yaml', 'metadata.yaml'];

function isDemo(folder: string): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file) || !existsSync(join(folder, 'src/content/trees'))) return false;
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'playbill';
  } catch {
    return false;
  }
}

function isProject(folder: string): boolean {
  return isDemo(folder) || CHARM_FILES.some((file) => existsSync(join(folder, file)));
}

/** The nearest folder, from `folder` upwards, that is a project. */
function nearestProject(folder: string): string | null {
  if (isProject(folder)) return folder;
  const above = dirname(folder);
  return above === folder ? null : nearestProject(above);
}

function yamlFilesIn(root: string, folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name) && statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => relative(root, join(folder, name)).split(sep).join('/'));
}

/** The project around `cwd`. `trees`: the folder given on the command line, relative to `cwd`. */
export function findProject(cwd: string, { trees }: { trees?: string } = {}): Project {
  const root = nearestProject(resolve(cwd));
  if (root === null) {
    throw new Mistake(
      'there is no charm here: neither charmcraft.yaml nor metadata.yaml, up to the root',
      {
        hint: "change to a charm's repository",
      },
    );
  }
  const demo = isDemo(root);
  const treesFolder =
    trees === undefined ? join(root, demo ? 'src/content/trees' : 'trees') : resolve(cwd, trees);
  if (trees !== undefined && !existsSync(treesFolder)) {
    throw new Mistake(`there is no folder ${trees}`, {
      hint: '--trees names the folder with tree files',
    });
  }
  return {
    root,
    treeFiles: yamlFilesIn(root, treesFolder),
    libraryFiles: yamlFilesIn(root, join(dirname(treesFolder), 'library')),
    recordsFolder: join(root, 'records'),
    workFolder: join(root, '.playbill'),
    isDemo: demo,
  };
}
