/** What an upgrade makes of a unit before its hooks run. */
import { produce } from 'immer';
import { describe, expect, it } from 'vitest';
import type { Changes } from '../../src/engine/files/tree.ts';
import { layProblems } from '../../src/engine/play/lay-problems.ts';
import { layUpgrade, upgradeProblems } from '../../src/engine/play/lay-upgrade.ts';
import type { State } from '../../src/engine/world/state.ts';
import { charmOf, laid, ON_KUBERNETES, ON_MACHINE, rooted, specOf } from './laid.ts';

const FILE = { kind: 'file', digest: 'd', size: 1, mode: 0o644, user: 'u', group: 'g' } as const;

/** The unit after its charm has changed these paths: a file for a text, removed for null. */
function changed(state: State, paths: Readonly<Record<string, 'file' | 'dir' | null>>): State {
  const { size: _size, digest: _digest, ...owned } = FILE;
  const changes = Object.entries(paths).map(([path, kind]) => [
    path,
    kind === null
      ? { kind: 'removed' }
      : { ...(kind === 'file' ? FILE : owned), kind, modified: 7 },
  ]);
  const charmDir = Object.fromEntries(changes) as Changes;
  return { ...state, machine: { ...state.machine, charmDir } };
}

const from = { charm: ON_MACHINE, shipped: ['dispatch', 'src/charm.py', 'lib/old/a.py', 'data/x'] };
const to = { charm: ON_MACHINE, shipped: ['dispatch', 'src/charm.py', 'src/more.py', 'conf'] };

describe('the charm’s own files', () => {
  const before = rooted('{stage: started}', ON_MACHINE);
  const left = (paths: Parameters<typeof changed>[1]) =>
    layUpgrade(changed(before, paths), from, to).machine.charmDir;

  it('stay where neither charm ships any', () => {
    const paths = {
      '.unit-state.db': 'file',
      own: 'dir',
      'own/a': 'file',
      'src/made': 'file',
    } as const;
    expect(Object.keys(left(paths))).toEqual(Object.keys(paths));
  });

  it('give way to what the next charm ships', () => {
    expect(left({ 'src/charm.py': 'file', 'src/more.py': 'file' })).toEqual({});
    expect(left({ conf: 'dir', 'conf/a': 'file' })).toEqual({});
  });

  it('go with what the charm before shipped', () => {
    expect(left({ 'lib/old/a.py': 'file', 'data/x': null, lib: null })).toEqual({});
  });

  it('keep the folder that they are in when its other files go', () => {
    const kept = left({ 'lib/old/mine': 'file' });
    expect(Object.entries(kept).map(([path, { kind }]) => [path, kind])).toEqual([
      ['lib', 'dir'],
      ['lib/old', 'dir'],
      ['lib/old/mine', 'file'],
    ]);
  });

  it('stay with the rows of their databases', () => {
    const state = produce(
      changed(before, { '.unit-state.db': 'file', 'data/x': 'file' }),
      (draft) => {
        draft.machine.databases = { '.unit-state.db': {}, 'data/x': {} };
      },
    );
    expect(Object.keys(layUpgrade(state, from, to).machine.databases)).toEqual(['.unit-state.db']);
  });
});

describe('what the application has', () => {
  const next = charmOf(`
    requires: {db: pg}, peers: {replicas: p, more: p}, config: {options: {slug: {type: int}, token: {type: secret}}},
    containers: {app: {}, extra: {}}, storage: {data: {type: filesystem}, cache: {type: filesystem}}`);
  const words =
    '{stage: started, config: {slug: hello, token: "secret:00000000000000000000"}, ' +
    'networks: {admin: {}, db: {}}, resources: {seed: {text: x}}, ' +
    'containers: {app: {can-connect: true, files: {/etc/image: x}}}}';
  const before = changed(rooted(words), { '.unit-state.db': 'file' });
  const after = layUpgrade(before, { charm: ON_KUBERNETES }, { charm: next });

  it('loses options that the next charm does not take, or not with that value', () => {
    expect(after.juju.config).toEqual({ token: 'secret:00000000000000000000' });
  });

  it('gets new peer relations and the storage that the next charm needs', () => {
    expect(Object.keys(after.juju.relations)).toEqual(['replicas:0', 'more:1']);
    expect(after.juju.relations['more:1']?.app).toBe('web');
    expect(after.juju.storages['cache/0']).toMatchObject({ attached: false });
    expect(after.juju.storages['data/0']).toEqual(before.juju.storages['data/0']);
  });

  it('has bindings and resources that the next charm declares only', () => {
    expect(Object.keys(after.juju.networks)).toEqual(['db']);
    expect(after.juju.resources).toEqual({});
  });

  it('is in a new pod on Kubernetes, with the containers of the next charm', () => {
    expect(after.machine.charmDir).toEqual({});
    const { containers } = after.pebble;
    expect(Object.keys(containers)).toEqual(['app', 'extra']);
    expect([containers['app']?.canConnect, containers['extra']?.canConnect]).toEqual([
      false,
      false,
    ]);
    expect(Object.keys(containers['app']?.root.entries ?? {})).toContain('etc');
  });
});

describe('an upgrade', () => {
  const bare = charmOf('peers: {replicas: p}');

  it('is refused that would break a relation or remove storage in use', () => {
    const state = rooted(
      '{relations: {db: {app: pg}}, storage: {disk/0: , many/0: , many/1: }}',
      ON_MACHINE,
    );
    expect(upgradeProblems(state, bare).map(({ message }) => message)).toEqual([
      'cannot upgrade application "web": would break relation "web:db pg:db"',
      'cannot upgrade application "web": in-use storage "data" removed',
    ]);
    expect(upgradeProblems(state, ON_MACHINE)).toEqual([]);
  });
});

describe('a delta', () => {
  const problems = (root: string, delta: string): readonly string[] => {
    const before = rooted(root);
    const after = laid(before, [delta]);
    return layProblems({ before, after }, specOf(delta), ON_KUBERNETES).map(
      ({ message }) => message,
    );
  };

  it.each([
    ['{resolved: no-retry}', 'no hook has failed: there is nothing to resolve'],
    ['{relations: {db: {data: {a: b}}}}', 'db has several relations: with pg and mysql'],
    [
      '{secrets: {login: {grants: {other: db}}}}',
      'secret login cannot be granted to other: db has no relation with it',
    ],
  ])('that says %s is told why it cannot be', (delta, message) => {
    expect(problems('{relations: {db: [{app: pg}, {app: mysql}]}}', delta)).toEqual([message]);
  });

  it.each([
    '{relations: {db: {app: pg, data: {a: b}}}}',
    '{relations: {db: }}',
    '{relations: {db: {app: other}}, secrets: {login: {grants: {other/0: db}}}}',
  ])('that says %s has nothing against it', (delta) => {
    expect(problems('{relations: {db: [{app: pg}, {app: mysql}]}}', delta)).toEqual([]);
  });
});
