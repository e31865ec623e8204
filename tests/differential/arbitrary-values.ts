/** Small values of states, events and scripts: few of each, so that what is written meets what is read. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { JsonObject } from '../../src/engine/model/json.ts';

export const key = fc.constantFrom('host', 'port', 'user', 'tls-ca', 'n0');
/** Text as charms write it: nothing that Juju trims, never empty. */
export const text = fc.constantFrom(
  'a',
  'hello world',
  'x=y',
  'über',
  '"quoted"',
  '{"a": [1, 2]}',
  '0',
  'true',
  'line\nline',
);
export const databag: Arbitrary<Readonly<Record<string, string>>> = fc.dictionary(key, text, {
  maxKeys: 3,
  noNullPrototype: true,
});
/** What relation-set is given: empty values delete. */
export const databagChanges = fc.dictionary(key, fc.oneof(text, fc.constant('')), {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
});
export const secretContent = fc.dictionary(
  fc.constantFrom('password', 'username', 'api-key', 'k3y'),
  text,
  { minKeys: 1, maxKeys: 2, noNullPrototype: true },
);
/** Some that no secret of a state has, some that one may have. */
export const label = fc.constantFrom(
  'fresh',
  'new one',
  'newer',
  'fresh',
  'new one',
  'one',
  'three',
);
export const statusName = fc.constantFrom('active', 'blocked', 'maintenance', 'waiting');
export const message = fc.constantFrom('', 'ready', 'waiting for db', 'ünïcode', '- dash');
export const rotate = fc.constantFrom('never', 'hourly', 'monthly', 'yearly');
export const expire = fc.constantFrom('2031-05-06T07:08:09+00:00', '2033-01-01T00:00:00+00:00');
export const port = fc.oneof(
  fc.tuple(fc.constantFrom('tcp', 'udp'), fc.constantFrom(80, 443, 8080)),
  fc.constant(['icmp', null] as const),
);

export function intKeys(items: Readonly<Record<string, unknown>>): JsonObject {
  if (Object.keys(items).length === 0) return {};
  return { _type: 'dict_int', items: items as JsonObject };
}

export function status(name: string, text: string): JsonObject {
  return { _type: 'Status', name, message: name === 'unknown' ? '' : text };
}

export const anyStatus = fc
  .tuple(fc.oneof(statusName, fc.constant('unknown')), message)
  .map(([name, text]) => status(name, text));
