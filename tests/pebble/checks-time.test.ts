/** Time passes for checks as it does for all else: in as many steps as one likes, and only when somebody waits. */
import fc from 'fast-check';
import { produce } from 'immer';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/engine/world/pebble/canonical.ts';
import { layContainer } from '../../src/engine/world/pebble/container.ts';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import type { CheckFinding } from '../../src/engine/world/pebble/slice.ts';
import { ask, containerOf, decoded, httpRequest, pass, serverWith, type Server } from './server.ts';
import type { RecordedRequest } from './transcript.ts';

const TCP = 'tcp: {port: 80}';
const CHECKED = `services:
  web: {override: replace, command: run, startup: enabled, on-check-failure: {fast: restart}}
checks:
  fast: {override: replace, period: 700ms, timeout: 300ms, threshold: 2, ${TCP}}
  slow: {override: replace, period: 3s, ${TCP}}
  never: {override: replace, period: 1h, ${TCP}}
  tiny: {override: replace, period: 1500us, timeout: 100us, threshold: 40, ${TCP}}
`;
const NAMES = ['fast', 'slow', 'never', 'tiny'];

function get(server: Server, path: string, query: Record<string, string> = {}): unknown {
  const request: RecordedRequest = { method: 'GET', path, query };
  const given = ask(server, httpRequest(request));
  if (given.kind !== 'reply') throw new Error(JSON.stringify(given));
  return (decoded(given)['json'] as { result: unknown }).result;
}

function post(server: Server, path: string, json: object): void {
  ask(server, httpRequest({ method: 'POST', path, json: json as never }));
}

function find(server: Server, name: string, finding: CheckFinding): void {
  server.slice = produce(server.slice, (draft) => {
    for (const container of Object.values(draft.containers))
      container.checkFindings = { ...container.checkFindings, [name]: finding };
  });
}

type Deed = (server: Server) => void;
const finding = fc.constantFrom<CheckFinding>(
  { found: 'up' },
  { found: 'down' },
  { found: 'slow' },
  { found: 'down', error: 'odd' },
);
const name = fc.constantFrom(...NAMES);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(name, finding).map(
    ([one, found]): Deed =>
      (server) =>
        find(server, one, found),
  ),
  fc.tuple(fc.constantFrom('start', 'stop'), name).map(
    ([action, one]): Deed =>
      (server) =>
        post(server, '/v1/checks', { action, checks: [one] }),
  ),
  fc.constantFrom('replan', 'autostart').map((action): Deed => (server) => {
    post(server, '/v1/services', { action });
  }),
);
const script = fc.array(fc.tuple(deed, fc.integer({ min: 0, max: 20_000 })), { maxLength: 8 });

/** The deeds one after another, the time between them in parts. */
function played(
  deeds: readonly (readonly [Deed, number])[],
  parts: (millis: number) => readonly number[],
): Server {
  const server = serverWith([CHECKED]);
  for (const [one, millis] of deeds) {
    one(server);
    for (const part of parts(millis)) pass(server, part);
  }
  return server;
}

describe('time that passes', () => {
  it('comes to the same in one step as in many', () => {
    const sizes = fc.array(fc.integer({ min: 97, max: 3_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(script, sizes, (deeds, steps) => {
        const inParts = (millis: number): readonly number[] => {
          const parts: number[] = [];
          for (let left = millis, turn = 0; left > 0; turn += 1) {
            const part = Math.min(left, steps[turn % steps.length]!);
            parts.push(part);
            left -= part;
          }
          return parts;
        };
        const once = played(deeds, (millis) => [millis]);
        expect(played(deeds, inParts).slice).toEqual(once.slice);
      }),
      { numRuns: 60 },
    );
  });

  it('comes to the same when it stops wherever something happens by itself', () => {
    fc.assert(
      fc.property(script, (deeds) => {
        const once = played(deeds, (millis) => [millis]);
        const server = serverWith([CHECKED]);
        for (const [one, millis] of deeds) {
          one(server);
          const end = server.now + millis;
          for (let due = pebble.due!(server.slice); due !== null && due <= end;) {
            pass(server, Math.max(0, due - server.now));
            due = pebble.due!(server.slice);
          }
          server.now = end;
          pass(server, 0);
        }
        expect(server.slice).toEqual(once.slice);
      }),
      { numRuns: 60 },
    );
  });

  it('is passed by a year of checks that succeed, or fail on, in one step', () => {
    const server = serverWith([CHECKED]);
    find(server, 'fast', { found: 'down' });
    pass(server, 10_000);
    const due = pebble.due!(server.slice);
    expect(due === null || due > server.now).toBe(true);
    pass(server, 365 * 86_400_000);
    expect(containerOf(server).checks['tiny']!.successes).toBeGreaterThan(2e10);
    expect(containerOf(server).checks['fast']!.failures).toBeGreaterThan(4e7);
  });
});

describe('nothing is due', () => {
  it('while checks succeed, so that whoever waits for what never comes is stuck', () => {
    const server = serverWith([CHECKED]);
    expect(pebble.due!(server.slice)).toBeNull();
    const request = httpRequest({ method: 'GET', path: '/v1/changes/1/wait' });
    expect(() => ask(server, request)).toThrow('waits for nothing');
  });

  it('once a check is down and goes on failing', () => {
    const server = serverWith(['checks: {one: {override: replace, tcp: {port: 1}}}']);
    find(server, 'one', { found: 'down' });
    expect(pebble.due!(server.slice)).toBe(server.now + 10_000);
    get(server, '/v1/changes/1/wait', { timeout: '60s' });
    expect(pebble.due!(server.slice)).toBeNull();
  });
});

describe('whoever waits', () => {
  it('for a change of a check has it at its threshold', () => {
    const server = serverWith([CHECKED]);
    find(server, 'slow', { found: 'down' });
    const began = server.now;
    const waited = get(server, '/v1/changes/3/wait', { timeout: '1m' });
    expect(waited).toMatchObject({ status: 'Error', kind: 'perform-check' });
    expect(server.now - began).toBe(9_000);
  });

  it('for the notice of a check that goes down has it then', () => {
    const server = serverWith([CHECKED]);
    find(server, 'slow', { found: 'down' });
    const [last] = (get(server, '/v1/notices') as { 'last-repeated': string }[]).slice(-1);
    const query = { after: last!['last-repeated'], types: 'change-update', timeout: '1m' };
    expect(get(server, '/v1/notices', query)).toMatchObject([
      { 'last-data': { kind: 'perform-check', 'check-name': 'slow' }, occurrences: 4 },
      { 'last-data': { kind: 'recover-check', 'check-name': 'slow' }, occurrences: 2 },
    ]);
  });
});

describe('a state with checks', () => {
  it('means the same before and after time in which they only succeeded', () => {
    const server = serverWith([CHECKED]);
    const before = canonical(server.slice);
    pass(server, 86_400_000);
    expect(canonical(server.slice)).toEqual(before);
  });

  it('means the same whether its checks have begun or not', () => {
    const server = serverWith([CHECKED]);
    const [[container, own]] = Object.entries(server.slice.containers) as [[string, never]];
    const told = {
      containers: { [container]: { ...(own as object), checks: {}, changes: {}, notices: {} } },
    };
    expect(canonical(told as never)).toEqual(canonical(server.slice));
  });

  it('means another once a check is down, stopped, or nearer to being down', () => {
    const meant = (deeds: Deed): string => {
      const server = serverWith([CHECKED]);
      deeds(server);
      return JSON.stringify(canonical(server.slice));
    };
    const lay =
      (checks: Record<string, 'down' | 'inactive' | 'up'>): Deed =>
      (server) => {
        const laid = layContainer(containerOf(server), { checks }, server);
        const [key] = Object.keys(server.slice.containers) as [string];
        server.slice = { containers: { [key]: laid } };
      };
    const failedOnce: Deed = (server) => {
      find(server, 'slow', { found: 'down' });
      pass(server, 3_000);
      find(server, 'slow', { found: 'up' });
    };
    const all = [lay({}), lay({ slow: 'down' }), lay({ slow: 'inactive' }), failedOnce].map(meant);
    expect(new Set(all).size).toBe(4);
    expect(meant(lay({ slow: 'up' }))).toBe(meant(lay({})));
  });

  it('means the same however long a check has been down, and whichever way it came to be', () => {
    const server = serverWith([CHECKED]);
    find(server, 'slow', { found: 'down' });
    pass(server, 9_000);
    const before = canonical(server.slice);
    pass(server, 3_600_000);
    expect(canonical(server.slice)).toEqual(before);
  });

  it('is not changed by asking', () => {
    const server = serverWith([CHECKED]);
    const before = server.slice;
    for (const path of ['/v1/checks', '/v1/health', '/v1/changes', '/v1/notices', '/v1/plan'])
      get(server, path, path === '/v1/plan' ? { format: 'yaml' } : {});
    expect(server.slice).toBe(before);
  });
});
