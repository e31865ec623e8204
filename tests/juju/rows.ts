/** Tables of hook commands, each in a hook of its own, and several commands in one hook. */
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/engine/model/event.ts';
import type { Answer, CommandRequest } from '../../src/engine/model/request.ts';
import { buffer, openTransaction, setNow } from '../../src/engine/play/transaction.ts';
import { answerCommand } from '../../src/engine/world/juju/answer.ts';
import type { HookMemory, JujuSlice } from '../../src/engine/world/juju/slice.ts';
import type { State } from '../../src/engine/world/state.ts';
import { CHARM, CONFIG_CHANGED, shown, UNIT } from './unit.ts';

type More = Parameters<typeof shown>[1];
/** Title, words as a shell splits them at spaces or one by one, exit code with stdout and stderr, what is special. */
export type Row = readonly [
  string,
  string | readonly string[],
  readonly [number, string, string],
  More?,
];

export const FOLLOWER: JujuSlice = { ...UNIT, leader: false };

export function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    for (const [title, given, expected, more] of rows) {
      it(title, () => {
        const words = typeof given === 'string' ? given.split(' ') : given;
        expect(shown(words, more ?? {})).toEqual(expected);
      });
    }
  });
}

const NO_MEMORY: HookMemory = { unitStatus: null, appStatus: null, notLeader: false, bags: {} };

export type Hook = {
  /** Exit code, stdout and stderr of a command in this hook. */
  run(command: string): readonly [number, string, string];
  answer(request: CommandRequest): Answer;
  /** What happens elsewhere while the hook runs. */
  meanwhile(change: (slice: JujuSlice) => JujuSlice): void;
  readonly seen: JujuSlice;
  readonly kept: JujuSlice;
};

/** A hook in which commands run one after another. */
export function hook(unit: JujuSlice = UNIT, event: Event = CONFIG_CHANGED): Hook {
  const transaction = openTransaction({ juju: { ...unit, hook: NO_MEMORY } } as State);
  return {
    get seen() {
      return transaction.seen.juju;
    },
    get kept() {
      return transaction.kept.juju;
    },
    meanwhile(change) {
      transaction.seen = { ...transaction.seen, juju: change(transaction.seen.juju) };
      transaction.kept = { ...transaction.kept, juju: change(transaction.kept.juju) };
    },
    answer(request) {
      return answerCommand(
        {
          seen: transaction.seen.juju,
          others: {},
          now: 1000,
          asked: 1000,
          blobs: { put: () => '', get: () => new Uint8Array() },
          event,
          charm: CHARM,
          set: (change) => setNow(transaction, 'juju', change),
          buffer: (change) => buffer(transaction, 'juju', change),
        },
        request,
      );
    },
    run(command) {
      const argv = command.split(' ');
      const request = { kind: 'commands', channel: 'juju', argv, cwd: '/', stdin: null } as const;
      const answer = this.answer(request);
      if (answer.kind !== 'reply') throw new Error(`${command}: ${answer.kind}`);
      return [answer.code, String(answer.out), answer.err ?? ''];
    },
  };
}
