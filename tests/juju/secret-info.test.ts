/** secret-info-get and secret-ids: what the unit's agent lists of its own secrets. Source: juju jujuc. */
import { describe, expect, it } from 'vitest';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import {
  after,
  APP,
  failed,
  KEEPER,
  NOW,
  openSecretHook,
  OWN,
  revisions,
  secret,
  THEIRS,
  type Shown,
} from './secret-rig.ts';
import { DB_CHANGED, UNIT } from './unit.ts';

const FOLLOWER: JujuSlice = { ...KEEPER, leader: false };

describe('secret-info-get', () => {
  const info = (unit: JujuSlice, ...words: readonly string[]): Shown =>
    openSecretHook(unit).run(['secret-info-get', ...words]);

  it.each<[string, readonly string[], Shown]>([
    ['nothing', [], failed(2, 'require either a secret URI or label')],
    ['both', [OWN, '--label=x'], failed(2, 'specify either a secret URI or label but not both')],
    ['no URI', ['foo'], failed(2, 'secret URI "foo" not valid')],
    ['more', [OWN, 'x'], failed(2, 'unrecognized args: ["x"]')],
    ['others’ secrets', [`secret:${THEIRS}`], failed(1, `secret "${THEIRS}" not found`)],
    ['labels of others', ['--label=db'], failed(1, 'secret "db" not found')],
  ])('refuses %s', (_, words, wanted) => {
    expect(info(KEEPER, ...words)).toEqual(wanted);
  });

  it('is refused to a follower for what its application owns', () => {
    expect(info(FOLLOWER, APP)).toEqual(failed(1, `secret "${APP}" not found`));
  });

  it('tells all there is to tell, in Juju’s order', () => {
    const full = secret({
      label: 'mine',
      description: 'of the db',
      rotate: 'daily',
      nextRotate: NOW,
      revisions: {
        ...revisions('first'),
        2: { content: { password: 'x' }, expire: NOW + 1000 },
      },
      grants: { 'postgresql/0': 'db:1', web: 'replicas:0' },
    });
    const unit = { ...KEEPER, secrets: { [OWN]: full } };
    expect(info(unit, '--label=mine')[1]).toBe(`${OWN}:
  revision: 2
  label: mine
  owner: unit
  description: of the db
  rotation: daily
  expiry: 2026-01-31T10:00:01Z
  rotates: 2026-01-31T10:00:00Z
  access:
  - target: application-web
    scope: relation-web.replicas
    role: view
  - target: unit-postgresql-0
    scope: relation-web.db#postgresql.db
    role: view
`);
    expect(JSON.parse(info(unit, OWN, '--format=json')[1])).toEqual({
      [OWN]: {
        revision: 2,
        label: 'mine',
        owner: 'unit',
        description: 'of the db',
        rotation: 'daily',
        expiry: '2026-01-31T10:00:01Z',
        rotates: '2026-01-31T10:00:00Z',
        access: [
          { target: 'application-web', scope: 'relation-web.replicas', role: 'view' },
          { target: 'unit-postgresql-0', scope: 'relation-web.db#postgresql.db', role: 'view' },
        ],
      },
    });
  });

  it('tells little of a plain one', () => {
    expect(info(KEEPER, APP, '--format=json')[1]).toBe(
      `{"${APP}":{"revision":1,"label":"ours","owner":"application","rotation":"never"}}\n`,
    );
  });

  it('leaves what comes with the commit to it', () => {
    const hook = openSecretHook();
    hook.run(['secret-set', OWN, 'password=x', '--label=y', '--rotate=daily', '--expire=1h']);
    expect(JSON.parse(hook.run(['secret-info-get', OWN, '--format=json'])[1])).toEqual({
      [OWN]: {
        revision: 2,
        label: 'y',
        owner: 'unit',
        rotation: 'daily',
        expiry: '2026-01-31T11:00:00Z',
      },
    });
    const [, uri] = hook.run(['secret-add', 'password=x']);
    expect(
      Object.values(JSON.parse(hook.run(['secret-info-get', uri.trim(), '--format=json'])[1])),
    ).toEqual([{ revision: 1, label: '', owner: 'application' }]);
  });
});

describe('secret-ids', () => {
  const ids = (unit: JujuSlice, ...words: readonly string[]): Shown =>
    openSecretHook(unit).run(['secret-ids', ...words]);

  it.each<[string, readonly string[], string, JujuSlice?]>([
    ['a leader’s', [], `${OWN}\n${APP}\n`],
    ['a follower’s', [], `${OWN}\n`, FOLLOWER],
    ['a leader’s in JSON', ['--format=json'], `["${OWN}","${APP}"]\n`],
    ['a leader’s in YAML', ['--format=yaml'], `- ${OWN}\n- ${APP}\n`],
    ['nobody’s', [], '', UNIT],
    ['nobody’s in JSON', ['--format=json'], 'null\n', UNIT],
    ['nobody’s in YAML', ['--format=yaml'], '[]\n', UNIT],
  ])('lists %s', (_, words, out, unit = KEEPER) => {
    expect(ids(unit, ...words)).toEqual([0, out, '']);
  });

  it('refuses words', () => {
    expect(ids(KEEPER, 'x')).toEqual(failed(2, 'unrecognized args: ["x"]'));
  });

  it('lists what the hook has made, none that it removes anything of', () => {
    const hook = openSecretHook(KEEPER, { event: DB_CHANGED });
    const [, uri] = hook.run(['secret-add', 'password=x']);
    hook.run(['secret-remove', OWN, '--revision=1']);
    const made = uri.trim().split('/').at(-1);
    expect(hook.run(['secret-ids'])[1].split('\n').sort()).toEqual(['', APP, made].sort());
  });

  it('lists a secret of the last hook in the next', () => {
    const unit = after(UNIT, ['secret-add', 'password=x']);
    expect(ids(unit)[1]).toBe(`${Object.keys(unit.secrets)[0]}\n`);
  });
});
