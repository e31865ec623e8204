/** Records of two invented charms, realistic in shape and hostile in text: what the site is tested with. */
import type { Change } from '../../src/engine/files/tree.ts';
import type { Event } from '../../src/engine/model/event.ts';
import { FORMAT } from '../../src/engine/record/format.ts';
import { newUnit } from '../../src/engine/world/juju/new-unit.ts';
import type { JujuSlice, StatusName } from '../../src/engine/world/juju/slice.ts';
import type { State } from '../../src/engine/world/state.ts';
import { boardTree } from './sample-board.ts';
import { AT, atOnce, command, log, onCommit, sequence } from './sample-entries.ts';
import type { Sample } from './sample-store.ts';
import { blobStore, TreeSample } from './sample-store.ts';

/** Text that tries to leave wherever it is shown. */
export const HOSTILE =
  '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1"> "] --> x; click x "javascript:pwned" \u001b[31mred\u001b[0m\u001b]0;title\u0007 \u202Egnp.exe';

export function rootState(app: string, type: 'kubernetes' | 'machine'): State {
  return {
    clock: { now: AT },
    juju: {
      ...newUnit({
        version: '3.6.14',
        model: { name: 'demo', uuid: '6f6d3a7e-0000-4000-8000-000000000001', type },
        app,
        unit: 0,
        now: AT,
      }),
      leader: true,
      unitStatus: { status: 'waiting', message: 'installing agent', since: AT },
      network: { address: '10.1.0.10', cidr: '10.1.0.0/24', hostname: `${app}-0` },
    },
    machine: { cpus: 2, memoryMiB: 4096, charmDir: {}, folders: {}, databases: {} },
    pebble: { containers: {} },
  };
}

export function withJuju(state: State, juju: Partial<JujuSlice>): State {
  return {
    ...state,
    juju: { ...state.juju, agentStatus: { status: 'idle', message: '' }, ...juju },
  };
}

export function withStatus(state: State, status: StatusName, message: string): State {
  return withJuju(state, { unitStatus: { status, message, since: state.clock.now } });
}

export const lifecycle = (
  name: 'install' | 'start' | 'config-changed' | 'stop' | 'remove' | 'update-status',
): Event => ({
  kind: 'lifecycle',
  name,
});
export const STATUS_EFFECT = [atOnce('unitStatus', 'status'), atOnce('unitStatus', 'message')];

const SECRETS: State['juju']['secrets'] = {
  d0aaaaaaaaaaaaaaaaaa: {
    owner: { kind: 'application', name: 'pennant' },
    label: 'dye',
    description: '',
    rotate: 'monthly',
    nextRotate: null,
    revisions: {
      1: { content: { colour: 'red' }, expire: null },
      2: { content: { colour: HOSTILE }, expire: null },
    },
    grants: { pole: 'halyard:1' },
    readable: true,
    tracked: 1,
    readerLabel: '',
    announced: [],
  },
};
const COINS: Change = {
  kind: 'file',
  mode: 0o644,
  user: 'root',
  group: 'root',
  modified: 0,
  digest: `sha256:${'0'.repeat(64)}`,
  size: 3,
};
const STORAGES: State['juju']['storages'] = {
  'chest/0': { kind: 'filesystem', location: '/srv/chest', attached: true },
};

function pennantTree(): TreeSample {
  const tree = new TreeSample(
    {
      name: 'pennant-life',
      title: 'Life of a pennant',
      charm: 'pennant',
      file: 'trees/pennant-life.yaml',
      about: 'From install to removal, with a colour that does not exist.',
    },
    rootState('pennant', 'machine'),
  );
  const install = tree.add('pennant-life', {
    edge: 'install',
    event: lifecycle('install'),
    golden: true,
    state: (state) => withStatus(state, 'maintenance', 'stitching'),
    entries: sequence(
      log('INFO', 'hoisting'),
      command(['status-set', 'maintenance', 'stitching'], {}, STATUS_EFFECT),
    ),
  });
  const config = tree.add(install, {
    edge: 'config-changed',
    event: lifecycle('config-changed'),
    golden: true,
    id: 'pennant-life/flying',
    title: 'The pennant flies',
    about: 'The default colour is known, so the unit is active.',
    state: (state) =>
      withJuju(withStatus(state, 'active', 'flying red'), {
        ports: { '8080/tcp': [] },
        workloadVersion: '1.2',
      }),
    entries: sequence(
      command(['config-get', 'colour'], { out: 'red\n' }),
      command(['open-port', '8080/tcp'], {}, [onCommit('ports', '8080/tcp')]),
      command(['application-version-set', '1.2'], {}, [onCommit('workloadVersion')]),
      command(['status-set', 'active', 'flying red'], {}, STATUS_EFFECT),
    ),
  });
  const bad = tree.add(config, {
    edge: 'config-changed',
    event: lifecycle('config-changed'),
    branch: ['bad colour'],
    id: 'pennant-life/flying/bad-colour/config-changed',
    delta: {
      about: 'The operator mistypes.',
      spec: { config: { colour: '"] --> x; click' } },
      state: (state) => withJuju(state, { config: { colour: '"] --> x; click' } }),
    },
    state: (state) => withStatus(state, 'blocked', HOSTILE),
    unexpected: [{ path: 'status', expected: 'active', actual: 'blocked' }],
    entries: sequence(
      log('ERROR', HOSTILE),
      log('WARNING', `line one\n${HOSTILE}\nline three`, 'stderr'),
      command(['status-set', 'blocked', HOSTILE], {}, STATUS_EFFECT),
    ),
  });
  tree.add(bad, {
    edge: 'start',
    event: lifecycle('start'),
    branch: ['bad colour'],
    outcome: {
      kind: 'timed-out',
      end: { kind: 'limit', of: 'time', allowed: '30 s' },
      reason: 'still running: sleep 1000',
    },
    state: (state) =>
      withJuju(state, { agentStatus: { status: 'error', message: 'hook failed: "start"' } }),
  });
  const failed = tree.add(config, {
    edge: 'stop',
    event: lifecycle('stop'),
    branch: ['torn'],
    id: 'pennant-life/flying/torn/stop',
    outcome: {
      kind: 'failed',
      end: { kind: 'exited', code: 3 },
      reason: `+ rm /flag\nrm: ${HOSTILE}`,
    },
    unmet: [{ what: 'hook command storage-get', rule: 'mocks:\n  storage-get: {location: /srv}' }],
    entries: sequence(
      command(['storage-get', 'location'], { code: 1, err: 'not simulated: storage-get' }),
    ),
    state: (state) =>
      withJuju(state, { agentStatus: { status: 'error', message: 'hook failed: "stop"' } }),
  });
  tree.add(failed, {
    edge: 'remove',
    event: lifecycle('remove'),
    branch: ['torn'],
    outcome: { kind: 'parent-failed', node: failed },
  });
  tree.add(config, {
    edge: 'install',
    event: lifecycle('install'),
    branch: ['twice'],
    id: 'pennant-life/flying/twice/install',
    outcome: {
      kind: 'inconsistent',
      problems: [
        {
          message: 'install was delivered already',
          rule: 'install-once',
          hint: 'Leave it out: {config-changed: }.',
        },
      ],
    },
  });
  tree.add(config, {
    edge: 'update-status',
    event: lifecycle('update-status'),
    branch: ['refused'],
    id: 'pennant-life/flying/refused/update-status',
    faults: [
      { kind: 'commit', message: HOSTILE },
      { kind: 'command', command: 'open-port', nth: 2, code: 1, stderr: 'ERROR no' },
      { kind: 'pebble', container: 'board', nth: 1 },
      { kind: 'leadership', command: 'is-leader', nth: 1 },
      { kind: 'death', command: 'juju-log', nth: 3 },
    ],
    outcome: {
      kind: 'commit-failed',
      problems: [{ message: 'cannot open 8080/tcp: conflicts with another unit' }],
    },
  });
  tree.add(config, {
    edge: 'start',
    event: lifecycle('start'),
    golden: true,
    branch: ['golden'],
    id: 'pennant-life/flying/golden/start',
    state: (state) => withStatus(state, 'active', 'flying red'),
    entries: sequence(log('DEBUG', 'nothing to do', 'stdout')),
  });
  tree.add(config, {
    edge: 'upgrade-charm',
    event: { kind: 'lifecycle', name: 'upgrade-charm' },
    branch: ['new cloth'],
    id: 'pennant-life/flying/new-cloth/upgrade-charm',
    upgrade: 'git:v2',
    irregular: [{ message: 'the unit has not started', rule: 'start-first' }],
    state: (state) => ({
      ...withJuju(state, { secrets: SECRETS, storages: STORAGES }),
      machine: { ...state.machine, folders: { '/srv/chest': { coins: COINS } } },
    }),
  });
  return tree;
}

/** A chain and a fan-out that need several charts. */
function longTree(): TreeSample {
  const tree = new TreeSample(
    { name: 'long', title: 'A long watch', charm: 'pennant', file: 'trees/long.yaml' },
    rootState('pennant', 'machine'),
  );
  let at = 'long';
  for (let step = 1; step <= 8; step += 1)
    at = tree.add(at, { edge: `watch-${step}`, event: lifecycle('update-status'), golden: true });
  for (let one = 1; one <= 42; one += 1)
    tree.add(at, {
      edge: `ending-${one}`,
      event: lifecycle('stop'),
      branch: [`ending ${one}`],
      id: `long/ending-${one}/stop`,
      state: (state) => withStatus(state, 'terminated', `ending ${one}`),
    });
  for (let branch = 1; branch <= 2; branch += 1) {
    let below = `long/watch-1`;
    for (let step = 1; step <= 3; step += 1)
      below = tree.add(below, {
        edge: `b${branch}-${step}`,
        event: lifecycle('config-changed'),
        id: `long/b${branch}/${step}`,
        branch: [`side ${branch}`],
      });
  }
  return tree;
}

export function sampleRecords(): Sample {
  const { keep, blobs } = blobStore();
  const trees = [boardTree(keep), pennantTree(), longTree()];
  return {
    index: {
      format: FORMAT,
      charms: [
        {
          name: 'notice-board',
          title: 'Notice board',
          summary: 'A board that shows notices from a database.',
          source: 'charms/notice-board',
          digest: 'sha256:1',
          environment: 'ops 3.9.0, from requirements.txt',
        },
        {
          name: 'pennant',
          title: 'Pennant',
          summary: `A flag on a machine. ${HOSTILE}`,
          source: 'charms/pennant',
          digest: 'sha256:2',
          environment: 'bash',
        },
      ],
      trees: trees.map((tree) => tree.tree()),
    },
    records: new Map(
      trees.flatMap((tree) => tree.records.map((record) => [record.id, record] as const)),
    ),
    states: new Map(trees.flatMap((tree) => [...tree.states])),
    blobs,
  };
}
