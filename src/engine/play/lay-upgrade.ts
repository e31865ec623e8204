/**
 * An upgrade as Juju does it before upgrade-charm runs: the charm's files are replaced, what it wrote itself stays, and
 * the application has what the next charm declares.
 * Source: juju internal/worker/uniter/charm/manifest_deployer.go (removeDiff, ExpandTo), state/application.go
 * (changeCharmOps: FilterSettings, extraPeerRelations, upgradeStorageOps); on Kubernetes the pod is made anew.
 * Not modelled: new revisions of resources, which images and files an operator gives with the upgrade.
 */
import { produce, type Draft } from 'immer';
import { fitsType } from '../charm/config.ts';
import type { Change, Changes } from '../files/tree.ts';
import type { Charm } from '../model/charm.ts';
import type { Problem } from '../model/outcome.ts';
import type { JujuSlice } from '../world/juju/slice.ts';
import { asImage, emptyContainer } from '../world/pebble/container.ts';
import type { State } from '../world/state.ts';
import { missingStorage, newStorage } from './lay-belongings.ts';
import { churnPod } from './lay-happening.ts';
import { addRelation, isPeer } from './lay-relations.ts';

type Slice = Draft<JujuSlice>;
/** A charm and every path it brings into its directory. */
export type Shipped = { readonly charm: Charm; readonly shipped?: readonly string[] };

function above(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...paths].flatMap(above));
}

/** A folder that the charm before brought, and in which the charm wrote something that stays. */
function folder(modified: number): Change {
  return { kind: 'dir', mode: 0o755, user: 'root', group: 'root', modified };
}

/** What stays of the charm's own changes: nothing at paths that either charm ships, nor below a file that one ships. */
function keptChanges(
  changes: Changes,
  from: ReadonlySet<string>,
  to: ReadonlySet<string>,
): Changes {
  const [oldFolders, newFolders] = [foldersOf(from), foldersOf(to)];
  const ships = (path: string): boolean => from.has(path) || to.has(path);
  const own = Object.entries(changes).filter(
    ([path, change]) =>
      change.kind !== 'removed' &&
      !ships(path) &&
      !oldFolders.has(path) &&
      !newFolders.has(path) &&
      !above(path).some(ships),
  );
  const kept: Record<string, Change> = {};
  for (const [path, change] of own) {
    for (const parent of above(path)) {
      if (oldFolders.has(parent) && !newFolders.has(parent)) {
        kept[parent] ??= changes[parent] ?? folder('modified' in change ? change.modified : 0);
      }
    }
    kept[path] = change;
  }
  return kept;
}

function replaceFiles(machine: State['machine'], from: Shipped, to: Shipped): State['machine'] {
  const [old, next] = [new Set(from.shipped), new Set(to.shipped)];
  const charmDir = keptChanges(machine.charmDir, old, next);
  const databases = Object.fromEntries(
    Object.entries(machine.databases).filter(([path]) => Object.hasOwn(charmDir, path)),
  );
  return { ...machine, charmDir, databases };
}

/** Options that the next charm does not take, or not with this value, are set back. */
function filterConfig(slice: Slice, { config }: Charm): void {
  for (const [name, value] of Object.entries(slice.config)) {
    const option = config[name];
    if (!option || !fitsType(value, option.type)) delete slice.config[name];
  }
}

function addWhatIsNew(slice: Slice, charm: Charm): void {
  const related = Object.values(slice.relations).map(({ endpoint }) => endpoint);
  const peers = Object.keys(charm.endpoints).filter((name) => isPeer(charm, name));
  for (const endpoint of peers.sort()) {
    if (!related.includes(endpoint)) addRelation(slice, endpoint, slice.app);
  }
  for (const id of missingStorage(charm, slice.storages)) {
    slice.storages[id] = newStorage(charm, id, false);
  }
}

function dropBindings(slice: Slice, charm: Charm): void {
  const bindings = [...Object.keys(charm.endpoints), ...charm.extraBindings, 'juju-info'];
  for (const name of Object.keys(slice.networks)) {
    if (!bindings.includes(name)) delete slice.networks[name];
  }
}

/** What the operator gave, under the names that the next charm has for it. */
function renameResources(slice: Slice, charm: Charm): void {
  for (const [name, resource] of Object.entries(slice.resources)) {
    const declared = charm.resources[name];
    if (!declared) delete slice.resources[name];
    else if (resource.kind === 'file') resource.filename = String(declared['filename'] ?? name);
  }
}

/** The containers that the next charm declares, those of before with what their images bring. */
function swapContainers(state: State, charm: Charm): State {
  const { now } = state.clock;
  const containers = Object.keys(charm.containers).map((name) => {
    const known = state.pebble.containers[name];
    return [name, known ?? asImage(emptyContainer({ name, now }))] as const;
  });
  return { ...state, pebble: { ...state.pebble, containers: Object.fromEntries(containers) } };
}

/** The state in which upgrade-charm finds the unit. */
export function layUpgrade(state: State, from: Shipped, to: Shipped): State {
  const { charm } = to;
  const juju = produce(state.juju, (slice) => {
    filterConfig(slice, charm);
    dropBindings(slice, charm);
    renameResources(slice, charm);
    addWhatIsNew(slice, charm);
  });
  const machine = replaceFiles(state.machine, from, to);
  const swapped = swapContainers({ ...state, juju, machine }, charm);
  return juju.model.type === 'kubernetes' ? churnPod(swapped) : swapped;
}

/**
 * What Juju refuses the upgrade for in this state.
 * Source: juju state/application.go (checkRelationsOps), state/storage.go (upgradeStorageOps)
 */
export function upgradeProblems({ juju }: State, charm: Charm): readonly Problem[] {
  const cannot = `cannot upgrade application ${JSON.stringify(juju.app)}`;
  const relations = Object.values(juju.relations)
    .filter(({ endpoint }) => !Object.hasOwn(charm.endpoints, endpoint))
    .map(({ endpoint, app }) => ({
      message: `${cannot}: would break relation "${juju.app}:${endpoint} ${app}:${endpoint}"`,
      about: endpoint,
      rule: 'upgrade-keeps-relations',
      hint: `end the relation first: ${endpoint}-relation-broken`,
    }));
  const names = new Set(Object.keys(juju.storages).map((id) => id.split('/')[0] ?? id));
  const storage = [...names]
    .filter((name) => !Object.hasOwn(charm.storage, name))
    .map((name) => ({
      message: `${cannot}: in-use storage "${name}" removed`,
      about: name,
      rule: 'upgrade-keeps-storage',
      hint: `detach the storage first: ${name}-storage-detaching`,
    }));
  return [...relations, ...storage];
}
