/** Traces that deltas, upgrades and retries make, played by the rules of Juju with a script in the charm's place. */
import { describe, expect, it } from 'vitest';
import type { Charm } from '../../src/engine/model/charm.ts';
import { evaluateTree, type Evaluated } from '../../src/engine/play/evaluate-tree.ts';
import type { Using } from '../../src/engine/play/using.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { using } from './chain.ts';
import { charmOf, ON_KUBERNETES, ON_MACHINE } from './laid.ts';
import type { Script } from './scripted-stage.ts';

const fine: Script = () => 0;

/** Plays these steps; `next` is what `upgrade: next` upgrades to. */
async function lived(
  { root, steps, charm, next = charm }: { root: string; steps: string; charm: Charm; next?: Charm },
  script: Script = fine,
): Promise<readonly Evaluated[]> {
  const tree = parseTree({ file: 't.yaml', text: `root: ${root}\nsteps: [${steps}]`, name: 't' });
  const { given } = using(script);
  const upgrades: Record<string, Using> = {};
  upgrades['next'] = { ...given, charm: next, upgrades };
  return Array.fromAsync(evaluateTree(tree, { ...given, charm, upgrades }));
}

const kinds = (nodes: readonly Evaluated[]) =>
  nodes.slice(1).map(({ record }) => record.outcome.kind);
const rules = (nodes: readonly Evaluated[]) => {
  const outcome = nodes.at(-1)?.record.outcome;
  return outcome?.kind === 'inconsistent'
    ? outcome.problems.map(({ rule }) => rule)
    : outcome?.kind;
};

describe('a pod that churns', () => {
  it('starts again, and its Pebbles are ready once they answer', async () => {
    const steps =
      'stop, delta: {pod-churn: true}, start, delta: {containers: {app: {can-connect: true}}}, app-pebble-ready';
    const nodes = await lived({ root: '{stage: started}', steps, charm: ON_KUBERNETES });
    expect(kinds(nodes)).toEqual(['played', 'played', 'played']);
  });
});

describe('a machine that reboots', () => {
  it('tells a unit so by start, and by nothing before it', async () => {
    const root = '{stage: started}';
    const good = await lived({
      root,
      steps: 'delta: {reboot: true}, start, update-status',
      charm: ON_MACHINE,
    });
    expect(kinds(good)).toEqual(['played', 'played']);
    const bad = await lived({
      root,
      steps: 'delta: {reboot: true}, update-status',
      charm: ON_MACHINE,
    });
    expect(rules(bad)).toEqual(['start-after-reboot']);
  });
});

describe('storage of a unit whose past nobody declared', () => {
  it('is attached after an install that the tree plays, and may be used without', async () => {
    const steps = 'install, leader-elected, data-storage-attached, config-changed';
    const first = await lived({ root: 'leader', steps, charm: ON_KUBERNETES });
    expect(kinds(first)).toEqual(['played', 'played', 'played', 'played']);
    expect(first.at(-1)?.state.juju.storages['data/0']?.attached).toBe(true);
    const later = await lived({ root: 'leader', steps: 'config-changed', charm: ON_KUBERNETES });
    expect(later.at(-1)?.state.juju.storages['data/0']?.attached).toBe(true);
  });
});

describe('a hook that fails', () => {
  const failing: Script = ({ job }) => (job.path === 'hooks/config-changed' ? 1 : 0);

  it('is run again by retry, and holds up everything else', async () => {
    const at = { root: '{stage: started}', charm: ON_MACHINE };
    const again = await lived({ ...at, steps: 'config-changed, retry' }, failing);
    expect(kinds(again)).toEqual(['failed', 'failed']);
    const other = await lived({ ...at, steps: 'config-changed, update-status' }, failing);
    expect(kinds(other)).toEqual(['failed', 'parent-failed']);
  });

  it('counts as done once it is resolved', async () => {
    const steps = 'config-changed, delta: {resolved: no-retry}, update-status';
    const nodes = await lived({ root: '{stage: started}', steps, charm: ON_MACHINE }, failing);
    expect(kinds(nodes)).toEqual(['failed', 'played']);
  });

  it('is none where nothing failed: there is nothing to retry or to resolve', async () => {
    const at = { root: '{stage: started}', charm: ON_MACHINE };
    expect(rules(await lived({ ...at, steps: 'retry' }))).toEqual(['retry-failed-hook']);
    const resolved = await lived({ ...at, steps: 'delta: {resolved: no-retry}, update-status' });
    expect(rules(resolved)).toEqual(['resolved-failed-hook']);
  });
});

describe('an upgrade', () => {
  const next = charmOf(
    'requires: {store: pg}, peers: {replicas: p}, config: {options: {fresh: {type: boolean}}}',
  );
  const before = charmOf('requires: {db: pg}, peers: {replicas: p}, config: {options: {old: {}}}');
  const at = { root: '{stage: started, config: {old: x}}', charm: before, next };

  it('plays its hooks with the next charm, and all that comes after them', async () => {
    const steps =
      'delta: {config: {fresh: true}}, upgrade: next, delta: {relations: {store: {app: pg}}}, store-relation-created';
    const nodes = await lived({ ...at, steps });
    expect(kinds(nodes)).toEqual(['played', 'played', 'played']);
    expect(nodes.at(-1)?.state.juju.config).toEqual({ fresh: true });
    expect(nodes.at(-1)?.using.charm).toBe(next);
  });

  it('leaves a branch beside it with the charm before', async () => {
    const steps = 'branch: {up: [upgrade: next], stay: [update-status]}';
    const nodes = await lived({ ...at, steps });
    const charms = nodes.map(({ record, using: of }) => [record.id, of.charm === next]);
    expect(Object.fromEntries(charms)).toMatchObject({
      't/up/upgrade-charm': true,
      't/up/upgrade-charm/config-changed': true,
      't/stay/update-status': false,
    });
  });

  it('is refused that would break a relation, unless a delta ends it first', async () => {
    const related = { ...at, root: '{stage: started, relations: {db: {app: pg}}}' };
    expect(rules(await lived({ ...related, steps: 'upgrade: next' }))).toBe('parent-failed');
    const ended = await lived({ ...related, steps: 'delta: {relations: {db: }}, upgrade: next' });
    expect(kinds(ended)).toEqual(['played', 'played']);
  });
});
