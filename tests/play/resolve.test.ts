/** From an event as a tree names it to the event that Juju would deliver to a state, or what to add to it. */
import { produce, type Draft } from 'immer';
import { describe, expect, it } from 'vitest';
import { resolveEvent } from '../../src/engine/play/resolve.ts';
import { idOfName } from '../../src/engine/play/lay-secrets.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import type { State } from '../../src/engine/world/state.ts';
import { ON_KUBERNETES, rooted } from './laid.ts';

/** What the step comes to in a root of these words, changed further. */
function resolved(
  root: string,
  step: string,
  change: (state: Draft<State>) => void = () => undefined,
): unknown {
  const text = `root: leader\nsteps: [${step}]`;
  const spec = parseTree({ file: 't.yaml', text, name: 't' }).nodes[0]?.event;
  if (!spec) throw new Error(`no event: ${step}`);
  const found = resolveEvent(spec, produce(rooted(root), change), ON_KUBERNETES);
  return 'event' in found ? found.event : found.problems;
}

const DB = '{stage: started, relations: {db: {app: pg, units: {0: {}, 10: {}, 9: {}}}}}';
const TWO = '{stage: started, relations: {db: [{app: pg}, {app: mysql, units: {0: {}}}]}}';

describe('a relation event', () => {
  it.each([
    ['db-relation-created', { relation: 1, app: 'pg' }],
    ['db-relation-joined', { unit: 'pg/0' }],
    ['db-relation-changed', { unit: 'pg/0' }],
    ['db-relation-changed: {unit: 9}', { unit: 'pg/9' }],
    ['db-relation-departed', { unit: 'pg/0', departing: 'pg/0' }],
    ['db-relation-departed: {departing: this}', { unit: 'pg/0', departing: 'web/0' }],
    ['db-relation-departed: {departing: 9}', { unit: 'pg/0', departing: 'pg/9' }],
    ['db-relation-broken', { relation: 1 }],
  ])('%s is about the usual unit, or the one that is said', (step, expected) => {
    expect(resolved(DB, step)).toMatchObject({ kind: 'relation', endpoint: 'db', ...expected });
  });

  it('is about the other application’s own databag where no unit is meant', () => {
    const event = resolved(DB, 'db-relation-changed: {unit: none}');
    expect(event).toEqual({
      kind: 'relation',
      endpoint: 'db',
      phase: 'changed',
      relation: 1,
      app: 'pg',
    });
    expect(resolved(DB, 'db-relation-joined: {unit: none}')).toMatchObject([
      { rule: 'event-unit-named' },
    ]);
  });

  it('joins the next unit that has not, in the order of their numbers', () => {
    const joined = (units: readonly string[]) =>
      resolved(DB, 'db-relation-joined', ({ juju }) => {
        juju.stage.joined['db:1'] = Object.fromEntries(units.map((unit) => [unit, true] as const));
      });
    expect(joined(['pg/0'])).toMatchObject({ unit: 'pg/9' });
    expect(joined(['pg/0', 'pg/9'])).toMatchObject({ unit: 'pg/10' });
  });

  it('changes the unit that has just joined', () => {
    const event = resolved(DB, 'db-relation-changed', ({ juju }) => {
      juju.stage.pending['db:1'] = 'pg/9';
    });
    expect(event).toMatchObject({ unit: 'pg/9' });
  });

  it('parts from the unit that is gone, where one is', () => {
    const event = resolved(DB, 'db-relation-departed', ({ juju }) => {
      delete juju.relations['db:1']?.units['pg/9'];
    });
    expect(event).toMatchObject({ unit: 'pg/9' });
  });

  it('counts every unit as a member where the past is unknown, and none where none has joined', () => {
    const unknown = DB.replace('stage: started, ', '');
    expect(resolved(unknown, 'db-relation-changed')).toMatchObject({ unit: 'pg/0' });
    const known = DB.replace('started', 'installed');
    expect(resolved(known, 'db-relation-changed')).not.toHaveProperty('unit');
  });

  it('is about the relation with the application that is said', () => {
    expect(resolved(TWO, 'db-relation-created: {app: mysql}')).toMatchObject({ relation: 2 });
    expect(resolved(TWO, 'db-relation-created')).toMatchObject({ relation: 1 });
  });

  it('is created for the relation for which it has not been', () => {
    const event = resolved(TWO, 'db-relation-created', ({ juju }) => {
      delete juju.stage.created['db:2'];
    });
    expect(event).toMatchObject({ relation: 2, app: 'mysql' });
  });

  it.each([
    ['{leader: true}', 'db-relation-created', 'add relations: {db: {units: {0: {}}}}'],
    [TWO, 'db-relation-joined: {app: other}', 'add relations: {db: {app: other, units: {0: {}}}}'],
    [TWO, 'db-relation-joined', 'add relations: {db: {app: pg, units: {0: {}}}}'],
    [TWO, 'db-relation-departed', 'add relations: {db: {app: pg, units: {0: {}}}}'],
  ])('in %s, %s is told what to add', (root, step, hint) => {
    expect(resolved(root, step)).toEqual([expect.objectContaining({ hint })]);
  });
});

describe('a storage event', () => {
  const SOME = '{storage: {data/0: {attached: true}, data/2: {}, data/10: {}}}';

  it.each([
    ['data-storage-attached', 'data/2'],
    ['data-storage-attached: {index: 10}', 'data/10'],
    ['data-storage-detaching', 'data/0'],
  ])('%s is about the next instance, or the one that is said', (step, id) => {
    const event = resolved(SOME, step, ({ juju }) => {
      for (const [name, storage] of Object.entries(juju.storages)) {
        storage.attached = name === 'data/0';
      }
    });
    expect(event).toMatchObject({ kind: 'storage', storage: 'data', id });
  });

  it('is told what to add where there is none', () => {
    expect(resolved('{storage: {data/0: }}', 'data-storage-attached')).toEqual([
      expect.objectContaining({ hint: 'add storage: {data/0: {}}' }),
    ]);
    expect(resolved(SOME, 'data-storage-attached: {index: 7}')).toEqual([
      expect.objectContaining({ hint: 'add storage: {data/7: {}}' }),
    ]);
  });
});

describe('a secret event', () => {
  const [mine, theirs] = [idOfName('mine'), idOfName('theirs')];
  const SOME =
    '{secrets: {mine: {content: {abc: x}, rotate: daily, label: own}, theirs: {owner: pg, label: read}}}';
  const twoRevisions = ({ juju }: Draft<State>): void => {
    for (const secret of Object.values(juju.secrets)) {
      secret.revisions['2'] = { content: { abc: 'y' }, expire: null };
    }
  };

  it.each([
    ['secret-changed', { secret: theirs, label: 'read' }],
    ['secret-changed: {secret: theirs}', { secret: theirs }],
    ['secret-rotate', { secret: mine, label: 'own' }],
    ['secret-expired', { secret: mine, revision: 2 }],
    ['secret-expired: {revision: 1}', { secret: mine, revision: 1 }],
    ['secret-remove', { secret: mine, revision: 1 }],
    ['secret-remove: {secret: own, revision: 2}', { secret: mine, revision: 2 }],
    [`secret-rotate: {secret: "secret:${mine}"}`, { secret: mine }],
  ])('%s is about the secret that it can be about, or the one that is said', (step, expected) => {
    expect(resolved(SOME, step, twoRevisions)).toMatchObject({ kind: 'secret', ...expected });
  });

  it('has no revision but when one expires or is to be removed', () => {
    expect(resolved(SOME, 'secret-changed')).not.toHaveProperty('revision');
    expect(resolved(SOME, 'secret-rotate')).not.toHaveProperty('revision');
  });

  it('is told what to add where there is none', () => {
    expect(resolved('{leader: true}', 'secret-changed')).toEqual([
      expect.objectContaining({
        message: "secret-changed needs another's secret that the unit reads in the state",
        hint: 'add secrets: {a-name: {owner: OTHER-APP, content: {password: not-a-secret}}}',
      }),
    ]);
    expect(resolved('{leader: true}', 'secret-remove: {secret: login}')).toEqual([
      expect.objectContaining({ message: 'there is no secret login in the state' }),
    ]);
  });
});

describe('an event of Pebble', () => {
  const checks = (names: string): string =>
    `{containers: {app: {layers: {image: {checks: ${names}}}}}}`;
  const UP = '{override: replace, exec: {command: "true"}}';

  it('of a notice has its key, and the next id where the container does not know it', () => {
    expect(resolved('{leader: true}', 'app-pebble-custom-notice: {notice: a.example/b}')).toEqual({
      kind: 'pebble-notice',
      container: 'app',
      id: '1',
      type: 'custom',
      key: 'a.example/b',
    });
  });

  it('of a notice is about the last one of the container', () => {
    const times = { firstOccurred: 0, lastOccurred: 0, lastRepeated: 0 };
    const one = { user: null, type: 'custom', ...times, occurrences: 1, data: {}, repeatAfter: 0 };
    const event = resolved('{leader: true}', 'app-pebble-custom-notice', ({ pebble }) => {
      const app = pebble.containers['app'];
      if (app)
        app.notices = { 9: { ...one, key: 'a.example/b' }, 10: { ...one, key: 'a.example/c' } };
    });
    expect(event).toMatchObject({ id: '10', key: 'a.example/c' });
  });

  it('of a check is about the only one of the plan, or the one that is said', () => {
    const one = checks(`{up: ${UP}}`);
    const two = checks(`{up: ${UP}, live: ${UP}}`);
    expect(resolved(one, 'app-pebble-check-failed')).toMatchObject({
      check: 'up',
      turned: 'failed',
    });
    expect(resolved(two, 'app-pebble-check-recovered: {check: live}')).toMatchObject({
      check: 'live',
      turned: 'recovered',
    });
    expect(resolved(two, 'app-pebble-check-failed')).toEqual([
      expect.objectContaining({ hint: 'add check: live to the event' }),
    ]);
  });

  it.each([
    ['app-pebble-custom-notice', 'add notice: example.com/key to the event'],
    ['app-pebble-check-failed', 'add containers: {app: {layers: {image: {checks: {up: {…}}}}}}'],
  ])('%s is told what to add where there is nothing', (step, hint) => {
    expect(resolved('{leader: true}', step)).toEqual([expect.objectContaining({ hint })]);
  });
});

describe('a retry', () => {
  it('is the hook that failed', () => {
    const failed = { kind: 'lifecycle', name: 'start' } as const;
    const event = resolved(
      '{stage: installed}',
      'retry',
      ({ juju }) => void (juju.failed = failed),
    );
    expect(event).toEqual(failed);
  });

  it('is nothing where none has failed', () => {
    expect(resolved('{stage: installed}', 'retry')).toEqual([
      expect.objectContaining({ message: 'no hook has failed: there is nothing to run again' }),
    ]);
  });
});

describe('a series upgrade', () => {
  it('is to a base, the usual one or the one that is said', () => {
    expect(resolved('{leader: true}', 'pre-series-upgrade')).toMatchObject({
      target: 'ubuntu@24.04/stable',
    });
    expect(resolved('{leader: true}', 'pre-series-upgrade: {target: ubuntu@26.04}')).toMatchObject({
      target: 'ubuntu@26.04',
    });
    expect(resolved('{leader: true}', 'post-series-upgrade')).not.toHaveProperty('target');
  });
});
