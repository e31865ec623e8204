/** Every event that Juju could deliver from a state: which there are, their order, what stands for what. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { evaluateTree, type Evaluated } from '../../src/engine/play/evaluate-tree.ts';
import { Mistake, mistakeText } from '../../src/engine/model/mistake.ts';
import { checkAgainst } from '../../src/engine/tree/check-against.ts';
import { mapDeltas } from '../../src/engine/tree/map-deltas.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import type { Using } from '../../src/engine/play/using.ts';
import { offeredEvents } from '../../src/engine/play/offers.ts';
import { resolveEvent } from '../../src/engine/play/resolve.ts';
import { consistencyProblems } from '../../src/engine/world/consistency.ts';
import { charmOf, tree } from '../tree/outline.ts';
import { play, using } from './chain.ts';
import { rooted } from './laid.ts';
import type { Script } from './scripted-stage.ts';

const AT = { file: 't.yaml', line: 3, column: 3 };
const CHARM = charmOf(`
  requires: {db: {interface: unheard-of}}, peers: {replicas: {interface: p}}, containers: {app: {}, side: {}},
  storage: {data: {type: filesystem}}, actions: {backup: {}, restore: {params: {id: {type: integer}}, required: [id]}}`);
const VM = charmOf('requires: {db: {interface: unheard-of}}');

/** Ids below the tree's name, with what stands for each; in tree order. */
async function fanned(
  steps: string,
  { root = '{use: leader, stage: started}', charm = CHARM, script = () => 0 }: Setting = {},
) {
  const definition = tree(steps, { root, charm });
  const { given, jobs, store } = using(script);
  const nodes = await play(definition, { ...given, charm } satisfies Using);
  const lines = nodes.slice(1).map(({ record }) => {
    const same = record.sameAs === undefined ? '' : ` = ${record.sameAs.slice(2)}`;
    return `${record.id.slice(2)}${same}`;
  });
  return { lines, nodes, jobs, store };
}
type Setting = { readonly root?: string; readonly charm?: Charm; readonly script?: Script };

const edges = (root: string, charm: Charm = CHARM) =>
  offeredEvents(rooted(root, charm), charm, AT).map(({ edge }) => edge);

describe('a fan-out', () => {
  it('is every event that Juju could deliver, in a branch of its own, and the trunk goes on from before', async () => {
    const { lines } = await fanned('- update-status: {as: up}\n- fan-out\n- config-changed');
    expect(lines.map((line) => line.replace(/ = .*/, ''))).toEqual([
      'up',
      'up/fan-out/start',
      'up/fan-out/stop',
      'up/fan-out/config-changed',
      'up/fan-out/update-status',
      'up/fan-out/upgrade-charm',
      'up/fan-out/data-storage-detaching',
      'up/fan-out/backup',
      'up/fan-out/restore',
      'up/config-changed',
    ]);
  });

  it('of a unit that has just been placed on a machine is its first hook', async () => {
    const { lines } = await fanned('- fan-out: {depth: 3}', { root: '{stage: new}', charm: VM });
    expect(lines).toEqual([
      'fan-out/install',
      'fan-out/install/remove',
      'fan-out/install/config-changed',
      'fan-out/install/config-changed/start',
      'fan-out/install/upgrade-charm',
      'fan-out/install/upgrade-charm/config-changed = fan-out/install/config-changed',
      'fan-out/install/leader-settings-changed = fan-out/install',
      'fan-out/install/pre-series-upgrade',
      'fan-out/install/pre-series-upgrade/post-series-upgrade = fan-out/install',
    ]);
  });

  it('leaves a trace for every choice, with the states between', async () => {
    const { nodes } = await fanned('- fan-out: {depth: 2, only: [config-changed, stop]}', {
      charm: VM,
    });
    const parents = nodes.map(({ record }) => [record.id, record.parent]);
    expect(parents).toContainEqual(['t/fan-out/stop', 't']);
    expect(
      nodes.every(({ record }) => record.parent === null || record.branch[0] === 'fan-out'),
    ).toBe(true);
  });

  it('may leave out events, by name, pattern or kind', async () => {
    const wanted = async (options: string) =>
      (await fanned(`- fan-out: ${options}`)).lines.map((line) => line.split(' ')[0]?.slice(8));
    expect(await wanted('{only: actions}')).toEqual(['backup', 'restore']);
    expect(await wanted('{only: [storage, backup]}')).toEqual(['data-storage-detaching', 'backup']);
    expect(await wanted("{except: ['*-*', lifecycle]}")).toEqual(['backup', 'restore']);
    expect(await wanted("{only: ['st*']}")).toEqual(['start', 'stop']);
  });

  it('lays the deltas before it for each of its first events', async () => {
    const steps =
      '- delta: {relations: {db: {app: pg, units: {0: {}}}}}\n- fan-out: {depth: 2, only: [relations]}';
    const { lines, nodes } = await fanned(steps);
    expect(lines.map((line) => line.replace(/ = .*/, ''))).toEqual([
      'fan-out/db-relation-created',
      'fan-out/db-relation-created/db-relation-joined',
      'fan-out/db-relation-created/db-relation-broken',
    ]);
    expect(nodes.map(({ record }) => record.deltas.length)).toEqual([0, 1, 0, 0]);
  });

  it('has the deltas before it checked against the charm, as any other', () => {
    const steps = '- delta: {config: {nothing: 1}, secrets: {s: {}}}\n- fan-out';
    const wrong = checkAgainst(tree(steps, { charm: CHARM }), CHARM).map(mistakeText);
    expect(wrong).toEqual([
      't.yaml:3:20: the charm web has no config option "nothing"\n  It has no config option at all.',
    ]);
  });

  it('has the deltas before it read as any other', () => {
    const before = tree('- install\n- delta: {resources: {a: {file: x}}}\n- fan-out', {
      charm: CHARM,
    });
    const read = mapDeltas(before, (delta) => ({ ...delta, about: 'read' }));
    expect(read.fans?.[0]?.deltas.map(({ about }) => about)).toEqual(['read']);
    expect(mapDeltas(tree('- install'), (delta) => delta)).not.toHaveProperty('fans');
  });

  it('may have a name, which its ids have', async () => {
    const { lines } = await fanned('- fan-out: {name: next, only: backup}');
    expect(lines).toEqual(['next/backup']);
  });

  it('has nothing below a node that was not played', async () => {
    const { lines } = await fanned('- install\n- fan-out');
    expect(lines).toEqual(['install']);
  });

  it('goes on after a hook that failed with its retry and with actions', async () => {
    const script: Script = ({ job }) => (job.path === 'hooks/stop' ? 1 : 0);
    const { lines, nodes } = await fanned(
      '- fan-out: {depth: 2, only: [stop, retry, backup], merge: false}',
      { script },
    );
    expect(lines).toContain('fan-out/stop/retry');
    expect(lines).toContain('fan-out/stop/backup');
    expect(
      nodes.find(({ record }) => record.id === 't/fan-out/stop/retry')?.record.outcome.kind,
    ).toBe('failed');
  });

  it('plays nothing that the store has', async () => {
    const first = await fanned('- fan-out: {depth: 2}');
    expect(first.jobs.length).toBe(first.nodes.length - 1);
    const { given, jobs } = using(() => 0, first.store);
    await play(
      tree('- fan-out: {depth: 2}', { root: '{use: leader, stage: started}', charm: CHARM }),
      {
        ...given,
        charm: CHARM,
      },
    );
    expect(jobs).toEqual([]);
  });

  it('has no ids that are too long', async () => {
    const as = `a${'-long'.repeat(36)}`;
    await expect(fanned(`- update-status: {as: ${as}}\n- fan-out`)).rejects.toThrow(
      'characters, more than 200: t/',
    );
  });

  it('that is larger than it may be is a mistake, at its place', async () => {
    const promise = fanned('- fan-out: {depth: 3, most: 20, merge: false}');
    await expect(promise).rejects.toThrow(Mistake);
    await expect(promise).rejects.toMatchObject({
      message: 'fan-out: more than 20 nodes',
      at: { file: 't.yaml', line: 3 },
    });
  });
});

describe('states that are equal by meaning', () => {
  it('are followed once: the first in tree order stands for them', async () => {
    const script: Script = ({ job, command }) => {
      if (job.path === 'hooks/config-changed') command('status-set', 'active', 'configured');
      return 0;
    };
    const { lines } = await fanned(
      '- update-status: {as: up}\n- fan-out: {depth: 2, only: [config-changed, update-status, upgrade-charm]}',
      {
        script,
        charm: VM,
      },
    );
    expect(lines).toEqual([
      'up',
      'up/fan-out/config-changed',
      'up/fan-out/config-changed/config-changed = up/fan-out/config-changed',
      'up/fan-out/config-changed/update-status = up/fan-out/config-changed',
      'up/fan-out/config-changed/upgrade-charm',
      'up/fan-out/update-status = up',
      'up/fan-out/upgrade-charm',
      'up/fan-out/upgrade-charm/config-changed = up/fan-out/config-changed',
    ]);
  });

  it('may be followed each', async () => {
    const one = await fanned('- fan-out: {depth: 3, only: [update-status], merge: false}', {
      charm: VM,
    });
    expect(one.lines).toEqual([
      'fan-out/update-status',
      'fan-out/update-status/update-status',
      'fan-out/update-status/update-status/update-status',
    ]);
  });

  it('are stood for only by one that was followed as far', async () => {
    const { nodes } = await fanned('- fan-out: {depth: 3}');
    const depth = (id: string) => id.split('/').length;
    const ids = nodes.map(({ record }) => record.id);
    let merged = 0;
    for (const { record } of nodes) {
      if (record.sameAs === undefined) continue;
      merged += 1;
      expect(ids.indexOf(record.sameAs)).toBeLessThan(ids.indexOf(record.id));
      expect(record.sameAs === 't' || depth(record.sameAs) <= depth(record.id)).toBe(true);
      expect(ids.some((id) => id.startsWith(`${record.id}/`))).toBe(false);
    }
    expect(merged).toBeGreaterThan(10);
  });

  it('lose nothing: merged or not, the same states are come to', async () => {
    const steps = (merge: boolean) => `- fan-out: {depth: 3, merge: ${merge}, except: [actions]}`;
    const states = async (merge: boolean) => {
      const { nodes } = await fanned(steps(merge), { charm: VM });
      return new Set(nodes.map(({ state }) => JSON.stringify({ ...state.juju, action: null })));
    };
    expect(await states(true)).toEqual(await states(false));
  });
});

describe('the events that a state offers', () => {
  it('are about what is there: relations, their units, and the application’s own databag', () => {
    const root = `{stage: started, leader: true, relations: {db: [{app: pg, data: {a: b}, units: {0: {}, 1: {}}},
      {app: my, units: {0: {}}}]}}`;
    expect(edges(root).filter((edge) => edge.startsWith('db'))).toEqual([
      'db-relation-changed-pg-0',
      'db-relation-changed-pg-1',
      'db-relation-changed-pg-application',
      'db-relation-departed-pg-0',
      'db-relation-departed-pg-1',
      'db-relation-changed-my-0',
      'db-relation-departed-my-0',
    ]);
  });

  it('go by the event alone where one is the only one of its name', () => {
    const root =
      '{stage: started, relations: {db: {app: pg, units: {0: {}}}, replicas: {units: {1: {}}}}}';
    expect(edges(root).filter((edge) => edge.includes('relation'))).toEqual([
      'db-relation-changed',
      'db-relation-departed',
      'replicas-relation-changed',
      'replicas-relation-departed',
    ]);
  });

  it('are of containers whose Pebble answers, their notices and checks', () => {
    const layer = '{checks: {up: {override: replace, tcp: {port: 1}}}}';
    const root = `{stage: started, containers: {app: {can-connect: true, notices: {example.com/a: {}, example.com/b: {}},
      layers: {l: ${layer}}}}}`;
    expect(edges(root).filter((edge) => edge.includes('pebble'))).toEqual([
      'app-pebble-ready',
      'app-pebble-custom-notice-example-com-a',
      'app-pebble-custom-notice-example-com-b',
      'app-pebble-check-recovered',
    ]);
  });

  it('are of secrets, those among them that only time brings', () => {
    const root =
      '{use: leader, stage: started, secrets: {mine: {rotate: daily, label: key}, other: {}}}';
    expect(edges(root).filter((edge) => edge.startsWith('secret'))).toEqual(['secret-rotate']);
  });

  it('are of storage by instance', () => {
    const many = charmOf(
      'storage: {disk: {type: filesystem, location: /srv/d, multiple: {range: 2}}}',
    );
    expect(edges('{stage: started}', many).filter((edge) => edge.includes('disk'))).toEqual([
      'disk-storage-detaching-0',
      'disk-storage-detaching-1',
    ]);
  });

  const ROOTS = [
    '{stage: new}',
    '{stage: started, leader: true}',
    'leader',
    '{stage: stopped}',
    '{relations: {db: [{app: pg, data: {a: b}, units: {0: {}}}, {app: my}]}}',
    '{stage: started, containers: {app: {can-connect: true, notices: {a.b/c: {}}}}, secrets: {s: {rotate: daily}}}',
    '{use: leader, stage: started, secrets: {s: {owner: pg, content: {key: value}}}}',
  ];

  it.each(ROOTS)(
    'of %s are what their author would write, and consistency has nothing against them',
    (root) => {
      const state = rooted(root, CHARM);
      const offered = offeredEvents(state, CHARM, AT);
      expect(offered.length).toBeGreaterThan(0);
      expect(new Set(offered.map(({ edge }) => edge)).size).toBe(offered.length);
      for (const { event, spec } of offered) {
        expect(resolveEvent(spec, state, CHARM)).toEqual({ event });
        expect(consistencyProblems(state, event, CHARM)).toEqual([]);
      }
    },
  );
});

describe('a large tree', () => {
  it('needs no more memory for its States: those are forgotten that nothing grows from', async () => {
    const steps = Array.from(
      { length: 300 },
      (_, at) => `- update-status: {name: u${at}, as: n${at}}`,
    );
    const definition = tree(steps.join('\n'), { root: '{stage: started}', charm: VM });
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const seen: WeakRef<Evaluated>[] = [];
    let alive = 0;
    for await (const evaluated of evaluateTree(definition, {
      ...using(() => 0).given,
      charm: VM,
    })) {
      seen.push(new WeakRef(evaluated));
      if (seen.length !== 300) continue;
      await new Promise((resolve) => setTimeout(resolve, 1));
      collect();
      alive = seen.filter((one) => one.deref() !== undefined).length;
    }
    expect(seen).toHaveLength(301);
    expect(alive).toBeGreaterThan(0);
    expect(alive).toBeLessThan(20);
  });
});
