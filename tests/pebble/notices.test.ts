/** Notices that occur while the clock stands still, for as long as Pebble remembers them. */
import { describe, expect, it } from 'vitest';
import { momentText, parseMoment } from '../../src/engine/world/pebble/go-time.ts';
import { ask, decoded, httpRequest, pass, serverWith, type Server } from './server.ts';

const WEEK = 7 * 86_400_000;
const TWO = `services:
  web: {override: replace, command: run}
  db: {override: replace, command: run}
`;
type Told = {
  readonly key: string;
  readonly 'last-repeated': string;
  readonly occurrences: number;
};

function notices(server: Server, query: Record<string, string> = {}): readonly Told[] {
  const given = ask(server, httpRequest({ method: 'GET', path: '/v1/notices', query }));
  if (given.kind !== 'reply') throw new Error(JSON.stringify(given));
  return (decoded(given)['json'] as { result: readonly Told[] }).result;
}

function add(server: Server, key: string, more: Record<string, string> = {}): string {
  const json = { action: 'add', type: 'custom', key, ...more };
  const given = ask(server, httpRequest({ method: 'POST', path: '/v1/notices', json }));
  if (given.kind !== 'reply') throw new Error(JSON.stringify(given));
  return (decoded(given)['json'] as { result: { id: string } }).result.id;
}

function start(server: Server, service: string): void {
  const json = { action: 'start', services: [service] };
  ask(server, httpRequest({ method: 'POST', path: '/v1/services', json }));
}

describe('notices of one moment', () => {
  it('are later ones all the same, so that none is missed after the last', () => {
    const server = serverWith([TWO]);
    const keys = ['a.b/c', 'a.b/d', 'a.b/e'];
    let after = '';
    for (const key of keys) {
      add(server, key);
      const fresh = notices(server, after === '' ? {} : { after });
      expect(fresh.map((notice) => notice.key)).toEqual([key]);
      after = fresh[0]!['last-repeated'];
    }
    start(server, 'web');
    start(server, 'db');
    const fresh = notices(server, { after });
    expect(fresh.map(({ key, occurrences }) => [key, occurrences])).toEqual([
      ['1', 2],
      ['2', 2],
    ]);
    expect(notices(server, { after: fresh[1]!['last-repeated'] })).toEqual([]);
  });

  it('are in the order in which they occurred', () => {
    const server = serverWith([TWO]);
    for (const key of ['a.b/c', 'a.b/d', 'a.b/c']) add(server, key);
    expect(notices(server).map(({ key }) => key)).toEqual(['a.b/d', 'a.b/c']);
  });
});

describe('a notice', () => {
  it('is told for a week after it last occurred', () => {
    const server = serverWith();
    const id = add(server, 'a.b/c');
    pass(server, WEEK);
    expect(notices(server)).toHaveLength(1);
    pass(server, 1);
    expect(notices(server)).toEqual([]);
    expect(add(server, 'a.b/c')).toBe(id);
    expect(notices(server)).toMatchObject([{ occurrences: 2 }]);
  });

  it('repeats only after as long as it is said to', () => {
    const server = serverWith();
    const again = { 'repeat-after': '1m' };
    add(server, 'a.b/c', again);
    const [first] = notices(server);
    pass(server, 59_999);
    add(server, 'a.b/c', again);
    expect(notices(server)).toMatchObject([
      { occurrences: 2, 'last-repeated': first!['last-repeated'] },
    ]);
    pass(server, 2);
    add(server, 'a.b/c', again);
    expect(notices(server, { after: first!['last-repeated'] })).toMatchObject([{ occurrences: 3 }]);
  });
});

describe('a moment', () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [1_767_225_600_000.001, '2026-01-01T00:00:00.000001Z'],
    [1_767_225_600_120, '2026-01-01T00:00:00.12Z'],
    [1_767_225_600_999.999, '2026-01-01T00:00:00.999999Z'],
  ])('%d is %s', (at, text) => {
    expect(momentText(at)).toBe(text);
    expect(momentText(parseMoment(text))).toBe(text);
  });

  it('of another zone is read as well', () => {
    expect(parseMoment('2026-01-01T02:00:00.000002+02:00')).toBe(1_767_225_600_000.002);
  });
});
