/** What secrets are made of: ids, times and base64. Source: rs/xid, Go's time and encoding/base64. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64, textOf } from '../../src/engine/world/juju/secret-base64.ts';
import { readUri, secretId, uriText } from '../../src/engine/world/juju/secret-id.ts';
import {
  readDuration,
  readExpiry,
  readTime,
  timeText,
} from '../../src/engine/world/juju/secret-time.ts';
import { FAR, FAR_MODEL, KEEPER, MODEL, NOW, OWN, THEIRS } from './secret-rig.ts';

describe('an id', () => {
  it('is what Juju takes for one, whatever text it is made of', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const uri = readUri({ ...KEEPER, secrets: {} }, `secret:${secretId(text)}`);
        expect(uri).toEqual({ id: secretId(text), model: null, key: secretId(text) });
      }),
    );
  });

  it('is the same for the same text and another for any other', () => {
    const texts = Array.from({ length: 5000 }, (_, at) => `${MODEL} web/0 ${at}`);
    expect(new Set(texts.map(secretId)).size).toBe(5000);
    expect(secretId('web/0 1')).toBe(secretId('web/0 1'));
  });
});

const URIS: readonly [string, string, { id: string; model: string | null; key: string }][] = [
  ['an id alone', OWN, { id: OWN, model: null, key: OWN }],
  ['an id with its scheme', `secret:${OWN}`, { id: OWN, model: null, key: OWN }],
  ['this model’s', `secret://${MODEL}/${OWN}`, { id: OWN, model: MODEL, key: OWN }],
  ['this model’s without slashes', `secret:${MODEL}/${OWN}`, { id: OWN, model: MODEL, key: OWN }],
  [
    'another model’s',
    `secret://${FAR_MODEL}/${FAR}`,
    { id: FAR, model: FAR_MODEL, key: `${FAR_MODEL}/${FAR}` },
  ],
  [
    'another model’s that the state has by its id',
    `secret://${FAR_MODEL}/${THEIRS}`,
    { id: THEIRS, model: FAR_MODEL, key: THEIRS },
  ],
  [
    'another model’s with the id of an own one',
    `secret://${FAR_MODEL}/${OWN}`,
    { id: OWN, model: FAR_MODEL, key: `${FAR_MODEL}/${OWN}` },
  ],
];

const NO_URIS: readonly [string, string][] = [
  ['foo', 'secret URI "foo" not valid'],
  ['secret:', 'secret URI "secret:" not valid'],
  [`secret:${OWN}x`, `secret URI "secret:${OWN}x" not valid`],
  ['secret:zzzzzzzzzzzzzzzzzzzz', 'secret URI "secret:zzzzzzzzzzzzzzzzzzzz" not valid'],
  ['secret:c0000000000000000a11', 'secret URI "secret:c0000000000000000a11" not valid'],
  [`http:${OWN}`, 'secret URI scheme "http" not valid'],
  [`secret://host/${OWN}`, 'host controller UUID "host" not valid'],
  [`secret:a/b/${OWN}`, `secret URI "secret:a/b/${OWN}" not valid`],
];

describe('a secret’s URI', () => {
  it.each(URIS)('is %s', (_, text, wanted) => {
    expect(readUri(KEEPER, text)).toEqual(wanted);
  });

  it.each(NO_URIS)('is not %s', (text, message) => {
    expect(readUri(KEEPER, text)).toEqual({
      kind: 'reply',
      code: 2,
      out: '',
      err: `ERROR ${message}\n`,
    });
  });

  it('is good for an id that the state has, whatever made it', () => {
    const odd = 'xyzxyzxyzxyzxyzxyz12';
    const secrets = { [odd]: KEEPER.secrets[OWN]! };
    expect(readUri({ ...KEEPER, secrets }, odd)).toEqual({ id: odd, model: null, key: odd });
  });

  it('names the model in the middle', () => {
    expect(uriText({ id: OWN, model: MODEL })).toBe(`secret://${MODEL}/${OWN}`);
    expect(uriText({ id: OWN, model: null })).toBe(`secret:${OWN}`);
  });
});

const HOUR = 3_600_000;
const DURATIONS: readonly [string, number | undefined][] = [
  ['24h', 24 * HOUR],
  ['1h30m', 1.5 * HOUR],
  ['1.5h', 1.5 * HOUR],
  ['.5s', 500],
  ['1.s', 1000],
  ['250ms', 250],
  ['2000us', 2],
  ['-1h', -HOUR],
  ['+1h', HOUR],
  ['0', 0],
  ['1', undefined],
  ['1d', undefined],
  ['h', undefined],
  ['', undefined],
  ['1 h', undefined],
];
const TIMES: readonly [string, string | undefined][] = [
  ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
  ['2026-03-01T10:00:00', '2026-03-01T10:00:00.000Z'],
  ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z'],
  ['2026-03-01T10:00:00-00:30', '2026-03-01T10:30:00.000Z'],
  ['2026-03-01T10:00:00.25Z', '2026-03-01T10:00:00.250Z'],
  ['2026-03-01T5:00:00Z', '2026-03-01T05:00:00.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-03-01T24:00:00Z', undefined],
  ['2026-03-01T10:60:00Z', undefined],
  ['2026-03-01T10:00:00+25:00', undefined],
  ['2026-03-01 10:00:00Z', undefined],
  ['2026-03-01', undefined],
];

describe('an expiry', () => {
  it.each(DURATIONS)('reads the duration "%s" as %s ms', (text, wanted) => {
    expect(readDuration(text)).toBe(wanted);
  });

  it.each(TIMES)('reads the time %s as %s', (text, wanted) => {
    const read = readTime(text);
    expect(read === undefined ? undefined : new Date(read).toISOString()).toBe(wanted);
  });

  it('reads back every time as it prints it', () => {
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(seconds, (count) => {
        expect(readTime(timeText(count * 1000))).toBe(count * 1000);
      }),
    );
  });

  it('counts durations from now, in whole seconds', () => {
    expect(readExpiry('90m', NOW)).toEqual({ kind: 'at', at: NOW + 1.5 * HOUR });
    expect(readExpiry('1500ms', NOW)).toEqual({ kind: 'at', at: NOW + 2000 });
  });

  it.each([
    ['soon', 'expire time or duration "soon" not valid'],
    ['0', 'negative expire duration "0" not valid'],
    ['-5m', 'negative expire duration "-5m" not valid'],
  ])('refuses %s', (text, message) => {
    expect(readExpiry(text, NOW)).toEqual({ kind: 'bad', message });
  });
});

const BAD: readonly [string, number][] = [
  ['A', 0],
  ['AAAAA', 4],
  ['AA=', 3],
  ['AA', 0],
  ['A===', 1],
  ['=', 0],
  ['AA=A', 2],
  ['AAA=A', 4],
  ['AA==A', 4],
  ['AA*A', 2],
  ['AAAA\n*', 5],
];

describe('base64', () => {
  it('is what Node makes of the same bytes, and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(text)).toEqual({ kind: 'bytes', bytes });
      }),
    );
  });

  it('may be broken into lines', () => {
    expect(decodeBase64('aGVs\r\nbG8\n=\n')).toEqual({
      kind: 'bytes',
      bytes: new TextEncoder().encode('hello'),
    });
  });

  it.each(BAD)('%j is wrong at byte %i', (text, at) => {
    expect(decodeBase64(text)).toEqual({
      kind: 'bad',
      message: `illegal base64 data at input byte ${at}`,
    });
  });

  it('tells text from other bytes, a byte order mark included', () => {
    expect(textOf(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa');
    expect(textOf(new Uint8Array([0xc3, 0x28]))).toBeUndefined();
  });
});
