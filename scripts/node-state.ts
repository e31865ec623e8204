/** A node's State, as the cache has it or played now: no further than that node, and no record is written. */
import { Mistake } from '../src/engine/model/mistake.ts';
import { nearest } from '../src/engine/model/nearest.ts';
import { evaluateTree, type Evaluated } from '../src/engine/play/evaluate-tree.ts';
import { findProject, type Project } from '../src/engine/project/find-project.ts';
import { openWorkFolder } from '../src/engine/project/work-folder.ts';
import {
  openSession,
  readyCharm,
  usingWithUpgrades,
  withResources,
  type PlayOptions,
  type ReadyCharm,
  type Session,
} from './play-session.ts';
import { readTrees, type CharmOfTrees, type TreeOfCharm } from './read-trees.ts';

/** `ready`: the charm that the node was played with: after an upgrade another than its tree began with. */
export type AtNode = {
  readonly project: Project;
  readonly ready: ReadyCharm;
  readonly evaluated: Evaluated;
};

function idsOf({ tree }: TreeOfCharm): readonly string[] {
  return [tree.name, ...tree.nodes.map(({ id }) => id)];
}

/** Which nodes a fan-out comes to is known when it is played. */
function isFanned({ tree }: TreeOfCharm, id: string): boolean {
  return (tree.fans ?? []).some((fan) => id.startsWith(`${fan.id}/`));
}

function treeOf(charms: readonly CharmOfTrees[], id: string) {
  for (const source of charms) {
    const of = source.trees.find((tree) => idsOf(tree).includes(id) || isFanned(tree, id));
    if (of) return { source, of };
  }
  const all = charms.flatMap(({ trees }) => trees.flatMap(idsOf));
  const near = nearest(id, all);
  throw new Mistake(`there is no node ${id}`, {
    hint: near === undefined ? 'playbill play lists nodes' : `did you mean ${near}?`,
  });
}

async function playedWith({ ready }: Session, { using }: Evaluated): Promise<ReadyCharm> {
  const all = await Promise.all(ready.values());
  const found = all.find(({ prepared }) => prepared.digest === using.inputs.charm);
  if (!found) throw new Error('a node was played with a charm that is not ready');
  return found;
}

/** Comes to the node and hands it over, with its charm's stage still to be had. */
export async function atNode<Result>(
  id: string,
  { cwd, options }: { readonly cwd: string; readonly options: PlayOptions },
  use: (at: AtNode) => Result | Promise<Result>,
): Promise<Result> {
  const project = findProject(cwd, options.trees === undefined ? {} : { trees: options.trees });
  const charms = await readTrees(project);
  openWorkFolder(project.workFolder);
  await using stages = new AsyncDisposableStack();
  const session = await openSession(project, options, stages);
  const { source, of } = treeOf(await withResources(session, charms), id);
  const note = (text: string): void => console.error(text);
  const ready = await readyCharm(session, source, note);
  const given = await usingWithUpgrades(session, { charm: ready, of }, note);
  for await (const evaluated of evaluateTree(of.tree, given)) {
    if (evaluated.record.id !== id) continue;
    return await use({ project, ready: await playedWith(session, evaluated), evaluated });
  }
  throw new Mistake(`there is no node ${id}`, {
    hint: 'the fan-out it would be of has none like it',
  });
}
