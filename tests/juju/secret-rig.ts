/** Several hook commands in one hook, with the unit as it is left when the hook ends well or badly. */
import type { Draft } from 'immer';
import type { Event } from '../../src/engine/model/event.ts';
import type { Problem } from '../../src/engine/model/outcome.ts';
import type { Answer } from '../../src/engine/model/request.ts';
import { buffer, openTransaction, setNow } from '../../src/engine/play/transaction.ts';
import { juju } from '../../src/engine/world/juju/counterpart.ts';
import { closeHook, openHook } from '../../src/engine/world/juju/hook.ts';
import { commitProblems } from '../../src/engine/world/juju/secret-commit.ts';
import type { Secret } from '../../src/engine/world/juju/secret-slice.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import type { State } from '../../src/engine/world/state.ts';
import { CHARM, CONFIG_CHANGED, UNIT } from './unit.ts';

/** 2026-01-31T10:00:00Z: a month has no such day after it. */
export const NOW = Date.UTC(2026, 0, 31, 10);
export const MODEL = UNIT.model.uuid;
/** Ids that a unit's state has: the unit's own, its application's, another's, the operator's, another model's. */
export const [OWN, APP, THEIRS, USER, FAR] = [
  'c0000000000000000a10',
  'c0000000000000000b20',
  'c0000000000000000c30',
  'c0000000000000000d40',
  'c0000000000000000e50',
];
export const FAR_MODEL = '22222222-2222-4222-8222-222222222222';

export function secret(more: Partial<Secret> = {}): Secret {
  return {
    owner: { kind: 'unit', name: 'web/0' },
    label: '',
    description: '',
    rotate: 'never',
    nextRotate: null,
    revisions: { 1: { content: { password: 'first' }, expire: null } },
    grants: {},
    readable: true,
    tracked: null,
    readerLabel: '',
    announced: [],
    ...more,
  };
}

export function revisions(...passwords: readonly string[]): Secret['revisions'] {
  const all = passwords.map((password, at) => [at + 1, { content: { password }, expire: null }]);
  return Object.fromEntries(all);
}

export const SECRETS: JujuSlice['secrets'] = {
  [OWN]: secret({ label: 'mine', revisions: revisions('first', 'second'), tracked: 1 }),
  [APP]: secret({ owner: { kind: 'application', name: 'web' }, label: 'ours' }),
  [THEIRS]: secret({
    owner: { kind: 'application', name: 'postgresql' },
    label: 'not for us',
    revisions: revisions('old', 'new'),
    tracked: 1,
    readerLabel: 'db',
  }),
  [USER]: secret({ owner: { kind: 'model', name: MODEL }, readable: false }),
  [`${FAR_MODEL}/${FAR}`]: secret({ owner: { kind: 'application', name: 'offer' } }),
};
export const KEEPER: JujuSlice = { ...UNIT, secrets: SECRETS };

type Files = Readonly<Record<string, string | Uint8Array>>;
type More = { readonly files?: Files; readonly stdin?: string };
export type Shown = readonly [number, string, string];

export function failed(code: 1 | 2, message: string): Shown {
  return [code, '', `ERROR ${message}\n`];
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : value;
}

export type Hook = {
  answer(argv: readonly string[], more?: More): Answer;
  /** What a shell would see: exit code, stdout, stderr. */
  run(argv: readonly string[], more?: More): Shown;
  /** Leadership is gone from here on. */
  depose(): void;
  readonly seen: JujuSlice;
  readonly kept: JujuSlice;
  /** Why the controller refuses what the hook wants. */
  readonly problems: readonly Problem[];
};

export function openSecretHook(
  unit: JujuSlice = KEEPER,
  { event = CONFIG_CHANGED, now = NOW }: { event?: Event; now?: number } = {},
): Hook {
  const opened = openHook(unit, event, now);
  const transaction = openTransaction({ juju: opened } as unknown as State);
  const answer: Hook['answer'] = (argv, { files, stdin } = {}) =>
    juju.handle(
      {
        seen: transaction.seen.juju,
        others: {},
        now,
        asked: now,
        blobs: { put: () => '', get: () => new Uint8Array() },
        event,
        charm: CHARM,
        set: (change) => setNow(transaction, 'juju', change),
        buffer: (change) => buffer(transaction, 'juju', change),
      },
      {
        kind: 'commands',
        channel: 'juju',
        argv,
        cwd: '/',
        stdin: stdin === undefined ? null : bytesOf(stdin),
        ...(files && {
          files: Object.fromEntries(
            Object.entries(files).map(([path, value]) => [path, bytesOf(value)]),
          ),
        }),
      },
    );
  return {
    answer,
    run(argv, more) {
      const told = answer(argv, more);
      if (told.kind !== 'reply') throw new Error(`${argv.join(' ')}: ${told.kind}`);
      return [told.code, String(told.out), told.err ?? ''];
    },
    depose: () =>
      setNow(transaction, 'juju', (slice: Draft<JujuSlice>) => void (slice.leader = false)),
    get seen() {
      return transaction.seen.juju;
    },
    get kept() {
      return transaction.kept.juju;
    },
    get problems() {
      return commitProblems(transaction.kept.juju, transaction.seen.juju);
    },
  };
}

/** A hook of these commands that ends well: what it leaves, and what the last command printed. */
export function after(unit: JujuSlice, ...commands: readonly (readonly string[])[]): JujuSlice {
  const hook = openSecretHook(unit);
  for (const argv of commands) {
    const [code, , err] = hook.run(argv);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${err}`);
  }
  const [refused] = hook.problems;
  if (refused) throw new Error(refused.message);
  return { ...hook.seen, hook: null };
}

/** The unit after the hook of an event in which these commands ran and which ended well. */
export function afterEvent(
  unit: JujuSlice,
  event: Event,
  ...commands: readonly (readonly string[])[]
): JujuSlice {
  const hook = openSecretHook(unit, { event });
  for (const argv of commands) hook.run(argv);
  return closeHook(hook.seen, {
    event,
    end: { kind: 'exited', code: 0 },
    committed: true,
    refused: [],
    said: { stdout: '', stderr: '' },
    charm: CHARM,
    now: NOW,
  });
}
