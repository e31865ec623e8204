/** Which event Juju may deliver next, in pairs: what is legal, and the same asked one step too early or too late. */
import { describe, expect, it } from 'vitest';
import type { Event, RelationEvent } from '../../src/engine/model/event.ts';
import type { Problem } from '../../src/engine/model/outcome.ts';
import { consistencyProblems } from '../../src/engine/world/consistency.ts';
import type { State } from '../../src/engine/world/state.ts';
import { closeHook, openHook } from '../../src/engine/world/juju/hook.ts';
import { NEW_STAGE } from '../../src/engine/world/juju/new-unit.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { CHARM, UNIT } from './unit.ts';

const FRESH: JujuSlice = {
  ...UNIT,
  stage: NEW_STAGE,
};

function hook(name: Extract<Event, { kind: 'lifecycle' }>['name']): Event {
  return { kind: 'lifecycle', name };
}

function db(phase: RelationEvent['phase'], unit?: string): Event {
  return {
    kind: 'relation',
    endpoint: 'db',
    phase,
    relation: 1,
    app: 'postgresql',
    ...(unit ? { unit } : {}),
  };
}

function stageProblems(juju: JujuSlice, event: Event): readonly Problem[] {
  return consistencyProblems(
    { juju, pebble: { containers: {} } } as unknown as State,
    event,
    CHARM,
  );
}

/** The unit after these hooks, each of which must be legal and ends well. */
function after(events: readonly Event[], from = FRESH): JujuSlice {
  return events.reduce((slice, event) => {
    expect(stageProblems(slice, event)).toEqual([]);
    return closeHook(openHook(slice, event, 0), {
      event,
      end: { kind: 'exited', code: 0 },
      committed: true,
      refused: [],
      said: { stdout: '', stderr: '' },
      charm: CHARM,
      now: 0,
    });
  }, from);
}

function problem(slice: JujuSlice, event: Event): string {
  return stageProblems(slice, event)[0]?.message ?? '';
}

const UP = [hook('install'), hook('config-changed'), hook('start')];

describe('the order of events', () => {
  it.each([
    ['start before install', [], hook('start'), /install has not run/],
    ['a second install', [hook('install')], hook('install'), /installed|has run already/],
    ['start before config-changed', [hook('install')], hook('start'), /config-changed has not run/],
    ['update-status before start', [hook('install')], hook('update-status'), /has not started/],
    ['remove before stop', UP, hook('remove'), /has not stopped/],
    ['config-changed after stop', [...UP, hook('stop')], hook('config-changed'), /only remove/],
    ['anything after remove', [...UP, hook('stop'), hook('remove')], hook('start'), /is removed/],
    ['changed before created', UP, db('changed'), /created has not run/],
    [
      'joined twice',
      [...UP, db('created'), db('joined', 'postgresql/0')],
      db('joined', 'postgresql/0'),
      /joined already/,
    ],
    [
      'changed of a unit that has not joined',
      [...UP, db('created')],
      db('changed', 'postgresql/1'),
      /has not joined/,
    ],
    [
      'broken before departed',
      [...UP, db('created'), db('joined', 'postgresql/0')],
      db('broken'),
      /has not departed/,
    ],
    [
      'an event of a unit that is not there',
      [...UP, db('created')],
      db('joined', 'postgresql/7'),
      /no unit postgresql\/7/,
    ],
    [
      'an action that is not declared',
      UP,
      { kind: 'action', name: 'nope', params: {} } as Event,
      /no action nope/,
    ],
  ])('refuses %s', (_title, before, event, message) => {
    expect(problem(after(before), event)).toMatch(message);
  });

  it('lets a whole life pass', () => {
    const life = [
      ...UP,
      db('created'),
      db('joined', 'postgresql/0'),
      db('changed', 'postgresql/0'),
      hook('update-status'),
      db('departed', 'postgresql/0'),
      db('broken'),
      hook('stop'),
      hook('remove'),
    ];
    const end = after(life);
    expect(end.unitStatus.status).toBe('terminated');
    expect(end.relations).toEqual({});
  });

  it('gives leader-elected to the leader only', () => {
    expect(
      problem(after([hook('install')], { ...FRESH, leader: false }), hook('leader-elected')),
    ).toMatch(/not the leader/);
  });
});

describe('what Juju writes around a hook', () => {
  it('says that it installs the charm, and leaves unknown after a start that set no status', () => {
    expect(openHook(FRESH, hook('install'), 0).unitStatus.message).toBe(
      'installing charm software',
    );
    expect(after(UP).unitStatus.status).toBe('unknown');
  });

  it('puts the unit in error when a hook fails, and not when an action does', () => {
    const end = { kind: 'exited', code: 1 } as const;
    const failed = {
      end,
      committed: false,
      refused: [],
      said: { stdout: '', stderr: '' },
      charm: CHARM,
      now: 0,
    };
    expect(closeHook(UNIT, { ...failed, event: hook('start') }).agentStatus).toEqual({
      status: 'error',
      message: 'hook failed: "start"',
    });
    const action: Event = { kind: 'action', name: 'backup', params: {} };
    expect(closeHook(UNIT, { ...failed, event: action }).agentStatus.status).toBe('idle');
  });

  it('writes the unit’s addresses into its databag when a relation is created', () => {
    const unit = after([...UP, db('created')]);
    expect(unit.relations['db:1']?.localUnit['ingress-address']).toBe('192.0.2.10');
  });
});
