import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/engine/world/pebble/canonical.ts';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import type { Container, Program } from '../../src/engine/world/pebble/slice.ts';
import { ask, containerOf, httpRequest, pass, type Server } from './server.ts';
import { lay, serving } from './service-server.ts';

const NAMES = ['a', 'b', 'c', 'd'] as const;
const SERVICES = {
  a: { startup: 'enabled', 'backoff-delay': '100ms', 'backoff-limit': '2s' },
  b: { requires: ['a'], after: ['a'], 'on-success': 'ignore', 'kill-delay': '300ms' },
  c: { startup: 'enabled', 'on-failure': 'ignore', requires: ['b'], after: ['b'] },
  d: { 'on-check-failure': { up: 'restart' }, 'backoff-delay': '0s' },
};

type Step =
  | { readonly kind: 'ask'; readonly action: string; readonly services: readonly string[] }
  | { readonly kind: 'signal'; readonly signal: string; readonly services: readonly string[] }
  | { readonly kind: 'abort' }
  | { readonly kind: 'lay'; readonly service: string; readonly program: Program | null }
  | { readonly kind: 'pass'; readonly millis: number };

const some = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 });
const program: fc.Arbitrary<Program> = fc.record(
  {
    exits: fc.constantFrom<(number | string)[]>(0, 1, 'SIGKILL'),
    after: fc.constantFrom(0, 1, 500, 1000, 3000),
    output: fc.constantFrom('', 'said\n', 'no end'),
    slow: fc.constantFrom(0, 200, 400, 20_000),
    signals: fc.constantFrom({}, { SIGTERM: {} }, { SIGHUP: { exits: 0, output: 'x\n' } }),
  },
  { requiredKeys: ['after', 'output', 'slow'] },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('ask' as const),
    action: fc.constantFrom('start', 'stop', 'restart'),
    services: some,
  }),
  fc.record({
    kind: fc.constant('ask' as const),
    action: fc.constantFrom('replan', 'autostart'),
    services: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('signal' as const),
    signal: fc.constantFrom('SIGHUP', 'SIGTERM', 'SIGKILL', 'SIGNOPE'),
    services: some,
  }),
  fc.record({ kind: fc.constant('abort' as const) }),
  fc.record({
    kind: fc.constant('lay' as const),
    service: fc.constantFrom(...NAMES),
    program: fc.option(program),
  }),
  fc.record({
    kind: fc.constant('pass' as const),
    millis: fc.constantFrom(1, 100, 999, 1000, 5000, 31_000),
  }),
);
const steps = fc.array(step, { maxLength: 25 });

/** `piece`: the time that passes is cut into pieces of this length. */
function take(server: Server, one: Step, piece = Infinity): void {
  switch (one.kind) {
    case 'pass':
      for (let left = one.millis; left > 0; left -= piece) pass(server, Math.min(left, piece));
      return;
    case 'lay':
      return lay(server, { [one.service]: one.program });
    case 'abort': {
      const path = `/v1/changes/${containerOf(server).nextChange - 1}`;
      ask(server, httpRequest({ method: 'POST', path, json: { action: 'abort' } }));
      return;
    }
    default: {
      const path = one.kind === 'ask' ? '/v1/services' : '/v1/signals';
      const { kind: _kind, ...json } = one;
      ask(server, httpRequest({ method: 'POST', path, json: { ...json } }));
    }
  }
}

function played(all: readonly Step[], piece?: number): Server {
  const server = serving(SERVICES as never);
  for (const one of all) take(server, one, piece);
  return server;
}

const STATUS: Readonly<Record<string, string>> = {
  starting: 'active',
  running: 'active',
  terminating: 'inactive',
  killing: 'inactive',
  stopped: 'inactive',
  backoff: 'backoff',
  exited: 'error',
};

/** What holds of every service at every moment. */
function consistent(container: Container, now: number): void {
  for (const { current, since, life } of Object.values(container.services)) {
    expect(current).toBe(STATUS[life!.phase]);
    expect(since).toBeLessThanOrEqual(now);
    expect(life!.starts).toBeGreaterThan(0);
    const timers = life!.timers.map(({ what }) => what);
    expect(life!.timers.every(({ at }) => at > now)).toBe(true);
    expect(timers.filter((what) => what === 'exit').length).toBeLessThanOrEqual(1);
    if (life!.phase === 'starting') expect(timers).toContain('okay');
    if (life!.phase === 'terminating') expect(timers).toContain('terminate');
    if (life!.phase === 'backoff') expect(timers).toContain('restart');
    if (['backoff', 'stopped', 'exited'].includes(life!.phase))
      expect(timers).not.toContain('exit');
  }
  for (const change of Object.values(container.changes)) {
    const ended = change.tasks.every(({ status }) => ['Done', 'Error', 'Hold'].includes(status));
    expect(change.ready !== null).toBe(ended);
    expect(change.err !== null).toBe(change.status === 'Error');
    for (const { status, kind, service } of change.tasks) {
      if (status !== 'Doing') continue;
      const wanted = kind === 'start' ? ['starting'] : ['terminating', 'killing'];
      expect(wanted).toContain(container.services[service]?.life?.phase);
    }
  }
}

describe('whatever is asked of services, and whenever', () => {
  it('their states agree with their processes, and tasks under way with both', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const server = serving(SERVICES as never);
        let before = containerOf(server);
        for (const one of all) {
          take(server, one);
          const after = containerOf(server);
          consistent(after, server.now);
          expect(after.nextChange).toBeGreaterThanOrEqual(before.nextChange);
          expect(after.nextTask).toBeGreaterThanOrEqual(before.nextTask);
          for (const [name, { life }] of Object.entries(before.services)) {
            const starts = after.services[name]?.life?.starts;
            expect(starts).toBeGreaterThanOrEqual(life!.starts);
          }
          before = after;
        }
      }),
    );
  });

  it('the same comes of the same', () => {
    fc.assert(
      fc.property(steps, (all) => {
        expect(played(all).slice).toEqual(played(all).slice);
      }),
    );
  });

  it('time comes to the same in one step and in many', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(37, 250, 1000), (all, piece) => {
        expect(played(all, piece).slice).toEqual(played(all).slice);
      }),
    );
  });

  /** A line that was not ended, quoted by a task, holds a time of its own. */
  const UNENDED: Step[] = [
    { kind: 'ask', action: 'replan', services: [] },
    { kind: 'lay', service: 'a', program: { exits: 0, after: 0, output: 'no end', slow: 0 } },
    { kind: 'ask', action: 'start', services: ['d', 'a'] },
  ];
  /** A log that grew too long begins within a time. */
  const ENDLESS: Step[] = [
    { kind: 'ask', action: 'start', services: ['d', 'a'] },
    { kind: 'lay', service: 'd', program: { exits: 0, after: 0, output: 'said\n', slow: 0 } },
    { kind: 'pass', millis: 31_000 },
  ];

  it('what came of it means the same, whatever the hour', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 1e9 }), (all, later) => {
        const late = serving(SERVICES as never);
        pass(late, later);
        for (const one of all) take(late, one);
        expect(canonical(late.slice)).toEqual(canonical(played(all).slice));
      }),
      {
        examples: [
          [UNENDED, 1],
          [ENDLESS, 1],
        ],
      },
    );
  });

  it('all changes end, once nothing exits or is slow any more', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const server = played(all);
        lay(server, Object.fromEntries(NAMES.map((name) => [name, null])));
        pass(server, 3_600_000);
        const { changes } = containerOf(server);
        expect(Object.values(changes).filter(({ ready }) => ready === null)).toEqual([]);
        expect(pebble.due!(server.slice)).toBeNull();
      }),
    );
  });
});
