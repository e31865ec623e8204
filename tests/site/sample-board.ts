/** An ops charm on Kubernetes: a container, a relation, an action, a deferral, a failure. */
import type { Event } from '../../src/engine/model/event.ts';
import type { Dir, Entry } from '../../src/engine/files/tree.ts';
import { stableText } from '../../src/engine/model/json.ts';
import type { TraceEntry } from '../../src/engine/record/format.ts';
import type { Listing } from '../../src/engine/files/listing.ts';
import type { Base, Container } from '../../src/engine/world/pebble/slice.ts';
import type { State } from '../../src/engine/world/state.ts';
import { AT, command, log, onCommit, pebble, sequence, traced } from './sample-entries.ts';
import {
  HOSTILE,
  lifecycle,
  rootState,
  STATUS_EFFECT,
  withJuju,
  withStatus,
} from './sample-records.ts';
import type { Keep } from './sample-store.ts';
import { TreeSample } from './sample-store.ts';

const OWNED = { user: 'root', group: 'root', modified: AT };
const dir = (entries: Readonly<Record<string, Entry>>): Dir => ({
  kind: 'dir',
  mode: 0o755,
  ...OWNED,
  entries,
});
const LAYER = {
  summary: 'board layer',
  services: {
    board: {
      override: 'replace',
      summary: 'the board',
      command: '/bin/board --listen :8000',
      startup: 'enabled',
      environment: { BOARD_TITLE: 'hello' },
    },
  },
};
const CONFIG = '[board]\ntitle = hello\nhost = 10.1.0.99\n';
const TRACEBACK = `Traceback (most recent call last):
  File "/var/lib/juju/agents/unit-notice-board-0/charm/src/charm.py", line 61, in _on_database_broken
    self._forget(event.relation.data[event.app]["endpoints"])
KeyError: 'endpoints'`;
const relationEvent = (phase: 'created' | 'changed' | 'broken', unit?: string): Event => ({
  kind: 'relation',
  endpoint: 'database',
  phase,
  relation: 0,
  app: 'pg',
  ...(unit ? { unit } : {}),
});

function container(state: State, change: Partial<Container>): State {
  const board = state.pebble.containers['board'] as Container;
  return { ...state, pebble: { containers: { board: { ...board, ...change } } } };
}

/** An image of more files than a page lists; one of them tries to leave where it is shown. */
function image(keep: Keep): Base {
  const many = Array.from({ length: 600 }, (_, at) => `usr/lib/board/part-${at}.so`);
  const files = ['bin/board', 'etc/motd', `etc/${HOSTILE.replaceAll('/', '|')}`, ...many];
  const folders = ['', 'bin', 'etc', 'usr', 'usr/lib', 'usr/lib/board'];
  const listing: Listing = {
    ...Object.fromEntries(folders.map((path) => [path, { kind: 'dir', mode: 0o755 }])),
    ...Object.fromEntries(
      files.map((path) => [
        path,
        { kind: 'file', mode: 0o644, digest: keep(path), size: path.length },
      ]),
    ),
  };
  return { digest: keep(stableText(listing)), files: files.length, size: 81_000 };
}

function boardRoot(keep: Keep): State {
  const state = rootState('notice-board', 'kubernetes');
  const board: Container = {
    canConnect: false,
    bootId: 'b0',
    layers: [],
    services: {},
    programs: {},
    history: [],
    changes: {},
    nextChange: 1,
    nextTask: 1,
    notices: {},
    nextNotice: 1,
    checks: {},
    base: image(keep),
    root: dir({}),
    gone: {},
  };
  return { ...state, pebble: { containers: { board } } };
}

const fileOf = (digest: string, size: number): Entry => ({
  kind: 'file',
  mode: 0o644,
  ...OWNED,
  digest,
  size,
});

/** The charm writes its configuration again, has the image's greeting its way and removes two files. */
function configured(state: State, keep: Keep): State {
  const text = `${CONFIG}database = 10.1.0.99:5432\n`;
  const etc = {
    'board.ini': fileOf(keep(text), text.length),
    motd: fileOf(keep('welcome\n'), 8),
    'tls.d': dir({ 'key.der': fileOf(keep('short text'), 10) }),
    long: fileOf(keep('a line of many\n'.repeat(2000)), 30_000),
  };
  return container(state, { root: dir({ etc: dir(etc) }), gone: { 'bin/board': true } });
}

function readied(state: State, keep: Keep): State {
  const file: Entry = {
    kind: 'file',
    mode: 0o644,
    ...OWNED,
    digest: keep(CONFIG),
    size: CONFIG.length,
  };
  const odd: Entry = {
    kind: 'file',
    mode: 0o600,
    ...OWNED,
    digest: keep(`<b>${HOSTILE}</b>\n`),
    size: 200,
  };
  const stored = keep('{"count": 1}');
  const ready = container(state, {
    canConnect: true,
    layers: [{ label: 'board', layer: LAYER }],
    services: { board: { current: 'active', since: AT, running: LAYER.services.board } },
    root: dir({ etc: dir({ 'board.ini': file, 'odd "><b>.html': odd }) }),
    nextChange: 2,
  });
  return {
    ...ready,
    machine: {
      cpus: 2,
      memoryMiB: 4096,
      charmDir: {
        '.unit-state.db': { kind: 'file', mode: 0o600, ...OWNED, digest: stored, size: 12 },
      },
      folders: {},
      databases: {
        '.unit-state.db': { snapshot: [['StoredStateData[_stored]', { seen: 1 }]], notice: [] },
      },
    },
  };
}

/** More than a page has room for: every file pushed for itself. */
export function crowded(state: State, keep: Keep, count: number): State {
  const board = state.pebble.containers['board'] as Container;
  const cards = Array.from({ length: count }, (_, at) => {
    const text = `card ${at}\n`;
    return [`card-${at}.txt`, fileOf(keep(text), text.length)] as const;
  });
  const srv = dir({ cards: dir(Object.fromEntries(cards)) });
  return container(state, { root: dir({ ...board.root.entries, srv }) });
}

function pushes(count: number): readonly TraceEntry[] {
  const pushed = Array.from({ length: count }, (_, at) =>
    pebble(
      { method: 'POST', url: '/v1/files', body: `card ${at}\n` },
      { out: `{"type":"sync","status-code":200,"result":[{"path":"/srv/cards/card-${at}.txt"}]}` },
      [
        onCommit(
          'containers',
          'board',
          'root',
          'entries',
          'srv',
          'entries',
          'cards',
          'entries',
          `card-${at}.txt`,
        ),
      ],
    ),
  );
  return sequence(...pushed);
}

const CARDS = 700;
export function boardTree(keep: Keep): TreeSample {
  const tree = new TreeSample(
    {
      name: 'board-life',
      title: 'Life of a notice board',
      charm: 'notice-board',
      file: 'trees/board-life.yaml',
      about: 'The workload waits for its database; one branch loses it again.',
    },
    boardRoot(keep),
  );
  const install = tree.add('board-life', {
    edge: 'install',
    event: lifecycle('install'),
    golden: true,
    state: (state) => withStatus(state, 'maintenance', ''),
  });
  const ready = tree.add(install, {
    edge: 'board-pebble-ready',
    id: 'board-life/ready',
    event: { kind: 'pebble-ready', container: 'board' },
    golden: true,
    title: 'The workload answers',
    state: (state) => withStatus(readied(state, keep), 'waiting', 'waiting for the database'),
    entries: sequence(
      traced('emit', {
        event: 'board_pebble_ready',
        handle: 'BoardCharm/on/board_pebble_ready[1]',
      }),
      traced('observe', { event: 'board_pebble_ready', observer: 'BoardCharm._on_ready' }),
      pebble(
        { method: 'POST', url: '/v1/files', body: CONFIG },
        { out: '{"type":"sync","status-code":200,"result":[{"path":"/etc/board.ini"}]}' },
        [onCommit('containers', 'board', 'root')],
      ),
      pebble(
        {
          method: 'POST',
          url: '/v1/layers',
          body: '{"action":"add","label":"board","format":"yaml"}',
        },
        { out: '{"type":"sync","result":true}' },
        [onCommit('containers', 'board', 'layers')],
      ),
      pebble(
        { method: 'GET', url: '/v1/files?action=list&path=%2Fnope' },
        { code: 404, out: '{"type":"error","result":{"message":"not found"}}' },
      ),
      command(
        ['status-set', '--application=False', 'waiting', 'waiting for the database'],
        {},
        STATUS_EFFECT,
      ),
      traced('defer', { event: 'board_pebble_ready', observer: 'BoardCharm._on_ready' }),
      log('DEBUG', 'Deferring <BoardPebbleReadyEvent>.'),
    ),
  });
  const related = tree.add(ready, {
    edge: 'database-relation-created',
    event: relationEvent('created'),
    golden: true,
    branch: ['golden'],
    id: 'board-life/ready/golden/database-relation-created',
    delta: {
      about: 'juju integrate notice-board pg',
      spec: { relations: { database: { app: 'pg', data: { endpoints: '10.1.0.99:5432' } } } },
      state: (state) =>
        withJuju(state, {
          nextRelation: 1,
          relations: {
            'database:0': {
              id: 0,
              endpoint: 'database',
              app: 'pg',
              known: {},
              remoteModel: null,
              localApp: {},
              localUnit: { 'ingress-address': '10.1.0.10' },
              remoteApp: { endpoints: '10.1.0.99:5432' },
              units: { 'pg/0': { ready: 'true', note: HOSTILE } },
            },
          },
        }),
    },
    state: (state) =>
      withJuju(state, {
        relations: {
          'database:0': {
            ...(state.juju.relations['database:0'] as never as object),
            localApp: { database: 'notices' },
          } as never,
        },
      }),
    entries: sequence(
      traced('emit', {
        event: 'board_pebble_ready',
        handle: 'BoardCharm/on/board_pebble_ready[1]',
      }),
      command(['relation-set', '-r', 'database:0', '--app', '--file', '-'], {}, [
        onCommit('relations', 'database:0', 'localApp', 'database'),
      ]),
    ),
  });
  const changed = tree.add(related, {
    edge: 'database-relation-changed',
    event: relationEvent('changed', 'pg/0'),
    golden: true,
    branch: ['golden'],
    state: (state) => withStatus(configured(state, keep), 'active', ''),
    entries: sequence(
      command(['relation-get', '--format=json', '-r', 'database:0', '-', 'pg'], {
        out: '{"endpoints": "10.1.0.99:5432"}',
      }),
      command(['status-set', 'active', ''], {}, STATUS_EFFECT),
    ),
  });
  tree.add(changed, {
    edge: 'post',
    event: { kind: 'action', name: 'post', params: { text: 'hi' } },
    golden: true,
    branch: ['golden'],
    state: (state) =>
      withJuju(state, {
        action: {
          name: 'post',
          params: { text: 'hi' },
          results: { id: '1', nested: { url: 'http://x' } },
          log: ['posted'],
          failure: null,
        },
      }),
  });
  const crowd = tree.add(changed, {
    edge: 'config-changed',
    event: lifecycle('config-changed'),
    branch: ['many cards'],
    id: 'board-life/ready/golden/many-cards/config-changed',
    state: (state) => crowded(state, keep, CARDS),
    entries: pushes(CARDS),
  });
  tree.add(crowd, {
    edge: 'update-status',
    event: lifecycle('update-status'),
    branch: ['many cards'],
  });
  const broken = tree.add(changed, {
    edge: 'database-relation-broken',
    event: relationEvent('broken'),
    branch: ['database leaves'],
    id: 'board-life/ready/golden/database-leaves/database-relation-broken',
    outcome: { kind: 'failed', end: { kind: 'exited', code: 1 }, reason: TRACEBACK },
    entries: sequence(
      traced('raise', { exception: 'KeyError', message: "'endpoints'" }),
      log('ERROR', `Uncaught exception while in charm code:\n${TRACEBACK}`),
    ),
    state: (state) =>
      withJuju(state, {
        agentStatus: { status: 'error', message: 'hook failed: "database-relation-broken"' },
      }),
  });
  tree.add(broken, {
    edge: 'config-changed',
    event: lifecycle('config-changed'),
    branch: ['database leaves'],
    outcome: { kind: 'parent-failed', node: broken },
  });
  return tree;
}
