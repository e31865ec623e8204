/** secret-add and secret-set: what they take, what they refuse, and what the commit leaves. Source: juju jujuc. */
import { describe, expect, it } from 'vitest';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import {
  after,
  APP,
  KEEPER,
  MODEL,
  NOW,
  openSecretHook,
  OWN,
  revisions,
  secret,
  THEIRS,
  type Shown,
} from './secret-rig.ts';
import { UNIT } from './unit.ts';

const HOUR = 3_600_000;
const URI = new RegExp(`^secret://${MODEL}/[0-9a-v]{19}[0g]\n$`);
const FOLLOWER: JujuSlice = { ...UNIT, leader: false };

/** The one secret of a unit. */
function only(unit: JujuSlice) {
  const [found, ...more] = Object.values(unit.secrets);
  if (!found || more.length > 0) throw new Error('one secret was expected');
  return found;
}

const REFUSED: readonly [string, readonly string[], Shown][] = [
  ['nothing to keep', [], [2, '', 'ERROR missing secret value or filename\n']],
  ['a word without value', ['password'], [2, '', 'ERROR key value "password" not valid\n']],
  ['an empty value', ['password='], [2, '', 'ERROR key value "password=" not valid\n']],
  ['a value without key', ['=x'], [2, '', 'ERROR key value "=x" not valid\n']],
  ['a short key', ['ab=x'], [2, '', 'ERROR key "ab" not valid\n']],
  ['a key with capitals', ['Password=x'], [2, '', 'ERROR key "Password" not valid\n']],
  ['a key with underscores', ['pass_word=x'], [2, '', 'ERROR key "pass_word" not valid\n']],
  ['a key with a hyphen last', ['pass-=x'], [2, '', 'ERROR key "pass-" not valid\n']],
  ['an inherited name as key', ['__proto__=x'], [2, '', 'ERROR key "__proto__" not valid\n']],
  [
    'a policy that is none',
    ['--rotate', 'often', 'key=x'],
    [2, '', 'ERROR rotate policy "often" not valid\n'],
  ],
  [
    'an owner that is none',
    ['--owner', 'model', 'key=x'],
    [2, '', 'ERROR secret owner "model" not valid\n'],
  ],
  [
    'an expiry that is none',
    ['--expire', 'soon', 'key=x'],
    [2, '', 'ERROR expire time or duration "soon" not valid\n'],
  ],
  [
    'an expiry that is over',
    ['--expire=-1h', 'key=x'],
    [2, '', 'ERROR negative expire duration "-1h" not valid\n'],
  ],
  [
    'a file that is not there',
    ['key#file=/etc/none'],
    [
      2,
      '',
      'ERROR reading content for secret key "key": open /etc/none: no such file or directory\n',
    ],
  ],
  [
    'a file by an inherited name',
    ['key#file=constructor'],
    [
      2,
      '',
      'ERROR reading content for secret key "key": open constructor: no such file or directory\n',
    ],
  ],
  [
    'a file of values that is not there',
    ['--file', '/etc/none'],
    [2, '', 'ERROR open /etc/none: no such file or directory\n'],
  ],
  [
    'an unknown option',
    ['--size', '3', 'key=x'],
    [2, '', 'ERROR option provided but not defined: --size\n'],
  ],
];

describe('secret-add', () => {
  it.each(REFUSED)('refuses %s', (_, words, wanted) => {
    expect(openSecretHook(UNIT).run(['secret-add', ...words])).toEqual(wanted);
  });

  it('prints the URI of a secret that is there when the hook ends well', () => {
    const hook = openSecretHook(UNIT);
    const [code, out, err] = hook.run([
      'secret-add',
      '--label=admin',
      '--description',
      'of the db',
      '--rotate=monthly',
      '--expire=36h',
      'user-name=root',
      'password=a=b',
    ]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(URI);
    expect(hook.kept.secrets).toEqual({});
    expect(only(hook.seen)).toEqual(
      secret({
        owner: { kind: 'application', name: 'web' },
        label: 'admin',
        description: 'of the db',
        rotate: 'monthly',
        nextRotate: Date.UTC(2026, 2, 3, 10),
        revisions: {
          1: { content: { 'user-name': 'root', password: 'a=b' }, expire: NOW + 36 * HOUR },
        },
      }),
    );
  });

  it('wastes the id of a secret that never comes to be', () => {
    const hook = openSecretHook(UNIT);
    const [, first] = hook.run(['secret-add', 'password=x']);
    const [, second] = openSecretHook({ ...hook.kept, hook: null }).run(['secret-add', 'key=x']);
    expect(hook.kept.nextSecret).toBe(UNIT.nextSecret + 1);
    expect(second).toMatch(URI);
    expect(second).not.toBe(first);
  });

  it('keeps the unit’s own apart from its application’s', () => {
    expect(only(after(FOLLOWER, ['secret-add', '--owner=unit', 'key=x'])).owner).toEqual({
      kind: 'unit',
      name: 'web/0',
    });
  });

  it('is the leader’s for the application', () => {
    const hook = openSecretHook(FOLLOWER);
    expect(hook.run(['secret-add', 'key=x'])).toEqual([
      1,
      '',
      'ERROR this unit is not the leader\n',
    ]);
  });

  it('refuses a label that waits in the same hook already', () => {
    const hook = openSecretHook(UNIT);
    hook.run(['secret-add', '--label=x', 'key=1']);
    expect(hook.run(['secret-add', '--label=x', '--owner=unit', 'key=2'])).toEqual([
      1,
      '',
      'ERROR secret with label "x" already exists\n',
    ]);
    expect(hook.kept.nextSecret).toBe(UNIT.nextSecret + 2);
  });
});

describe('the content of a secret', () => {
  it('may be base64, and is kept as the text it means', () => {
    const { 1: first } = only(after(UNIT, ['secret-add', 'key#base64=aGVsbG8='])).revisions;
    expect(first).toEqual({ content: { key: 'hello' }, expire: null });
  });

  it('is kept in base64 when it is no text, or no base64 either', () => {
    const hook = openSecretHook(UNIT);
    hook.run(['secret-add', 'key#file=/k', 'bad#base64=***', 'raw#base64=/w=='], {
      files: { '/k': new Uint8Array([0xc3, 0x28]) },
    });
    expect(only(hook.seen).revisions[1]).toEqual({
      content: {},
      encoded: { key: 'wyg=', bad: '***', raw: '/w==' },
      expire: null,
    });
  });

  it('comes from files of the charm', () => {
    const hook = openSecretHook(UNIT);
    const files = { 'rel/cert.pem': 'line\nline\n', '/b64': 'aGVsbG8=' };
    hook.run(['secret-add', 'cert#file=rel/cert.pem', 'key#base64#file=/b64'], { files });
    expect(only(hook.seen).revisions[1]?.content).toEqual({ cert: 'line\nline\n', key: 'hello' });
  });

  it('comes from a file of YAML or JSON, which wins over words', () => {
    const yaml = 'user: root\nport: 0123\nnone: ~\nempty:\nkey#base64: aGVsbG8=\n';
    const hook = openSecretHook(UNIT);
    hook.run(['secret-add', '--file', '/f', 'user=x', 'more=y'], { files: { '/f': yaml } });
    expect(only(hook.seen).revisions[1]?.content).toEqual({
      user: 'root',
      port: '0123',
      none: '',
      empty: '',
      key: 'hello',
      more: 'y',
    });
    const other = openSecretHook(UNIT);
    other.run(['secret-add', '--file=/f'], { stdin: '{"user": "root"}' });
    expect(only(other.seen).revisions[1]?.content).toEqual({ user: 'root' });
  });

  it('is not empty', () => {
    const hook = openSecretHook(UNIT);
    expect(hook.run(['secret-add', '--file=/f'], { files: { '/f': '' } })).toEqual([
      1,
      '',
      'ERROR empty secret value not valid\n',
    ]);
  });

  it.each([
    ['a: [1]', 'line 1: cannot unmarshal !!seq into string'],
    ['a: b\nc: {d: e}', 'line 2: cannot unmarshal !!map into string'],
    ['- a', 'line 1: cannot unmarshal !!seq into secrets.SecretData'],
    ['just text', 'line 1: cannot unmarshal !!str `just text` into secrets.SecretData'],
  ])('is no file such as %j', (text, message) => {
    const hook = openSecretHook(UNIT);
    expect(hook.run(['secret-add', '--file=/f'], { files: { '/f': text } })).toEqual([
      2,
      '',
      `ERROR yaml: unmarshal errors:\n  ${message}\n`,
    ]);
  });

  it('of a file that is no YAML is not simulated', () => {
    const more = { files: { '/f': 'a: "' } };
    expect(openSecretHook(UNIT).answer(['secret-add', '--file=/f'], more)).toEqual({
      kind: 'unsupported',
      what: 'secret-add --file with YAML that is read otherwise',
    });
  });

  it('has a size that ends somewhere, a value’s and all of it', () => {
    const hook = openSecretHook(UNIT);
    const part = 'x'.repeat(400_000);
    expect(hook.run(['secret-add', `key=${'x'.repeat(750_003)}`])).toEqual([
      2,
      '',
      'ERROR base64 encoded secret content for key "key" too large: 1000004 bytes\n',
    ]);
    expect(hook.run(['secret-add', `one=${part}`, `two=${part}`])).toEqual([
      2,
      '',
      'ERROR base64 encoded secret content too large: 1066672 bytes\n',
    ]);
    expect(hook.run(['secret-add', 'key#file=/f'], { files: { '/f': part.repeat(3) } })).toEqual([
      2,
      '',
      'ERROR secret content in file "/f" too large: 1200000 bytes\n',
    ]);
  });
});

describe('secret-set', () => {
  const set = (...words: readonly string[]) => ['secret-set', OWN, ...words];
  const own = (unit: JujuSlice) => unit.secrets[OWN]!;

  it.each<[string, readonly string[], Shown]>([
    ['nothing', [], [2, '', 'ERROR missing secret URI\n']],
    ['what is no URI', ['foo'], [2, '', 'ERROR secret URI "foo" not valid\n']],
    ['a bad key', [OWN, 'Key=x'], [2, '', 'ERROR key "Key" not valid\n']],
    ['a bad owner', [OWN, '--owner=me'], [2, '', 'ERROR secret owner "me" not valid\n']],
  ])('refuses %s', (_, words, wanted) => {
    expect(openSecretHook().run(['secret-set', ...words])).toEqual(wanted);
  });

  it('makes a new revision when the hook ends well', () => {
    const hook = openSecretHook();
    expect(hook.run(set('password=third'))).toEqual([0, '', '']);
    expect(own(hook.kept)).toEqual(own(KEEPER));
    expect(own(hook.seen)).toEqual({
      ...own(KEEPER),
      revisions: revisions('first', 'second', 'third'),
    });
  });

  it('makes one new revision a hook, with what was set last', () => {
    const left = own(
      after(KEEPER, set('password=a', '--expire=1h'), set('--label=x'), set('password=b')),
    );
    expect(left.label).toBe('x');
    expect(left.revisions).toEqual({
      ...revisions('first', 'second'),
      3: { content: { password: 'b' }, expire: NOW + HOUR },
    });
  });

  it('makes none for metadata', () => {
    const left = own(after(KEEPER, set('--label=x', '--description=y', '--expire=1h')));
    expect(left).toEqual({
      ...own(KEEPER),
      label: 'x',
      description: 'y',
      revisions: {
        ...revisions('first'),
        2: { content: { password: 'second' }, expire: NOW + HOUR },
      },
    });
  });

  it('takes an expiry set before the content to the new revision', () => {
    const left = own(after(KEEPER, set('--expire=1h'), set('password=third')));
    expect(left.revisions).toEqual({
      ...revisions('first', 'second'),
      3: { content: { password: 'third' }, expire: NOW + HOUR },
    });
  });

  it('drops content that the controller’s latest revision has already', () => {
    expect(own(after(KEEPER, set('password=second')))).toEqual(own(KEEPER));
    expect(own(after(KEEPER, set('password=a'), set('password=second'))).revisions).toEqual(
      revisions('first', 'second', 'a'),
    );
  });

  it('keeps equal content as a revision before Juju 3.6', () => {
    const old = { ...KEEPER, version: '3.5.7' };
    expect(own(after(old, set('password=second'))).revisions).toEqual(
      revisions('first', 'second', 'second'),
    );
  });

  it('changes nothing when it is told nothing', () => {
    const hook = openSecretHook();
    const before = hook.seen;
    expect(hook.run(set())).toEqual([0, '', '']);
    expect(hook.seen).toBe(before);
  });

  it('goes into the first revision of a secret made in the same hook', () => {
    const hook = openSecretHook(UNIT);
    const [, uri] = hook.run(['secret-add', 'key=1']);
    hook.run(['secret-set', uri.trim(), 'key=2', '--label=x', '--rotate=daily']);
    expect(only(hook.seen)).toMatchObject({
      label: 'x',
      rotate: 'daily',
      nextRotate: NOW + 24 * HOUR,
      revisions: { 1: { content: { key: '2' } } },
    });
    expect(Object.keys(only(hook.seen).revisions)).toEqual(['1']);
  });

  it('says so when leadership was lost in the hook', () => {
    const hook = openSecretHook();
    hook.depose();
    expect(hook.run(['secret-set', APP, 'password=x'])).toEqual([
      1,
      '',
      'ERROR this unit is not the leader\n',
    ]);
  });

  it('of what the unit does not own ends well and fails the commit', () => {
    const hook = openSecretHook();
    expect(hook.run(['secret-set', THEIRS, 'password=x'])).toEqual([0, '', '']);
    expect(hook.seen.secrets).toEqual(KEEPER.secrets);
    expect(hook.problems.map(({ message }) => message)).toEqual([
      'cannot apply changes: updating secrets: permission denied',
    ]);
  });
});

const ROTATIONS: readonly [string, number | null, string, number | null][] = [
  ['never', null, 'hourly', NOW + HOUR],
  ['never', null, 'quarterly', Date.UTC(2026, 4, 1, 10)],
  ['monthly', NOW + 100 * HOUR, 'daily', NOW + 24 * HOUR],
  ['hourly', NOW + HOUR, 'daily', NOW + HOUR],
  ['daily', NOW - HOUR, 'daily', NOW - HOUR],
  ['daily', NOW + HOUR, 'never', null],
];

describe('a rotate policy', () => {
  it.each(ROTATIONS)('%s, due at %s, set to %s is due at %s', (was, due, policy, wanted) => {
    const rotating = secret({ rotate: was as 'never', nextRotate: due });
    const left = after({ ...KEEPER, secrets: { [OWN]: rotating } }, [
      'secret-set',
      OWN,
      '--rotate',
      policy,
    ]);
    expect(left.secrets[OWN]).toMatchObject({ rotate: policy, nextRotate: wanted });
  });
});
