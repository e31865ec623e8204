/** Which secret events a state may bring, and what their hooks leave. Source: juju internal/worker/uniter/secrets. */
import { describe, expect, it } from 'vitest';
import type { SecretEvent } from '../../src/engine/model/event.ts';
import { dueSecretEvents } from '../../src/engine/world/juju/secret-events.ts';
import type { Secret } from '../../src/engine/world/juju/secret-slice.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { afterEvent, KEEPER, NOW, OWN, revisions, secret, SECRETS, THEIRS } from './secret-rig.ts';

const HOUR = 3_600_000;
const DUE: readonly [string, Partial<Secret>, readonly unknown[], Partial<JujuSlice>?][] = [
  ['nothing of a secret nobody has read', {}, []],
  ['nothing of one that is read at its latest', { tracked: 1 }, []],
  [
    'changed where a newer revision waits, and remove for those in between',
    { tracked: 1, revisions: revisions('a', 'b', 'c'), label: 'mine' },
    [
      { kind: 'secret', happening: 'changed', secret: OWN, label: 'mine' },
      { kind: 'secret', happening: 'remove', secret: OWN, label: 'mine', revision: 2 },
    ],
  ],
  [
    'nothing to remove that its owner was told of',
    { tracked: 2, revisions: revisions('a', 'b'), announced: [1] },
    [],
  ],
  [
    'changed under the reader’s label to one who reads another’s',
    {
      owner: { kind: 'application', name: 'postgresql' },
      label: 'theirs',
      readerLabel: 'db',
      tracked: 1,
      nextRotate: NOW,
      revisions: revisions('a', 'b'),
    },
    [{ kind: 'secret', happening: 'changed', secret: OWN, label: 'db' }],
  ],
  [
    'nothing to one who may not read it any more',
    {
      owner: { kind: 'model', name: 'm' },
      readable: false,
      tracked: 1,
      revisions: revisions('a', 'b'),
    },
    [],
  ],
  [
    'rotate when it is time',
    { rotate: 'hourly', nextRotate: NOW },
    [{ kind: 'secret', happening: 'rotate', secret: OWN, label: '' }],
  ],
  ['no rotate before', { rotate: 'hourly', nextRotate: NOW + 1 }, []],
  [
    'expired for each revision whose time is over',
    {
      tracked: 2,
      revisions: {
        1: { content: { key: 'a' }, expire: NOW - HOUR },
        2: { content: { key: 'b' }, expire: NOW + HOUR },
      },
      announced: [1],
    },
    [{ kind: 'secret', happening: 'expired', secret: OWN, label: '', revision: 1 }],
  ],
  [
    'what is the owner’s to the leader',
    { owner: { kind: 'application', name: 'web' }, rotate: 'daily', nextRotate: NOW },
    [{ kind: 'secret', happening: 'rotate', secret: OWN, label: '' }],
  ],
  [
    'not to a follower',
    { owner: { kind: 'application', name: 'web' }, rotate: 'daily', nextRotate: NOW },
    [],
    { leader: false },
  ],
];

describe('secret events', () => {
  it.each(DUE)('are %s', (_, more, wanted, unit = {}) => {
    const slice = { ...KEEPER, ...unit, secrets: { [OWN]: secret(more) } };
    expect(dueSecretEvents(slice, NOW)).toEqual(wanted);
  });

  it('come in the order in which the agent looks for them', () => {
    const all: JujuSlice['secrets'] = {
      ...SECRETS,
      [OWN]: secret({
        rotate: 'daily',
        nextRotate: NOW,
        tracked: 1,
        revisions: {
          ...revisions('a', 'b'),
          3: { content: { key: 'c' }, expire: NOW },
        },
      }),
    };
    const due = dueSecretEvents({ ...KEEPER, secrets: all }, NOW);
    expect(due.map(({ happening, secret: id }) => [happening, id])).toEqual([
      ['expired', OWN],
      ['rotate', OWN],
      ['changed', OWN],
      ['changed', THEIRS],
      ['remove', OWN],
    ]);
  });
});

const MINUTE = 60_000;
const ROTATED: readonly [string, Partial<Secret>, readonly string[], number | null][] = [
  ['a policy’s time later when it was rotated', {}, ['password=new'], NOW + 23 * HOUR],
  ['five minutes later when it was not', {}, ['--label=x'], NOW - HOUR + 5 * MINUTE],
  [
    'five minutes later when it expires before it is due',
    {},
    ['password=new', '--expire=1h'],
    NOW - HOUR + 5 * MINUTE,
  ],
  ['never when the policy is gone', {}, ['password=new', '--rotate=never'], null],
];

describe('after secret-rotate a secret is due', () => {
  const event: SecretEvent = { kind: 'secret', happening: 'rotate', secret: OWN, label: '' };

  it.each(ROTATED)('%s', (_, more, words, wanted) => {
    const due = secret({ rotate: 'daily', nextRotate: NOW - HOUR, ...more });
    const unit = { ...KEEPER, secrets: { [OWN]: due } };
    expect(afterEvent(unit, event, ['secret-set', OWN, ...words]).secrets[OWN]?.nextRotate).toBe(
      wanted,
    );
  });
});

describe('after secret-remove', () => {
  const event: SecretEvent = {
    kind: 'secret',
    happening: 'remove',
    secret: OWN,
    label: '',
    revision: 1,
  };
  const unit = {
    ...KEEPER,
    secrets: { [OWN]: secret({ tracked: 2, revisions: revisions('a', 'b') }) },
  };

  it('the owner is told of the revision no more, whether it removed it or not', () => {
    expect(dueSecretEvents(unit, NOW)).toEqual([event]);
    expect(dueSecretEvents(afterEvent(unit, event), NOW)).toEqual([]);
    const removed = afterEvent(unit, event, ['secret-remove', OWN, '--revision=1']);
    expect(dueSecretEvents(removed, NOW)).toEqual([]);
    expect(Object.keys(removed.secrets[OWN]?.revisions ?? {})).toEqual(['2']);
  });

  it('a secret that its hook removes is gone', () => {
    expect(afterEvent(unit, event, ['secret-remove', OWN]).secrets).toEqual({});
  });
});
