/** Wrong answers, one in each of five hook commands: the differential test has to notice every one. */
import type { Draft } from 'immer';
import type { HookCommand, HookContext } from '../../src/engine/world/juju/command.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { HOOK_COMMANDS } from '../../src/engine/world/juju/table.ts';

export type Planted = {
  /** What is wrong, as a sentence. */
  readonly about: string;
  readonly command: string;
  /** The command with the mistake in it. */
  readonly wrong: (right: HookCommand) => HookCommand;
};

type Change = (slice: Draft<JujuSlice>) => void;

/** The context as it is, but for what comes of every change the command makes. */
function after(context: HookContext, more: Change): HookContext {
  const both =
    (change: Change): Change =>
    (slice) => {
      change(slice);
      more(slice);
    };
  return {
    ...context,
    set: (change) => context.set(both(change)),
    buffer: (change) => context.buffer(both(change)),
  };
}

function changing(more: Change): Planted['wrong'] {
  return (right) => ({
    ...right,
    run: (context, parsed, request) => right.run(after(context, more), parsed, request),
  });
}

export const PLANTED: readonly Planted[] = [
  {
    about: 'relation-set loses the values that have a blank in them',
    command: 'relation-set',
    wrong: changing((slice) => {
      for (const { localUnit } of Object.values(slice.relations))
        for (const [key, value] of Object.entries(localUnit))
          if (value.includes(' ')) delete localUnit[key];
    }),
  },
  {
    about: 'status-set forgets the message of a waiting unit',
    command: 'status-set',
    wrong: changing(({ unitStatus }) => {
      if (unitStatus.status === 'waiting') unitStatus.message = '';
    }),
  },
  {
    about: 'open-port takes UDP for TCP',
    command: 'open-port',
    wrong: changing(({ ports }) => {
      for (const port of Object.keys(ports).filter((one) => one.endsWith('/udp'))) {
        ports[port.replace('/udp', '/tcp')] = ports[port] ?? [];
        delete ports[port];
      }
    }),
  },
  {
    about: 'config-get tells an integer that is zero as absent',
    command: 'config-get',
    wrong: (right) => ({
      ...right,
      run(context, parsed, request) {
        const answer = right.run(context, parsed, request);
        if (answer.kind !== 'reply' || typeof answer.out !== 'string') return answer;
        return { ...answer, out: answer.out.replace(/"count":0,?/, '') };
      },
    }),
  },
  {
    about: 'secret-add forgets the description',
    command: 'secret-add',
    wrong: changing(({ secrets }) => {
      for (const secret of Object.values(secrets)) secret.description = '';
    }),
  },
];

/** Puts the mistake in for as long as the answer is in use. */
export function plant({ command, wrong }: Planted): Disposable {
  const table = HOOK_COMMANDS as Record<string, HookCommand>;
  const right = table[command];
  if (!right) throw new Error(`there is no hook command ${command}`);
  table[command] = wrong(right);
  return {
    [Symbol.dispose]() {
      table[command] = right;
    },
  };
}
