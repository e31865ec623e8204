/** secret-grant, secret-revoke and secret-remove: what they refuse, and what a hook of them leaves. */
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/engine/model/event.ts';
import type { Secret } from '../../src/engine/world/juju/secret-slice.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { newRelation } from '../../src/engine/world/juju/new-unit.ts';
import {
  after,
  afterEvent,
  APP,
  failed,
  KEEPER,
  MODEL,
  openSecretHook,
  OWN,
  revisions,
  secret,
  SECRETS,
  THEIRS,
  type Shown,
} from './secret-rig.ts';
import { DB_CHANGED, UNIT } from './unit.ts';

const NOBODY = 'c0000000000000000f60';
const DB = ['-r', 'db:1'] as const;
const RELATED: JujuSlice = {
  ...KEEPER,
  relations: {
    ...UNIT.relations,
    'db:2': newRelation({ id: 2, endpoint: 'db', app: 'postgresql' }),
    'replicas:0': newRelation({ id: 0, endpoint: 'replicas', app: 'web' }),
  },
};
const TAKEN =
  'any unit level grants need to be revoked before granting access to the corresponding application';

function granted(grants: Secret['grants'], id: string = OWN): JujuSlice {
  return { ...RELATED, secrets: { ...SECRETS, [id]: { ...SECRETS[id]!, grants } } };
}
function grantsAfter(unit: JujuSlice, ...commands: readonly (readonly string[])[]) {
  return after(unit, ...commands).secrets[OWN]?.grants;
}
function problemsOf(unit: JujuSlice, ...commands: readonly (readonly string[])[]) {
  const hook = openSecretHook(unit);
  for (const argv of commands)
    expect(hook.run(argv), argv.join(' ')).toEqual([0, expect.any(String), '']);
  return hook.problems.map(({ message }) => message.replace('cannot apply changes: ', ''));
}

const NO_GRANTS: readonly [string, readonly string[], Shown][] = [
  ['nothing', [], failed(2, 'missing secret URI')],
  ['no URI', ['foo', ...DB], failed(2, 'secret URI "foo" not valid')],
  ['no relation', [OWN], failed(2, 'no relation id specified')],
  [
    'an unknown relation',
    [OWN, '-r', 'db:9'],
    failed(2, 'invalid value "db:9" for option -r: relation not found'),
  ],
  [
    'what is no relation',
    [OWN, '--relation', 'foo'],
    failed(2, 'invalid value "foo" for option --relation: invalid relation id'),
  ],
  ['what is no unit', [OWN, ...DB, '--unit=foo'], failed(2, 'unit "foo" not valid')],
  [
    'another application’s unit',
    [OWN, ...DB, '--unit=mysql/0'],
    failed(2, 'cannot specify unit "mysql/0" in relation to application "postgresql"'),
  ],
  ['words left over', [OWN, ...DB, 'x'], failed(2, 'unrecognized args: ["x"]')],
  ['what is not there', [`secret:${NOBODY}`, ...DB], failed(1, `secret "${NOBODY}" not found`)],
  ['others’ secrets', [THEIRS, ...DB], failed(1, `secret "${THEIRS}" not found`)],
];

describe('secret-grant', () => {
  const grant = (...words: readonly string[]) => ['secret-grant', OWN, ...words];

  it.each(NO_GRANTS)('refuses %s', (_, words, wanted) => {
    expect(openSecretHook().run(['secret-grant', ...words])).toEqual(wanted);
  });

  it('lets an application read, or one unit, when the hook ends well', () => {
    const hook = openSecretHook();
    expect(hook.run(grant(...DB))).toEqual([0, '', '']);
    expect(hook.kept.secrets[OWN]?.grants).toEqual({});
    expect(hook.seen.secrets[OWN]?.grants).toEqual({ postgresql: 'db:1' });
    expect(grantsAfter(KEEPER, grant(...DB, '--unit=postgresql/0'))).toEqual({
      'postgresql/0': 'db:1',
    });
  });

  it('takes the hook’s relation', () => {
    const hook = openSecretHook(KEEPER, { event: DB_CHANGED });
    hook.run(grant());
    expect(hook.seen.secrets[OWN]?.grants).toEqual({ postgresql: 'db:1' });
  });

  it('does nothing where access is there already', () => {
    const hook = openSecretHook(granted({ postgresql: 'db:1' }));
    const before = hook.seen;
    hook.run(grant(...DB));
    hook.run(grant(...DB, '--unit=postgresql/1'));
    expect(hook.seen).toBe(before);
  });

  it('wants units’ access gone before an application is given it', () => {
    const hook = openSecretHook(granted({ 'postgresql/0': 'db:1' }));
    expect(hook.run(grant(...DB))).toEqual(failed(1, TAKEN));
    expect(hook.run(grant(...DB, '--unit=postgresql/1'))).toEqual([0, '', '']);
  });

  it('of several over one relation in a hook lands last', () => {
    expect(
      grantsAfter(
        RELATED,
        grant(...DB, '--unit=postgresql/0'),
        grant(...DB, '--unit=postgresql/1'),
      ),
    ).toEqual({ 'postgresql/1': 'db:1' });
  });

  it('is for a new secret too', () => {
    const hook = openSecretHook(UNIT);
    const [, uri] = hook.run(['secret-add', 'password=x']);
    hook.run(['secret-grant', uri.trim(), ...DB]);
    expect(Object.values(hook.seen.secrets)[0]?.grants).toEqual({ postgresql: 'db:1' });
    expect(hook.problems).toEqual([]);
  });

  it('of what the application owns is its leader’s', () => {
    const hook = openSecretHook();
    hook.depose();
    expect(hook.run(['secret-grant', APP, ...DB])).toEqual(
      failed(1, 'this unit is not the leader'),
    );
  });

  it('fails the commit where access is there over another relation', () => {
    expect(problemsOf(granted({ postgresql: 'db:2' }), grant(...DB))).toEqual([
      `granting secrets access: cannot change access to "secret:${OWN}" for "application-postgresql": cannot change secret permission scope`,
    ]);
  });

  it('fails the commit where the application owns the secret', () => {
    expect(problemsOf(RELATED, ['secret-grant', APP, '-r', 'replicas:0'])).toEqual([
      `granting secrets access: cannot change access to "secret:${APP}" for "application-web": cannot change secret permission scope`,
    ]);
    expect(grantsAfter(RELATED, grant('-r', 'replicas:0'))).toEqual({ web: 'replicas:0' });
  });

  it('fails the commit for a unit of another model', () => {
    const relations = { 'db:1': { ...UNIT.relations['db:1']!, remoteModel: MODEL } };
    expect(problemsOf({ ...KEEPER, relations }, grant(...DB, '--unit=postgresql/0'))).toEqual([
      `granting secrets access: cannot change access to "secret:${OWN}" for "unit-postgresql-0": sharing secrets with a unit across a cross model relation not supported`,
    ]);
  });

  it('ends with its relation', () => {
    const broken: Event = {
      kind: 'relation',
      endpoint: 'db',
      phase: 'broken',
      relation: 1,
      app: 'postgresql',
    };
    const unit = granted({ postgresql: 'db:1', web: 'replicas:0' });
    const left = afterEvent(unit, broken);
    expect(left.secrets[OWN]?.grants).toEqual({ web: 'replicas:0' });
  });
});

const NO_REVOKES: readonly [string, readonly string[], Shown][] = [
  ['nothing', [], failed(2, 'missing secret URI')],
  ['no URI', ['foo'], failed(2, 'secret URI "foo" not valid')],
  ['nobody', [OWN], failed(2, 'missing relation or application or unit')],
  ['what is no application', [OWN, '--app=A'], failed(2, 'application "A" not valid')],
  ['what is no unit', [OWN, '--unit=a'], failed(2, 'unit "a" not valid')],
  [
    'an application and a unit',
    [OWN, '--app=a', '--unit=a/0'],
    failed(2, 'specify only one of application or unit'),
  ],
  [
    'a relation and an application',
    [OWN, ...DB, '--application=a'],
    failed(2, 'do not specify both relation and app'),
  ],
  ['words left over', [OWN, '--app=a', 'x'], failed(2, 'unrecognized args: ["x"]')],
];

describe('secret-revoke', () => {
  const revoke = (...words: readonly string[]) => ['secret-revoke', OWN, ...words];
  const both = { postgresql: 'db:1', web: 'replicas:0' };

  it.each(NO_REVOKES)('refuses %s', (_, words, wanted) => {
    expect(openSecretHook().run(['secret-revoke', ...words])).toEqual(wanted);
  });

  it.each([[['--app', 'postgresql']], [['--application=postgresql']], [DB]])(
    'takes access away with %j when the hook ends well',
    (words) => {
      const hook = openSecretHook(granted(both));
      expect(hook.run(revoke(...words))).toEqual([0, '', '']);
      expect(hook.kept.secrets[OWN]?.grants).toEqual(both);
      expect(hook.seen.secrets[OWN]?.grants).toEqual({ web: 'replicas:0' });
    },
  );

  it('takes it from one unit', () => {
    const unit = granted({ 'postgresql/0': 'db:1', 'postgresql/1': 'db:1' });
    expect(grantsAfter(unit, revoke('--unit=postgresql/0'))).toEqual({ 'postgresql/1': 'db:1' });
    expect(grantsAfter(unit, revoke('--app=postgresql'))).toEqual({
      'postgresql/0': 'db:1',
      'postgresql/1': 'db:1',
    });
  });

  it('wants no application named in a relation hook, where the relation’s counts', () => {
    const hook = openSecretHook(granted(both), { event: DB_CHANGED });
    expect(hook.run(revoke('--app=web'))).toEqual(
      failed(2, 'do not specify both relation and app'),
    );
    expect(hook.run(revoke())).toEqual([0, '', '']);
    expect(hook.seen.secrets[OWN]?.grants).toEqual({ web: 'replicas:0' });
  });

  it('comes last in the commit, whatever the order in the hook', () => {
    const commands = [revoke('--app=postgresql'), ['secret-grant', OWN, ...DB]];
    expect(grantsAfter(granted(both), ...commands)).toEqual({ web: 'replicas:0' });
    expect(grantsAfter(RELATED, ...[...commands].reverse())).toEqual({});
  });

  it.each([
    ['others’ secrets', THEIRS, 'permission denied'],
    ['what is not there', `secret:${NOBODY}`, `secret "secret:${NOBODY}" not found`],
  ])('of %s fails the commit', (_, id, message) => {
    expect(problemsOf(RELATED, ['secret-revoke', id, '--app=x'])).toEqual([
      `revoking secrets access: ${message}`,
    ]);
  });

  it('of what the application owns is its leader’s', () => {
    const lost = openSecretHook();
    lost.depose();
    const words = ['secret-revoke', APP, '--app=x'];
    expect(lost.run(words)).toEqual(failed(1, 'this unit is not the leader'));
    expect(problemsOf({ ...RELATED, leader: false }, words)).toEqual([
      'revoking secrets access: "web/0" is not leader of "web"',
    ]);
  });
});

describe('secret-remove', () => {
  const remove = (...words: readonly string[]) => ['secret-remove', OWN, ...words];
  const three: JujuSlice = {
    ...KEEPER,
    secrets: { [OWN]: secret({ label: 'mine', revisions: revisions('a', 'b', 'c'), tracked: 3 }) },
  };
  const left = (unit: JujuSlice) => Object.keys(unit.secrets[OWN]?.revisions ?? {});

  it.each<[string, readonly string[], Shown]>([
    ['nothing', [], failed(2, 'missing secret URI')],
    ['no URI', ['foo'], failed(2, 'secret URI "foo" not valid')],
    ['words left over', [OWN, 'x'], failed(2, 'unrecognized args: ["x"]')],
    [
      'what is no number',
      [OWN, '--revision=x'],
      failed(
        2,
        'invalid value "x" for option --revision: strconv.ParseInt: parsing "x": invalid syntax',
      ),
    ],
  ])('refuses %s', (_, words, wanted) => {
    expect(openSecretHook().run(['secret-remove', ...words])).toEqual(wanted);
  });

  it('removes the secret when the hook ends well', () => {
    const hook = openSecretHook(three);
    expect(hook.run(remove())).toEqual([0, '', '']);
    expect(hook.kept.secrets).toEqual(three.secrets);
    expect(hook.seen.secrets).toEqual({});
    expect(hook.problems).toEqual([]);
  });

  it('removes revisions, and the secret with the last one', () => {
    expect(left(after(three, remove('--revision=1')))).toEqual(['2', '3']);
    expect(left(after(three, remove('--revision=1'), remove('--revision', '2')))).toEqual(['3']);
    expect(after(three, remove('--revision=1'), remove()).secrets).toEqual({});
    expect(after(three, remove('--revision=0')).secrets).toEqual({});
    const one = { ...three, secrets: { [OWN]: secret() } };
    expect(after(one, remove('--revision=1')).secrets).toEqual({});
  });

  it('does not say what Juju makes of a secret whose latest revision alone is gone', () => {
    expect(openSecretHook(three).answer(remove('--revision=3'))).toEqual({
      kind: 'unsupported',
      what: 'secret-remove of the latest revision but not of older ones',
    });
  });

  it('undoes what the hook has asked of the secret before', () => {
    const commands = [
      ['secret-set', OWN, 'password=d', '--label=x'],
      ['secret-grant', OWN, ...DB],
      remove('--revision=1'),
    ];
    const unit = after(three, ...commands);
    expect(left(unit)).toEqual(['2', '3']);
    expect(unit.secrets[OWN]).toMatchObject({ label: 'mine', grants: {}, tracked: 3 });
  });

  it('is undone by setting the secret again', () => {
    const unit = after(three, remove(), ['secret-set', OWN, 'password=d']);
    expect(unit.secrets[OWN]).toEqual({
      ...three.secrets[OWN],
      revisions: revisions('a', 'b', 'c', 'd'),
    });
  });

  it('keeps what a read has done at once', () => {
    const hook = openSecretHook({ ...three, secrets: { [OWN]: secret() } });
    hook.run(remove());
    hook.run(['secret-get', OWN]);
    hook.run(['secret-set', OWN, 'password=d']);
    expect([hook.kept, hook.seen].map(({ secrets }) => secrets[OWN]?.tracked)).toEqual([1, 1]);
  });

  it.each([
    ['others’ secrets', [THEIRS], 'permission denied'],
    ['what is not there', [`secret:${NOBODY}`], `secret "secret:${NOBODY}" not found`],
    [
      'a revision that is not there',
      [OWN, '--revision=9'],
      `revison 9 for secret "secret:${OWN}" not found`,
    ],
  ])('of %s fails the commit', (_, words, message) => {
    expect(problemsOf(KEEPER, ['secret-remove', ...words])).toEqual([
      `removing secrets: ${message}`,
    ]);
  });

  it('of a secret made in the same hook fails the commit', () => {
    const hook = openSecretHook(UNIT);
    const [, uri] = hook.run(['secret-add', 'password=x']);
    expect(hook.run(['secret-remove', uri.trim()])).toEqual([0, '', '']);
    expect(hook.seen.secrets).toEqual({});
    expect(hook.problems.map(({ message }) => message)).toEqual([
      `cannot apply changes: removing secrets: secret "${uri.trim()}" not found`,
    ]);
  });

  it('of what the application owns is its leader’s', () => {
    const hook = openSecretHook();
    hook.depose();
    expect(hook.run(['secret-remove', APP])).toEqual(failed(1, 'this unit is not the leader'));
  });
});
