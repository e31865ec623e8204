/** Checks of a container along a trace: as they stand when an event begins, and as time passes while a charm waits. */
import { describe, expect, it } from 'vitest';
import { evaluateTree, type Evaluated } from '../../src/engine/play/evaluate-tree.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { using } from './chain.ts';
import { ON_KUBERNETES } from './laid.ts';
import type { Script } from './scripted-stage.ts';

const ROOT =
  '{stage: started, containers: {app: {can-connect: true, layers: {image: {checks: ' +
  '{up: {override: replace, period: 5s, tcp: {port: 80}}}}}}}}';
const DOWN = 'delta: {containers: {app: {checks: {up: down}}}}';
const UP = 'delta: {containers: {app: {checks: {up: up}}}}';

type Seen = { readonly status: string; readonly failures?: number; readonly successes: number };

/** Plays the steps; what the charm saw of the check whenever it looked. */
async function lived(
  steps: string,
  sleeps: readonly number[] = [],
): Promise<{ nodes: readonly Evaluated[]; seen: readonly (readonly Seen[])[] }> {
  const seen: Seen[][] = [];
  const script: Script = ({ get, sleep }) => {
    const looked: Seen[] = [];
    seen.push(looked);
    const look = (): void => {
      const { result } = JSON.parse(get('app', '/v1/checks?names=up').out) as { result: Seen[] };
      looked.push(...result);
    };
    look();
    for (const seconds of sleeps) {
      sleep(seconds);
      look();
    }
    return 0;
  };
  const tree = parseTree({ file: 't.yaml', text: `root: ${ROOT}\nsteps: [${steps}]`, name: 't' });
  const { given } = using(script);
  const nodes = await Array.fromAsync(evaluateTree(tree, { ...given, charm: ON_KUBERNETES }));
  expect(nodes.map(({ record }) => record.outcome.kind)).not.toContain('inconsistent');
  return { nodes, seen };
}

const statuses = (seen: readonly (readonly Seen[])[]) =>
  seen.map((looked) => looked.map(({ status }) => status).join(' '));

describe('the check of an event', () => {
  it('is down when it has failed, and up when it has recovered', async () => {
    const { seen } = await lived(
      `${DOWN}, app-pebble-check-failed, ${UP}, app-pebble-check-recovered, update-status`,
    );
    expect(statuses(seen)).toEqual(['down', 'up', 'up']);
    expect(seen[0]![0]).toMatchObject({ failures: 3 });
  });
});

describe('a charm that waits', () => {
  it('sees the check as it stood, and then as time has it', async () => {
    const { seen } = await lived('update-status', [4, 2, 60]);
    expect(seen[0]!.map(({ successes }) => successes)).toEqual([0, 0, 1, 13]);
  });

  it('for an hour of a check that is down sees it down, and the next event does too', async () => {
    const { seen } = await lived(`${DOWN}, update-status, config-changed`, [3600]);
    expect(seen.map((looked) => looked.map(({ failures }) => failures))).toEqual([
      [3, 723],
      [723, 1443],
    ]);
  });
});

describe('an event that does not touch checks', () => {
  it('changes nothing in the container, whether the charm waits or not', async () => {
    for (const sleeps of [[], [3600]]) {
      const { nodes } = await lived('start, update-status, config-changed', sleeps);
      expect(nodes.slice(2).map(({ record }) => record.changed.pebble ?? [])).toEqual([[], []]);
      expect(
        nodes[2]!.record.entries.flatMap((entry) => ('effects' in entry ? entry.effects : [])),
      ).toEqual([]);
    }
  });

  it('has a delta that tells a check down as what it is: what it finds, and where it stands', async () => {
    const { nodes } = await lived(`${DOWN}, update-status`);
    const [delta] = nodes[1]!.record.deltas;
    const paths = delta!.changed.pebble!.map(({ path }) => path.join('/'));
    expect(paths).toEqual(['containers/app/checkFindings', 'containers/app/checks/up']);
  });
});
