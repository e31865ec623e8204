/** The order of events over whole traces: from a new unit, and from the middle of a life that nobody knows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/engine/model/event.ts';
import { eventName } from '../../src/engine/model/event.ts';
import { resolveEvent } from '../../src/engine/play/resolve.ts';
import { consistencyProblems } from '../../src/engine/world/consistency.ts';
import { members } from '../../src/engine/world/juju/relation-context.ts';
import type { State } from '../../src/engine/world/state.ts';
import {
  ACTION,
  after,
  CHARM,
  CHECK,
  FAILS,
  having,
  hook,
  NEW,
  NOTICE,
  onMachine,
  peer,
  READY,
  related,
  secret,
  storage,
  unit,
  unknown,
} from './world.ts';

const UNITS = ['postgresql/0', 'postgresql/1'];
const POOL: readonly Event[] = [
  ...(
    [
      'install',
      'config-changed',
      'start',
      'update-status',
      'upgrade-charm',
      'leader-elected',
      'pre-series-upgrade',
      'post-series-upgrade',
      'stop',
      'remove',
    ] as const
  ).map(hook),
  related('created'),
  ...UNITS.flatMap((name) => [
    related('joined', name),
    related('changed', name),
    related('departed', { unit: name, departing: name }),
  ]),
  related('changed'),
  related('broken'),
  peer('created'),
  peer('joined', 'web/1'),
  peer('changed', 'web/1'),
  peer('departed', 'web/1'),
  peer('broken'),
  storage('attached'),
  storage('detaching'),
  secret('rotate'),
  READY,
  NOTICE,
  CHECK,
  ACTION,
];

function rules(state: State, event: Event): readonly (string | undefined)[] {
  return consistencyProblems(state, event, CHARM).map(({ rule }) => rule);
}

/** What can come in `state`, chosen again and again: `choices` say which. Every other kind of model by `machine`. */
function walk(from: State, choices: readonly number[]): { trace: Event[]; states: State[] } {
  const states = [from];
  const trace: Event[] = [];
  for (const choice of choices) {
    const state = states.at(-1) ?? from;
    const open = POOL.filter((event) => rules(state, event).length === 0);
    const event = open[choice % Math.max(1, open.length)];
    if (!event) break;
    trace.push(event);
    states.push(after(state, event));
  }
  return { trace, states };
}

const WALKS = fc.record({
  machine: fc.boolean(),
  choices: fc.array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 60 }),
});

function start(machine: boolean): State {
  return machine ? onMachine(NEW) : NEW;
}

/** One letter an event of db:1, with its unit's number. */
function letters(trace: readonly Event[], name: string): string {
  return trace
    .filter((event) => event.kind === 'relation' && event.endpoint === 'db')
    .map((event) => {
      if (event.kind !== 'relation') return '';
      if (event.phase === 'created') return 'C';
      if (event.phase === 'broken') return 'B';
      if (event.unit !== name) return event.phase === 'joined' ? '+' : '';
      return { joined: 'j', changed: 'c', departed: 'd' }[event.phase];
    })
    .join('');
}

describe('a trace from a new unit', () => {
  it('has Juju’s order, whatever is chosen', () => {
    fc.assert(
      fc.property(WALKS, ({ machine, choices }) => {
        const { trace } = walk(start(machine), choices);
        const names = trace.map(eventName);
        const text = names.join(' ');
        const before = names.slice(0, names.indexOf('install'));
        if (names.includes('install')) {
          expect(before.every((name) => machine && name.includes('-storage-'))).toBe(true);
        }
        expect(text.match(/install/g)?.length ?? 0).toBeLessThanOrEqual(1);
        const first = names.indexOf('config-changed');
        if (first >= 0 && first < names.length - 1) expect(names[first + 1]).toBe('start');
        expect(text).not.toMatch(/upgrade-charm (?!config-changed|data-storage)/);
        expect(text).not.toMatch(/(^| )remove ./);
        for (const name of UNITS) {
          expect(letters(trace, name).replaceAll('+', '')).toMatch(/^(C(jc+d)?(jc*)?B?)?$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes far enough to show it', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(WALKS, ({ machine, choices }) => {
        for (const event of walk(start(machine), choices).trace) seen.add(eventName(event));
      }),
      { numRuns: 300, seed: 4 },
    );
    const never = ['replicas-relation-broken'];
    const all = [...new Set(POOL.map(eventName))];
    expect(all.filter((name) => !seen.has(name))).toEqual(never);
  });
});

/** The trace's rest played from the same state by somebody who does not know how it came about. */
describe('a trace from the middle of a life', () => {
  it('may be the rest of any life', () => {
    fc.assert(
      fc.property(WALKS, fc.nat({ max: 59 }), ({ machine, choices }, cut) => {
        const { trace, states } = walk(start(machine), choices);
        const at = cut % (trace.length + 1);
        let state = unknown(states[at] ?? NEW);
        for (const event of trace.slice(at)) {
          expect([eventName(event), rules(state, event)]).toEqual([eventName(event), []]);
          state = after(state, event);
        }
      }),
      { numRuns: 300 },
    );
  });

  const FROM = unknown(NEW);

  it.each([
    ['config-changed', [hook('config-changed')], hook('install'), 'install-once'],
    [
      'a changed',
      [related('changed', 'postgresql/0')],
      related('created'),
      'relation-created-once',
    ],
    [
      'a changed',
      [related('changed', 'postgresql/0')],
      related('joined', 'postgresql/0'),
      'relation-joined-once',
    ],
    ['a changed', [related('changed', 'postgresql/0')], related('broken'), 'relation-broken-last'],
    [
      'a created',
      [related('created')],
      related('changed', 'postgresql/0'),
      'relation-joined-first',
    ],
    [
      'a departed',
      [related('departed', { unit: 'postgresql/7' })],
      related('departed', { unit: 'postgresql/7' }),
      'event-unit-exists',
    ],
    ['update-status', [hook('update-status')], hook('remove'), 'remove-after-stop'],
    ['stop', [hook('stop')], hook('update-status'), 'unit-stopped'],
    ['attached', [storage('attached')], storage('attached'), 'storage-attached-once'],
    ['install', [hook('install')], hook('start'), 'start-after-config-changed'],
    ['install', [hook('install')], related('changed', 'postgresql/0'), 'relation-created-first'],
    ['leader-elected', [hook('leader-elected')], hook('leader-elected'), 'leader-elected-once'],
  ])('that began with %s is held to it', (_title, before, event, rule) => {
    expect(rules(having(FROM, ...before), event)).toContain(rule);
  });

  it.each([
    ['update-status', hook('update-status')],
    ['a changed unit', related('changed', 'postgresql/0')],
    ['a changed application', related('changed')],
    ['a departed unit', related('departed', { unit: 'postgresql/0', departing: 'web/0' })],
    ['a departed unit that is gone', related('departed', { unit: 'postgresql/7' })],
    ['a broken relation', related('broken')],
    ['stop', hook('stop')],
    ['remove', hook('remove')],
    ['start', hook('start')],
    ['install', hook('install')],
    ['a detached storage', storage('detaching')],
  ])('may begin with %s', (_title, event) => {
    const attached = unit(FROM, (slice) => {
      slice.storages['data/0']!.attached = true;
    });
    expect(rules(attached, event)).toEqual([]);
  });

  it('asks created and joined of what a delta has added since', () => {
    const later = unit(having(FROM, hook('config-changed')), (slice) => {
      slice.relations['db:1']!.units['postgresql/2'] = {};
      slice.relations['site:2'] = {
        ...slice.relations['db:1']!,
        endpoint: 'site',
        id: 2,
        app: 'proxy',
        units: { 'proxy/0': {} },
      };
    });
    const site = { endpoint: 'site', relation: 2, app: 'proxy', unit: 'proxy/0' };
    expect(rules(later, related('changed', 'postgresql/0'))).toEqual([]);
    expect(rules(later, related('changed', 'postgresql/2'))).toEqual(['relation-joined-first']);
    expect(rules(later, related('changed', site))).toEqual(['relation-created-first']);
    const { juju } = having(later, hook('update-status'));
    expect(members(juju, juju.relations['db:1']!)).toEqual(UNITS);
    expect(members(juju, juju.relations['site:2']!)).toEqual([]);
  });

  it('takes a joined that names no unit for the next that may not have', () => {
    const at = { file: 'life.yaml', line: 1, column: 1 };
    const joined = { name: 'db-relation-joined', kind: 'hook', at } as const;
    const first = resolveEvent(joined, FROM, CHARM);
    expect(first).toMatchObject({ event: { unit: 'postgresql/0' } });
    const state = having(
      FROM,
      related('joined', 'postgresql/0'),
      related('changed', 'postgresql/0'),
    );
    expect(resolveEvent(joined, state, CHARM)).toMatchObject({ event: { unit: 'postgresql/1' } });
  });

  it('shows the others as members while one departs, and nobody while the relation breaks', () => {
    const departing = after(FROM, related('departed', { unit: 'postgresql/0' }), FAILS).juju;
    expect(members(departing, departing.relations['db:1']!)).toEqual(UNITS);
    const departed = having(FROM, related('departed', { unit: 'postgresql/0' })).juju;
    expect(members(departed, departed.relations['db:1']!)).toEqual(['postgresql/1']);
  });
});

describe('a hook that failed', () => {
  const CREATED = having(
    NEW,
    hook('install'),
    hook('config-changed'),
    hook('start'),
    related('created'),
  );
  const joined = related('joined', 'postgresql/0');

  it('joins nobody, and is in order when it is run again', () => {
    const failed = after(CREATED, joined, FAILS);
    expect(members(failed.juju, failed.juju.relations['db:1']!)).toEqual([]);
    expect(rules(failed, joined)).toEqual([]);
    const again = after(failed, joined);
    expect(members(again.juju, again.juju.relations['db:1']!)).toEqual(['postgresql/0']);
    expect(rules(again, related('changed', 'postgresql/0'))).toEqual([]);
  });

  it('keeps who departs a member until it is done', () => {
    const member = having(CREATED, joined, related('changed', 'postgresql/0'));
    const departed = related('departed', 'postgresql/0');
    const failed = after(member, departed, FAILS);
    expect(members(failed.juju, failed.juju.relations['db:1']!)).toEqual(['postgresql/0']);
    expect(rules(after(failed, departed), related('broken'))).toEqual([]);
  });

  it('is told once: nothing is said of what its retry would have been in order after', () => {
    const failed = after(NEW, hook('install'), FAILS);
    expect(rules(failed, hook('start'))).toEqual(['unit-in-error']);
    expect(rules(failed, ACTION)).toEqual([]);
    expect(rules(failed, hook('install'))).toEqual([]);
  });
});

describe('a reboot', () => {
  const UP = having(onMachine(NEW), storage('attached'), hook('install'), hook('config-changed'));
  const reboot = (state: State): State =>
    unit(state, (slice) => {
      slice.rebooting = true;
    });

  it('is told by start, once and only to a unit that had started', () => {
    const started = having(UP, hook('start'));
    expect(rules(reboot(started), hook('update-status'))).toEqual(['start-after-reboot']);
    const back = having(reboot(started), hook('start'));
    expect(rules(back, hook('update-status'))).toEqual([]);
    expect(rules(back, hook('start'))).toEqual(['start-once']);
  });

  it('lets a queued hook run first', () => {
    expect(rules(reboot(UP), hook('start'))).toEqual([]);
    const upgraded = reboot(having(UP, hook('start'), hook('upgrade-charm')));
    expect(rules(upgraded, hook('config-changed'))).toEqual([]);
    expect(rules(upgraded, hook('start'))).toEqual(['queued-hook-first']);
    const configured = having(upgraded, hook('config-changed'));
    expect(rules(configured, hook('update-status'))).toEqual(['start-after-reboot']);
  });
});
