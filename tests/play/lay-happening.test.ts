/** What happens to a unit between two events: what is lost and what stays. */
import { produce } from 'immer';
import { describe, expect, it } from 'vitest';
import { lookup } from '../../src/engine/files/path.ts';
import { idOfName } from '../../src/engine/play/lay-secrets.ts';
import type { State } from '../../src/engine/world/state.ts';
import { laid, ON_MACHINE, rooted } from './laid.ts';

/** A unit in the middle of its life, with something everywhere. */
function lived(): State {
  const words =
    '{stage: started, leader: true, relations: {db: {app: pg, data: {a: b}, units: {0: {}}}}, ' +
    'secrets: {login: {}}, resources: {seed: {text: x}}, leader-settings: {a: b}, unit-state: {c: d}, ' +
    'containers: {app: {can-connect: true, files: {/etc/image: x}, layers: {image: {services: {s: ' +
    '{override: replace, command: /s}}}}}, side: {can-connect: true}}}';
  const state = laid(rooted(words), [
    '{containers: {app: {files: {/tmp/written: x, /data/kept: x}}, side: {files: {/etc/side: x}}}}',
  ]);
  return produce(state, (draft) => {
    const file = {
      kind: 'file',
      digest: 'd',
      size: 1,
      mode: 0o644,
      user: 'root',
      group: 'root',
    } as const;
    draft.machine.charmDir['.unit-state.db'] = { ...file, modified: 0 };
    draft.machine.databases['.unit-state.db'] = {};
    draft.juju.ports['80/tcp'] = [];
    const seed = draft.juju.resources['seed'];
    if (seed) seed.downloaded = true;
    const layer = { label: 'added', layer: {} };
    draft.pebble.containers['app']?.layers.push(layer);
  });
}

const has = (state: State, container: string, path: string): boolean => {
  const root = state.pebble.containers[container]?.root;
  const found = root && lookup(root, path);
  return typeof found === 'object' && found !== null;
};
const labels = (state: State, container: string) =>
  state.pebble.containers[container]?.layers.map(({ label }) => label);

describe('pod churn', () => {
  const before = lived();
  const after = laid(before, ['{pod-churn: true}']);

  it('loses what the charm wrote in its directory, its database too, and what it downloaded', () => {
    expect([after.machine.charmDir, after.machine.databases]).toEqual([{}, {}]);
    expect(after.juju.resources['seed']?.downloaded).toBe(false);
  });

  it('loses what was written into containers and the layers that were added; the image’s stay', () => {
    expect([labels(before, 'app'), labels(after, 'app')]).toEqual([['image', 'added'], ['image']]);
    expect([has(before, 'app', '/tmp/written'), has(after, 'app', '/tmp/written')]).toEqual([
      true,
      false,
    ]);
    expect(has(after, 'app', '/etc/image')).toBe(true);
    expect(has(after, 'side', '/etc/side')).toBe(false);
  });

  it('keeps storage, databags, secrets, ports and what Juju keeps for the unit', () => {
    const folder = after.machine.folders['/var/lib/juju/storage/data/0'];
    expect(Object.keys(folder ?? {})).toEqual(['kept']);
    const { known: _gone, ...relation } = before.juju.relations['db:1'] ?? {};
    expect(after.juju.relations['db:1']).toMatchObject(relation);
    expect(Object.keys(after.juju.secrets)).toEqual([idOfName('login')]);
    expect(after.juju).toMatchObject({
      ports: { '80/tcp': [] },
      leaderSettings: { a: 'b' },
      unitState: { c: 'd' },
      stage: before.juju.stage,
    });
  });

  it('forgets what the agent had fetched, and Pebble answers only once it is up again', () => {
    expect(after.juju.relations['db:1']?.known).toEqual({});
    const [old, anew] = [before, after].map(({ pebble }) => pebble.containers['app']);
    expect([old?.canConnect, anew?.canConnect]).toEqual([true, false]);
    expect(anew?.bootId).not.toBe(old?.bootId);
  });

  it('may be followed by more words of the same delta, which lie over what it leaves', () => {
    const up = laid(before, ['{pod-churn: true, containers: {app: {can-connect: true}}}']);
    expect(up.pebble.containers['app']?.canConnect).toBe(true);
    expect(up.machine.charmDir).toEqual({});
  });

  it('gives another boot-id each time, and each container its own', () => {
    const twice = laid(after, ['{pod-churn: true}']);
    const ids = [before, after, twice].flatMap(({ pebble }) =>
      ['app', 'side'].map((name) => pebble.containers[name]?.bootId),
    );
    expect(new Set(ids).size).toBe(6);
  });

  it('brings a layer that a delta gave the image', () => {
    const layers = '{more: {services: {t: {override: replace, command: /t}}}}';
    const words = [`{containers: {app: {layers: ${layers}}}}`, '{pod-churn: true}'];
    expect(labels(laid(before, words), 'app')).toEqual(['image', 'more']);
  });
});

describe('a container’s restart', () => {
  const before = lived();
  const after = laid(before, ['{container-restart: [side]}']);

  it('loses that container only', () => {
    expect(has(after, 'side', '/etc/side')).toBe(false);
    expect(after.pebble.containers['app']).toBe(before.pebble.containers['app']);
    expect(after.machine).toBe(before.machine);
    expect(after.juju).toEqual(before.juju);
  });
});

describe('a reboot', () => {
  it('keeps everything on the machine, and start comes next', () => {
    const before = rooted(
      '{stage: started, relations: {db: {app: pg, units: {0: {a: b}}}}}',
      ON_MACHINE,
    );
    const after = laid(before, ['{reboot: true}'], ON_MACHINE);
    expect(after.machine).toEqual(before.machine);
    expect(after.juju.rebooting).toBe(true);
    expect(after.juju.relations['db:1']?.known).toEqual({});
  });

  it('tells a unit nothing that has not started', () => {
    const after = laid(rooted('{stage: installed}', ON_MACHINE), ['{reboot: true}'], ON_MACHINE);
    expect(after.juju.rebooting).toBe(false);
  });
});

describe('resolved', () => {
  const failed = produce(rooted('{stage: new}'), (draft) => {
    draft.juju.failed = { kind: 'lifecycle', name: 'install' };
    draft.juju.agentStatus = { status: 'error', message: 'hook failed: "install"' };
  });

  it('makes the failed hook count as done', () => {
    const { juju } = laid(failed, ['{resolved: no-retry}']);
    expect(juju).toMatchObject({
      failed: null,
      agentStatus: { status: 'idle' },
      stage: { installed: true },
    });
  });

  it('makes a unit a member whose joined failed', () => {
    const related = rooted('{stage: started, relations: {db: {app: pg, units: {0: {}}}}}');
    const joining = produce(related, (draft) => {
      draft.juju.stage.joined['db:1'] = {};
      draft.juju.failed = {
        kind: 'relation',
        endpoint: 'db',
        phase: 'joined',
        relation: 1,
        app: 'pg',
        unit: 'pg/0',
      };
    });
    const { juju } = laid(joining, ['{resolved: no-retry}']);
    expect(juju.stage.joined['db:1']).toEqual({ 'pg/0': true });
    expect(juju.stage.pending['db:1']).toBe('pg/0');
  });

  it('leaves a unit alone for which nothing failed', () => {
    const fine = rooted('{stage: started}');
    expect(laid(fine, ['{resolved: no-retry}'])).toEqual(fine);
  });
});
