/**
 * A hook is a transaction, whatever its commands and their order: what is buffered is gone when the hook fails, what is
 * immediate stays, and all of it is there when it succeeds. Method: sequences of all hook commands by chance, played
 * through the transaction and beside it on one plain value.
 * Source: juju internal/worker/uniter/runner/context (Flush)
 */
import fc from 'fast-check';
import { produce, type Draft } from 'immer';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/engine/model/event.ts';
import { buffer, openTransaction, setNow } from '../../src/engine/play/transaction.ts';
import { juju } from '../../src/engine/world/juju/counterpart.ts';
import { openHook } from '../../src/engine/world/juju/hook.ts';
import type { Secret } from '../../src/engine/world/juju/secret-slice.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { HOOK_COMMANDS } from '../../src/engine/world/juju/table.ts';
import type { State } from '../../src/engine/world/state.ts';
import { CHARM, CONFIG_CHANGED, UNIT } from './unit.ts';

const OWN = 'c0000000000000000a10';
const APP = 'c0000000000000000b20';
const THEIRS = 'c0000000000000000c30';

function secret(kind: Secret['owner']['kind'], name: string, more: Partial<Secret> = {}): Secret {
  return {
    owner: { kind, name },
    label: '',
    description: '',
    rotate: 'never',
    nextRotate: null,
    revisions: { 1: { content: { key: 'old' }, expire: null } },
    grants: {},
    readable: true,
    tracked: null,
    readerLabel: '',
    announced: [],
    ...more,
  };
}

type Key = Exclude<keyof JujuSlice, 'hook'>;
/** What a command may change, at once and at the commit, and words that do change all of it. */
type Row = {
  readonly now?: readonly Key[];
  readonly commit?: readonly Key[];
  readonly words: readonly [string, ...string[]];
  readonly more?: readonly (readonly string[])[];
  readonly stdin?: string;
};

const SPEC = 'containers: [{name: web, image: ubuntu}]\n';
const TABLE: Readonly<Record<string, Row>> = {
  'action-fail': { now: ['action'], words: ['action-fail'], more: [['why']] },
  'action-get': { words: ['action-get'] },
  'action-log': { now: ['action'], words: ['action-log', 'so far'] },
  'action-set': {
    now: ['action'],
    words: ['action-set', 'a.b=1'],
    more: [['a=2', 'c=3'], ['stdout=4']],
  },
  'add-metric': { words: ['add-metric', 'a=1'] },
  'application-version-set': {
    now: ['workloadVersion'],
    words: ['application-version-set', '2.0'],
  },
  'close-port': { commit: ['ports'], words: ['close-port', '80'], more: [['90']] },
  'config-get': { words: ['config-get'] },
  'credential-get': { words: ['credential-get'] },
  'goal-state': { words: ['goal-state'] },
  'is-leader': { words: ['is-leader'] },
  'juju-log': { words: ['juju-log', 'hello'] },
  'juju-reboot': { commit: ['rebooting'], words: ['juju-reboot'] },
  'k8s-raw-get': { words: ['k8s-raw-get'] },
  'k8s-raw-set': { words: ['k8s-raw-set', '--file', '-'], stdin: SPEC },
  'k8s-spec-get': { words: ['k8s-spec-get'] },
  'k8s-spec-set': { commit: ['podSpec'], words: ['k8s-spec-set', '--file', '-'], stdin: SPEC },
  'leader-get': { words: ['leader-get'] },
  'leader-set': { now: ['leaderSettings'], words: ['leader-set', 'a=1'], more: [['b=']] },
  'network-get': { words: ['network-get', 'db'] },
  'open-port': { commit: ['ports'], words: ['open-port', '90'], more: [['80/udp'], ['icmp']] },
  'opened-ports': { words: ['opened-ports'] },
  'payload-register': { now: ['payloads'], words: ['payload-register', 'kvm', 'guest', '1'] },
  'payload-status-set': { now: ['payloads'], words: ['payload-status-set', 'box', '1', 'stopped'] },
  'payload-unregister': { now: ['payloads'], words: ['payload-unregister', 'box', '1'] },
  'pod-spec-get': { words: ['pod-spec-get'] },
  'pod-spec-set': {
    commit: ['podSpec'],
    words: ['pod-spec-set', '--file', '-'],
    stdin: `${SPEC}#`,
  },
  // The agent keeps what it has fetched of a member, for the hooks to come.
  'relation-get': {
    now: ['relations'],
    words: ['relation-get', '-r', 'db:1', '-', 'postgresql/0'],
  },
  'relation-ids': { words: ['relation-ids', 'db'] },
  'relation-list': { words: ['relation-list', '-r', 'db:1'] },
  'relation-model-get': { words: ['relation-model-get', '-r', 'db:1'] },
  'relation-set': {
    commit: ['relations'],
    words: ['relation-set', '-r', 'db:1', 'a=1'],
    more: [['-r', 'db:1', '--app', 'wanted=']],
  },
  'resource-get': { now: ['resources'], words: ['resource-get', 'software'] },
  'secret-add': { now: ['nextSecret'], commit: ['secrets'], words: ['secret-add', 'key=new'] },
  'secret-get': { now: ['secrets'], words: ['secret-get', `secret:${THEIRS}`, '--refresh'] },
  'secret-grant': { commit: ['secrets'], words: ['secret-grant', `secret:${OWN}`, '-r', 'db:1'] },
  'secret-ids': { words: ['secret-ids'] },
  'secret-info-get': { words: ['secret-info-get', `secret:${OWN}`] },
  'secret-remove': { commit: ['secrets'], words: ['secret-remove', `secret:${APP}`] },
  'secret-revoke': {
    commit: ['secrets'],
    words: ['secret-revoke', `secret:${APP}`, '--app', 'postgresql'],
  },
  'secret-set': {
    commit: ['secrets'],
    words: ['secret-set', `secret:${OWN}`, 'key=more'],
    more: [[`secret:${APP}`, '--label', 'other']],
  },
  'state-delete': { commit: ['unitState'], words: ['state-delete', 'old'] },
  'state-get': { words: ['state-get'] },
  'state-set': { commit: ['unitState'], words: ['state-set', 'a=1'], more: [['a=2', 'old=3']] },
  'status-get': { words: ['status-get'] },
  'status-set': {
    now: ['unitStatus', 'stage'],
    words: ['status-set', 'active', 'ready'],
    more: [['--application', 'blocked'], ['blocked']],
  },
  'storage-add': { commit: ['requestedStorages'], words: ['storage-add', 'data=2'] },
  'storage-get': { words: ['storage-get', '-s', 'data/0'] },
  'storage-list': { words: ['storage-list'] },
  'unit-get': { words: ['unit-get', 'private-address'] },
};
/** Of status-set --application. */
const NOW_TOO: Readonly<Record<string, readonly Key[]>> = { 'status-set': ['appStatus'] };
const KNOWN = Object.entries(TABLE).filter(([name]) => Object.hasOwn(HOOK_COMMANDS, name));

const ACTION: Event = { kind: 'action', name: 'backup', params: {} };
const charm = { ...CHARM, payloads: { guest: 'kvm', box: 'kvm' }, storage: { data: {} } };
const unit: JujuSlice = {
  ...UNIT,
  model: { ...UNIT.model, type: 'kubernetes' },
  ports: { '80/tcp': [] },
  secrets: {
    [OWN]: secret('unit', 'web/0'),
    [APP]: secret('application', 'web', { grants: { postgresql: 'db:1' } }),
    [THEIRS]: secret('application', 'postgresql'),
  },
  storages: { 'data/0': { kind: 'filesystem', location: '/srv', attached: true } },
  resources: { software: { kind: 'file', filename: 'f', digest: 'sha256:1', downloaded: false } },
  leaderSettings: { b: '1' },
  unitState: { old: '1' },
  payloads: { 'box/1': 'running' },
};

type Command = { readonly argv: readonly string[]; readonly stdin?: string };
const nameOf = ({ argv }: Command): string => argv[0] ?? '';
const rowOf = (command: Command): Row => {
  const row = TABLE[nameOf(command)];
  if (!row) throw new Error(`${nameOf(command)} is in no row`);
  return row;
};

function commandOf({ words, stdin }: Row, rest: readonly string[] = words.slice(1)): Command {
  return { argv: [words[0], ...rest], ...(stdin === undefined ? {} : { stdin }) };
}

const commands = fc.array(
  fc.constantFrom(
    ...KNOWN.flatMap(([, row]) => [
      commandOf(row),
      ...(row.more ?? []).map((rest) => commandOf(row, rest)),
    ]),
  ),
  { maxLength: 12 },
);
const events = fc.constantFrom<Event>(CONFIG_CHANGED, ACTION);

type Change = (slice: Draft<JujuSlice>) => void;
type Writing = {
  readonly seen: JujuSlice;
  set(change: Change): void;
  buffer(change: Change): void;
};

function ask(command: Command, event: Event, { seen, ...writing }: Writing): void {
  const blobs = { put: () => '', get: () => new Uint8Array() };
  const { argv, stdin } = command;
  juju.handle(
    { seen, others: {}, now: 1000, asked: 1000, blobs, event, charm, ...writing },
    {
      kind: 'commands',
      channel: 'juju',
      argv,
      cwd: '/var/lib/juju/agents/unit-web-0/charm',
      stdin: stdin === undefined ? null : new TextEncoder().encode(stdin),
    },
  );
}

type Ends = { readonly opened: JujuSlice; readonly failed: JujuSlice; readonly done: JujuSlice };

/** What a hook of these commands leaves when it fails, and when it succeeds; what the agent forgets is left out. */
function play(event: Event, all: readonly Command[]): Ends {
  const opened = openHook(unit, event, 0);
  const transaction = openTransaction({ juju: opened } as unknown as State);
  for (const command of all) {
    ask(command, event, {
      seen: transaction.seen.juju,
      set: (change) => setNow(transaction, 'juju', change),
      buffer: (change) => buffer(transaction, 'juju', change),
    });
  }
  const { kept, seen } = transaction;
  return { opened, failed: forgotten(kept.juju), done: forgotten(seen.juju) };
}

function forgotten(slice: JujuSlice): JujuSlice {
  return { ...slice, hook: null };
}

/** The same commands on one value, as if there were no transaction. */
function inOne(event: Event, all: readonly Command[]): JujuSlice {
  let slice = openHook(unit, event, 0);
  const change = (how: Change): void => void (slice = produce(slice, how));
  for (const command of all) ask(command, event, { seen: slice, set: change, buffer: change });
  return forgotten(slice);
}

function changed(before: JujuSlice, after: JujuSlice): readonly string[] {
  const keys = Object.keys(after) as (keyof JujuSlice)[];
  return keys.filter((key) => key !== 'hook' && before[key] !== after[key]).sort();
}

describe('a hook command', () => {
  it('is in the table of what lands when, whichever it is', () => {
    expect(Object.keys(HOOK_COMMANDS).filter((name) => !Object.hasOwn(TABLE, name))).toEqual([]);
  });

  it.each(KNOWN)('%s changes what its row says, when it says', (name, row) => {
    const event = name.startsWith('action-') ? ACTION : CONFIG_CHANGED;
    const { opened, failed, done } = play(event, [commandOf(row)]);
    const [now, commit] = [row.now ?? [], row.commit ?? []];
    expect(changed(opened, failed)).toEqual(now.toSorted());
    expect(changed(opened, done)).toEqual([...new Set([...now, ...commit])].sort());
  });
});

describe('a hook of any commands', () => {
  it('that fails has changed only what lands at once', () => {
    fc.assert(
      fc.property(events, commands, (event, all) => {
        const { opened, failed } = play(event, all);
        const allowed = all.flatMap((command) => [
          ...(rowOf(command).now ?? []),
          ...(NOW_TOO[nameOf(command)] ?? []),
        ]);
        expect(allowed).toEqual(expect.arrayContaining([...changed(opened, failed)]));
      }),
    );
  });

  it('that fails leaves what it would have left without the commands that wait for the commit', () => {
    fc.assert(
      fc.property(events, commands, (event, all) => {
        const atOnce = all.filter((command) => rowOf(command).now !== undefined);
        expect(play(event, all).failed).toEqual(play(event, atOnce).failed);
      }),
    );
  });

  it('that succeeds leaves all that its commands wrote, in their order', () => {
    fc.assert(
      fc.property(events, commands, (event, all) => {
        expect(play(event, all).done).toEqual(inOne(event, all));
      }),
    );
  });
});
