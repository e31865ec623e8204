/** What every hook command is: its flags, whether it reads stdin, and what it does in a hook context. */
import type { Draw } from '../../model/counterpart.ts';
import type { Answer, CommandRequest } from '../../model/request.ts';
import type { Flags, Parsed } from './arguments.ts';
import type { JujuSlice } from './slice.ts';

export type HookContext = Draw<JujuSlice, object>;
export type HookCommand = {
  readonly flags: Flags;
  run(context: HookContext, parsed: Parsed, request: CommandRequest): Answer;
};

export function unitName(slice: JujuSlice): string {
  return `${slice.app}/${slice.unit}`;
}

/**
 * Whether the unit leads its application. Each yes is claimed anew, a no holds for the rest of the hook.
 * Source: juju internal/worker/uniter/runner/context/leader.go
 */
export function leads({ seen, set }: HookContext): boolean {
  if (seen.hook?.notLeader) return false;
  if (!seen.leader && seen.hook) {
    set((slice) => {
      if (slice.hook) slice.hook.notLeader = true;
    });
  }
  return seen.leader;
}
