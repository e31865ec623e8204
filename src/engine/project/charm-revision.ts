/**
 * A charm's folder as it was at a revision of its git repository, beside everything else that is made for playing. What
 * is in the folder now, committed or not, does not count and is not touched.
 * Source: git read-tree and checkout-index, with an index of their own; .gitattributes count as in any checkout.
 * Not modelled: submodules, which are left empty.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Mistake, type Position } from '../model/mistake.ts';
import { nearest } from '../model/nearest.ts';
import { orList } from '../model/yaml-shape.ts';
import { makeWhole } from './atomic-write.ts';
import { hostEnvironment, runProgram, type Ran } from './run-program.ts';
import { openWorkFolder } from './work-folder.ts';

export type RevisionWanted = {
  /** Absolute: the charm's folder, or .charm. */
  readonly charm: string;
  readonly revision: string;
  readonly workFolder: string;
  readonly at?: Position;
};
type Git = (args: readonly string[], more?: { index?: string; cwd?: string }) => Promise<Ran>;

/** Nothing of the user's surroundings decides which repository is read; nothing asks for a password. */
function environment(index: string | undefined): Record<string, string | undefined> {
  const own = Object.entries(hostEnvironment()).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
  };
}

function gitIn(folder: string): Git {
  const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];
  return (args, { index, cwd = folder } = {}) =>
    runProgram('git', [...quiet, ...args], { cwd, environment: environment(index) });
}

/** What git printed, less its warnings. */
function answer({ lines }: Ran): string {
  return lines.find((line) => !/^(warning|hint):/.test(line)) ?? '';
}

function refuse({ revision, at }: RevisionWanted, why: string, hint: string): never {
  throw new Mistake(`git:${revision}: ${why}`, { at, hint });
}

/** The repository's folder, and the charm's folder below it: empty, or with a slash at its end. */
async function repositoryOf(wanted: RevisionWanted, git: Git) {
  const elsewhere = "Name the next charm's folder or its .charm instead.";
  const [top, prefix] = await Promise.all([
    git(['rev-parse', '--show-toplevel']),
    git(['rev-parse', '--show-prefix']),
  ]);
  if (top.code === 127) refuse(wanted, 'there is no git on this host', elsewhere);
  if (top.code !== 0) {
    const known = top.lines.some((line) => line.includes('not a git repository'));
    refuse(wanted, known ? 'the charm is in no git repository' : answer(top), elsewhere);
  }
  return { top: answer(top), prefix: answer(prefix) };
}

/** Tags first, the highest at their head. */
async function namesOf(git: Git): Promise<readonly string[]> {
  const refs = ['refs/tags', 'refs/heads', 'refs/remotes'];
  const { code, lines } = await git([
    'for-each-ref',
    '--sort=-refname',
    '--format=%(refname:short)',
    ...refs,
  ]);
  return code === 0 ? lines : [];
}

async function unknownRevision(wanted: RevisionWanted, git: Git): Promise<never> {
  const names = await namesOf(git);
  const close = nearest(wanted.revision, names);
  const shallow = answer(await git(['rev-parse', '--is-shallow-repository'])) === 'true';
  const some = names.slice(0, 5);
  const there = some.length > 0 ? ` It has ${orList(some).replace(' or ', ' and ')}.` : '';
  const hint = close ? `Did you mean "git:${close}"?` : `Name a tag, a branch or a commit.${there}`;
  const more = shallow
    ? ' The clone is shallow: "git fetch --unshallow --tags" brings the rest.'
    : '';
  return refuse(wanted, 'the repository has no such revision', `${hint}${more}`);
}

async function resolved(git: Git, what: string): Promise<string | null> {
  const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', what]);
  const hash = found.lines.find((line) => /^[0-9a-f]{40,64}$/.test(line));
  return found.code === 0 && hash !== undefined ? hash : null;
}

async function checkOut(
  wanted: RevisionWanted,
  { tree, top, git }: { tree: string; top: string; git: Git },
  folder: string,
): Promise<void> {
  const index = `${folder}.index`;
  const steps = [
    ['read-tree', tree],
    ['checkout-index', '--all', '--force', `--prefix=${folder}/`],
  ];
  for (const step of steps) {
    const ran = await git(['-c', 'core.sparseCheckout=false', ...step], { index, cwd: top });
    if (ran.code !== 0) {
      const why = `it cannot be checked out: ${ran.lines.at(-1) ?? `git ended with ${ran.code}`}`;
      refuse(wanted, why, 'Check it out yourself, and name that folder.');
    }
  }
}

/** The folder that has the charm of that revision. Throws a Mistake when there is none. */
export async function charmOfRevision(wanted: RevisionWanted): Promise<string> {
  const { charm, revision } = wanted;
  if (statSync(charm).isFile()) {
    refuse(wanted, 'a packed charm has no revisions', 'Name a folder or a .charm.');
  }
  const git = gitIn(charm);
  const { top, prefix } = await repositoryOf(wanted, git);
  const commit = await resolved(git, `${revision}^{commit}`);
  if (commit === null) return unknownRevision(wanted, git);
  const tree = await resolved(git, `${commit}:${prefix}`);
  if (tree === null) {
    refuse(wanted, `there was no folder ${prefix} at that revision`, 'Name a later one.');
  }
  const name = `${commit.slice(0, 16)}-${createHash('sha256').update(prefix).digest('hex').slice(0, 8)}`;
  const place = join(openWorkFolder(wanted.workFolder), 'revisions', name);
  return makeWhole(place, (folder) => checkOut(wanted, { tree, top, git }, folder));
}
