/** secret-get, secret-info-get and secret-ids: whose secrets are read, which revision, and how it is printed. */
import { describe, expect, it } from 'vitest';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import {
  APP,
  FAR,
  FAR_MODEL,
  failed,
  KEEPER,
  openSecretHook,
  OWN,
  revisions,
  secret,
  SECRETS,
  THEIRS,
  USER,
  type Shown,
} from './secret-rig.ts';
import { UNIT } from './unit.ts';

const NOBODY = 'c0000000000000000f60';
const FOLLOWER: JujuSlice = { ...KEEPER, leader: false };

function read(unit: JujuSlice, ...words: readonly string[]): Shown {
  return openSecretHook(unit).run(['secret-get', ...words]);
}
function password(value: string): Shown {
  return [0, `password: ${value}\n`, ''];
}

const READ: readonly [string, readonly string[], Shown, JujuSlice?][] = [
  ['its own, at the revision it tracks', [OWN], password('first')],
  ['its own by label', ['--label', 'mine'], password('first')],
  ['the latest when it peeks', [OWN, '--peek'], password('second')],
  ['the latest when it refreshes', ['--label=mine', '--refresh'], password('second')],
  ['its application’s', [`secret:${APP}`], password('first')],
  ['its application’s as a follower', [APP], password('first'), FOLLOWER],
  [
    'its application’s by the owner’s label as a follower',
    ['--label=ours'],
    password('first'),
    FOLLOWER,
  ],
  ['another’s by its own label for it', ['--label=db'], password('old')],
  ['another model’s', [`secret://${FAR_MODEL}/${FAR}`], password('first')],
  ['one value', [OWN, 'password'], [0, 'first\n', '']],
  ['one value in base64', [OWN, 'password#base64'], [0, 'Zmlyc3Q=\n', '']],
  ['in JSON', [OWN, '--format=json'], [0, '{"password":"first"}\n', '']],
  ['one value in JSON', [OWN, 'password', '--format', 'json'], [0, '"first"\n', '']],
  ['nothing without a name', [], failed(2, 'require either a secret URI or label')],
  [
    'not by both options',
    [OWN, '--peek', '--refresh'],
    failed(2, 'specify one of --peek or --refresh but not both'),
  ],
  ['not what is no URI', ['foo'], failed(2, 'secret URI "foo" not valid')],
  ['not by another scheme', [`http:${OWN}`], failed(2, `secret URI "http:${OWN}" not valid`)],
  ['not with words left over', [OWN, 'a', 'b'], failed(2, 'unrecognized args: ["b"]')],
  [
    'not in another format',
    [OWN, '--format=smart'],
    failed(2, 'invalid value "smart" for option --format: unknown format "smart"'),
  ],
  ['not a key that is not there', [OWN, 'user'], failed(1, 'secret key value "user" not found')],
  ['not what is not there', [NOBODY], failed(1, `secret "secret:${NOBODY}" not found`)],
  ['not by a label that nothing has', ['--label=x'], failed(1, 'consumer label "x" not found')],
  [
    'not by the owner’s label of another’s',
    ['--label=not for us'],
    failed(1, 'consumer label "not for us" not found'),
  ],
  [
    'not by such a label in Juju 4’s words',
    ['--label=x'],
    failed(1, 'secret URI for consumer label "x" not found'),
    { ...KEEPER, version: '4.0.1' },
  ],
  ['not the operator’s before it is granted', [USER], failed(1, 'permission denied')],
  [
    'not another model’s that is not granted',
    [`secret://${FAR_MODEL}/${NOBODY}`],
    failed(1, 'permission denied'),
  ],
  [
    'not a revision that its owner has removed',
    [OWN],
    failed(1, `secret revision "${OWN}/1" not found`),
    {
      ...KEEPER,
      secrets: {
        [OWN]: secret({ revisions: { 2: revisions('a', 'b')[2]! }, tracked: 1 }),
      },
    },
  ],
];

describe('secret-get', () => {
  it.each(READ)('reads %s', (_, words, wanted, unit = KEEPER) => {
    expect(read(unit, ...words)).toEqual(wanted);
  });

  it('reads the operator’s once it is granted', () => {
    const granted = { ...SECRETS[USER]!, readable: true };
    const unit = { ...KEEPER, secrets: { ...SECRETS, [USER]: granted } };
    expect(read(unit, `secret:${USER}`)).toEqual(password('first'));
  });

  it('writes to a file with -o', () => {
    expect(openSecretHook().answer(['secret-get', OWN, '-o', '/f'])).toMatchObject({
      code: 0,
      out: '',
      files: [{ path: '/f', bytes: new TextEncoder().encode('password: first\n') }],
    });
  });

  it('quotes what YAML would take for something else', () => {
    const number = secret({
      revisions: { 1: { content: { port: '1', two: 'a\nb' }, expire: null } },
    });
    const unit = { ...KEEPER, secrets: { [OWN]: number } };
    expect(read(unit, OWN)).toEqual([0, 'port: "1"\ntwo: |-\n  a\n  b\n', '']);
    expect(read(unit, OWN, 'port')).toEqual([0, '"1"\n', '']);
  });

  it('shows bytes that are no text', () => {
    const bytes = new Uint8Array(60).fill(0x80);
    const unit = openSecretHook(UNIT);
    const [, uri] = unit.run(['secret-add', 'big#file=/b', 'small#base64=wyg=', 'text=t'], {
      files: { '/b': bytes },
    });
    const line = Buffer.from(bytes).toString('base64');
    expect(unit.run(['secret-get', uri.trim()])).toEqual([
      0,
      `big: !!binary |\n  ${line.slice(0, 70)}\n  ${line.slice(70)}\nsmall: !!binary wyg=\ntext: t\n`,
      '',
    ]);
    expect(unit.run(['secret-get', uri.trim(), 'small'])).toEqual([0, '!!binary wyg=\n', '']);
    expect(unit.run(['secret-get', uri.trim(), 'small', '--format=json'])).toEqual([
      0,
      '"\ufffd("\n',
      '',
    ]);
    expect(unit.run(['secret-get', uri.trim(), 'small#base64'])).toEqual([0, 'wyg=\n', '']);
  });

  it('fails on what is no base64, by whoever gave it', () => {
    const bad = { content: { key: 'x' }, encoded: { bad: '***' }, expire: null };
    const unit = { ...KEEPER, secrets: { [OWN]: secret({ revisions: { 1: bad } }) } };
    const wrong = failed(1, 'illegal base64 data at input byte 0');
    expect(read(unit, OWN)).toEqual(wrong);
    expect(read(unit, OWN, 'bad')).toEqual(wrong);
    expect(read(unit, OWN, 'bad#base64')).toEqual([0, "'***'\n", '']);
    expect(read(unit, OWN, 'key')).toEqual([0, 'x\n', '']);
  });
});

describe('the tracked revision', () => {
  it('is decided by the first read, at once', () => {
    const hook = openSecretHook();
    hook.run(['secret-get', APP]);
    expect(hook.kept.secrets[APP]?.tracked).toBe(1);
    expect(hook.seen.secrets[APP]?.tracked).toBe(1);
  });

  it('is moved by a refresh only, at once', () => {
    const hook = openSecretHook();
    hook.run(['secret-get', THEIRS, '--peek']);
    expect(hook.kept.secrets[THEIRS]?.tracked).toBe(1);
    hook.run(['secret-get', THEIRS, '--refresh']);
    expect(hook.kept.secrets[THEIRS]?.tracked).toBe(2);
    expect(hook.run(['secret-get', THEIRS])).toEqual(password('new'));
  });

  it.each([
    ['3.1.6', 'second'],
    ['3.1.7', 'first'],
    ['3.2.4', 'second'],
    ['3.3.0', 'second'],
    ['3.3.1', 'first'],
    ['3.6.14', 'first'],
    ['4.0.0', 'first'],
  ])('of its own secret is read in Juju %s: %s', (version, wanted) => {
    const hook = openSecretHook({ ...KEEPER, version });
    expect(hook.run(['secret-get', OWN])).toEqual(password(wanted));
    expect(hook.run(['secret-get', THEIRS])).toEqual(password('old'));
    expect(hook.kept.secrets[OWN]?.tracked).toBe(1);
  });
});

describe('within a hook', () => {
  const changing = () => {
    const hook = openSecretHook();
    hook.run(['secret-set', OWN, 'password=third']);
    return hook;
  };

  it('a secret made in it is read as it is', () => {
    const hook = openSecretHook(UNIT);
    const [, uri] = hook.run(['secret-add', '--label=x', 'password=new']);
    expect(hook.run(['secret-get', uri.trim()])).toEqual(password('new'));
    expect(hook.run(['secret-get', '--label=x'])).toEqual(password('new'));
    expect(Object.values(hook.seen.secrets)[0]?.tracked).toBeNull();
  });

  it('new content is read with --peek or --refresh only', () => {
    const hook = changing();
    expect(hook.run(['secret-get', OWN])).toEqual(password('first'));
    expect(hook.run(['secret-get', OWN, '--peek'])).toEqual(password('third'));
    expect(hook.run(['secret-get', '--label=mine', '--peek'])).toEqual(password('third'));
    expect(hook.run(['secret-get', OWN])).toEqual(password('first'));
  });

  it('a refresh to new content lands with it', () => {
    const hook = changing();
    expect(hook.run(['secret-get', '--label=mine', '--refresh'])).toEqual(password('third'));
    expect(hook.run(['secret-get', OWN])).toEqual(password('first'));
    expect(hook.kept.secrets[OWN]?.tracked).toBe(1);
    expect(hook.seen.secrets[OWN]?.tracked).toBe(3);
  });

  it('a first read of a secret with new content tracks what the controller has', () => {
    const hook = openSecretHook();
    hook.run(['secret-set', APP, 'password=more']);
    expect(hook.run(['secret-get', APP])).toEqual(password('first'));
    expect([hook.kept, hook.seen].map(({ secrets }) => secrets[APP]?.tracked)).toEqual([1, 1]);
  });

  it('a secret that is to be removed is there still', () => {
    const hook = openSecretHook();
    hook.run(['secret-remove', OWN]);
    expect(hook.run(['secret-get', OWN])).toEqual(password('first'));
  });

  it('the label of a new secret wins over a URI that comes with it', () => {
    const hook = openSecretHook();
    hook.run(['secret-add', '--label=x', 'password=new']);
    expect(hook.run(['secret-get', OWN, '--label=x'])).toEqual(password('new'));
  });
});

describe('a label given with a URI', () => {
  it('is the reader’s own, kept at once', () => {
    const hook = openSecretHook();
    hook.run(['secret-get', THEIRS, '--label=mysql']);
    expect(hook.kept.secrets[THEIRS]).toMatchObject({
      label: 'not for us',
      readerLabel: 'mysql',
      tracked: 1,
    });
    expect(hook.run(['secret-get', '--label=mysql'])).toEqual(password('old'));
  });

  it('is the owner’s for what the unit owns', () => {
    const hook = openSecretHook();
    hook.run(['secret-get', APP, '--label=all']);
    expect(hook.kept.secrets[APP]).toMatchObject({ label: 'all', readerLabel: '' });
    hook.run(['secret-get', OWN, '--label=mine']);
    expect(hook.kept.secrets[OWN]).toEqual(SECRETS[OWN]);
  });

  it('is a follower’s own for what its application owns, in Juju 3 only', () => {
    const hook = openSecretHook(FOLLOWER);
    hook.run(['secret-get', APP, '--label=all']);
    expect(hook.kept.secrets[APP]).toMatchObject({ label: 'ours', readerLabel: 'all' });
    const four = openSecretHook({ ...FOLLOWER, version: '4.0.1' });
    four.run(['secret-get', APP, '--label=all']);
    expect(four.kept.secrets[APP]).toMatchObject({ label: 'ours', readerLabel: '' });
  });

  it('goes with the content when both are new', () => {
    const hook = openSecretHook();
    hook.run(['secret-set', OWN, 'password=third']);
    hook.run(['secret-get', OWN, '--label=x', '--peek']);
    expect([hook.kept, hook.seen].map(({ secrets }) => secrets[OWN]?.label)).toEqual(['mine', 'x']);
  });

  it.each([
    ['the application’s', APP, 'mine', 'secret label "mine" for "application-web" already exists'],
    ['the unit’s', OWN, 'ours', 'secret label "ours" for "unit-web-0" already exists'],
    ['the unit’s', OWN, 'db', 'secret label "db" for consumer "unit-web-0" already exists'],
    [
      'a reader’s',
      THEIRS,
      'mine',
      'getting latest secret revision: secret label "mine" for owner "unit-web-0" already exists',
    ],
    [
      'a reader’s',
      THEIRS,
      'ours',
      'getting latest secret revision: secret label "ours" for "unit-web-0" already exists',
    ],
  ])('is refused as %s where it is taken', (_, id, label, message) => {
    const hook = openSecretHook();
    expect(hook.run(['secret-get', id, '--label', label])).toEqual(failed(1, message));
    expect(hook.kept.secrets).toEqual(SECRETS);
  });
});
