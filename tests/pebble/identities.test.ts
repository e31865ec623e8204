/** Identities as Pebble keeps them, and each of its refusals. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/engine/model/json.ts';
import { ask, decoded, httpRequest, serverWith, type Server } from './server.ts';

const BOB = { access: 'admin', local: { 'user-id': 42 } };
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

function answer(server: Server, method: string, json?: Json): Record<string, unknown> {
  const request = { method, path: '/v1/identities', ...(json === undefined ? {} : { json }) };
  const given = ask(server, httpRequest(request));
  if (given.kind !== 'reply') throw new Error(JSON.stringify(given));
  return decoded(given);
}

function post(server: Server, action: string, identities?: Json): Record<string, unknown> {
  return answer(server, 'POST', identities === undefined ? { action } : { action, identities });
}

function listed(server: Server): unknown {
  return (answer(server, 'GET')['json'] as { result: unknown }).result;
}

function serverOf(identities: Json): Server {
  const server = serverWith();
  expect(post(server, 'add', identities)).toMatchObject({ status: 200 });
  return server;
}

describe('identities', () => {
  it('are told by name, without what is secret', () => {
    const server = serverOf({
      mary: { access: 'metrics', basic: { password: '$6$abc' } },
      bob: BOB,
      ann: { access: 'read', cert: { pem: PEM }, local: { 'user-id': 0 } },
    });
    expect(JSON.stringify(listed(server))).toBe(
      JSON.stringify({
        ann: { access: 'read', local: { 'user-id': 0 }, cert: { pem: '*****' } },
        bob: BOB,
        mary: { access: 'metrics', basic: { password: '*****' } },
      }),
    );
  });

  it('are replaced one by one, and go where null is said of them', () => {
    const server = serverOf({ bob: BOB, ann: { access: 'read', local: { 'user-id': 1 } } });
    post(server, 'replace', { ann: { access: 'untrusted', local: { 'user-id': 2 } }, bob: null });
    expect(listed(server)).toEqual({ ann: { access: 'untrusted', local: { 'user-id': 2 } } });
    post(server, 'replace', { nobody: null });
    post(server, 'remove', { ann: null });
    expect(listed(server)).toEqual({});
  });

  it('of which none are named are left as they are', () => {
    const server = serverOf({ bob: BOB });
    for (const action of ['add', 'update', 'replace', 'remove']) {
      expect(post(server, action)).toMatchObject({ status: 200 });
    }
    expect(listed(server)).toEqual({ bob: BOB });
  });

  it('may bear names of what every object has', () => {
    const server = serverOf({ constructor: BOB });
    expect(listed(server)).toEqual({ constructor: BOB });
    expect(post(serverWith(), 'remove', { constructor: null })).toMatchObject({ status: 400 });
  });
});

const ACCESS = '"admin", "read", "metrics", or "untrusted"';
const NAME = 'must start with an alphabetic character and only contain alphanumeric characters';

describe('a refusal', () => {
  it.each([
    [
      'drop',
      { bob: BOB },
      'invalid action "drop", must be "add", "update", "replace", or "remove"',
    ],
    ['add', { bob: null }, 'identity value for "bob" must not be null for add operation'],
    ['update', { bob: null }, 'identity value for "bob" must not be null for update operation'],
    ['remove', { bob: BOB }, 'identity value for "bob" must be null for remove operation'],
    ['add', { zed: BOB, bob: BOB }, 'identities already exist: bob'],
    ['update', { zed: BOB, ann: BOB }, 'identities do not exist: ann, zed'],
    ['remove', { zed: null, ann: null }, 'identities do not exist: ann, zed'],
    ['add', { ann: BOB }, 'cannot have multiple identities with user ID 42 (ann, bob)'],
    ['replace', { ann: BOB }, 'cannot have multiple identities with user ID 42 (ann, bob)'],
    [
      'add',
      { '1x': BOB },
      `invalid identity for "1x": identity name "" invalid: ${NAME}, underscore, and hyphen`,
    ],
    ['add', { x: { local: {} } }, 'invalid identity for "x": local identity must specify user-id'],
    [
      'add',
      { x: { local: { 'user-id': 1 } } },
      `invalid identity for "x": access value must be specified (${ACCESS})`,
    ],
    [
      'add',
      { x: { access: 'all', local: { 'user-id': 1 } } },
      `invalid identity for "x": invalid access value "all", must be ${ACCESS}`,
    ],
    [
      'add',
      { x: { access: 'read' } },
      'invalid identity for "x": identity must have at least one type ("local", "basic", or "cert")',
    ],
    [
      'add',
      { x: { access: 'read', basic: {} } },
      'invalid identity for "x": basic identity must specify password (hashed)',
    ],
    [
      'add',
      { x: { access: 'read', cert: { pem: 'no' } } },
      'invalid identity for "x": cert identity must include a PEM-encoded certificate',
    ],
    [
      'add',
      { x: { access: 'read', cert: { pem: `${PEM}more` } } },
      'invalid identity for "x": cert identity cannot have extra data after the PEM block',
    ],
  ] as const)('of %s %j says: %s', (action, identities, message) => {
    const server = serverOf({ bob: BOB });
    const before = server.slice;
    const told = { status: 400, json: { result: { message } } };
    expect(post(server, action, identities as never)).toMatchObject(told);
    expect(server.slice).toBe(before);
  });

  it.each([
    ['a list of identities', []],
    ['an identity that is a text', { x: 'read' }],
    ['access that is a number', { x: { access: 1 } }],
    ['a user below zero', { x: { local: { 'user-id': -1 } } }],
    ['a user above all', { x: { local: { 'user-id': 4_294_967_296 } } }],
    ['a user that is a text', { x: { local: { 'user-id': '1' } } }],
    ['a password that is none', { x: { basic: { password: true } } }],
    ['a part that is no object', { x: { cert: 'PEM' } }],
  ])('of %s is that of the decoder', (_what, identities) => {
    const told = post(serverWith(), 'add', identities as never);
    const message = expect.stringMatching(/^cannot decode request body: json: cannot unmarshal /);
    expect(told).toMatchObject({ status: 400, json: { result: { message } } });
  });
});
