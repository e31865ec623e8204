/**
 * `playbill shell NODE`: a shell where the charm would be, at the node's State, with live hook commands.
 * Source: juju's debug-hooks, which gives a shell the context of a hook. Nothing of it is kept.
 */
import { Mistake } from '../src/engine/model/mistake.ts';
import type { Stage } from '../src/engine/model/dispatch.ts';
import { dispatchEvent } from '../src/engine/play/dispatch-event.ts';
import { resolveEvent } from '../src/engine/play/resolve.ts';
import { atNode, type AtNode } from './node-state.ts';
import type { PlayOptions } from './play-session.ts';
import { printable } from './printable.ts';
import { terminalServer } from './terminal.ts';

export type ShellOptions = PlayOptions & { readonly event?: string };

/** Somebody may think for hours, and look at much. */
const PATIENT = {
  seconds: 24 * 60 * 60,
  calls: 1_000_000,
  output: 1 << 30,
};

function withShell(stage: Stage): Pick<Stage, 'dispatch'> {
  return {
    dispatch: (job, listener, blobs) => {
      const limits = { ...job.limits, ...PATIENT };
      return stage.dispatch({ ...job, limits, terminal: true }, listener, blobs);
    },
  };
}

/** The event whose context the shell has. */
function contextOf({ evaluated }: AtNode, name: string) {
  const { charm } = evaluated.using;
  const at = { file: '', line: 0, column: 0 };
  const found = resolveEvent({ name, kind: 'hook', at }, evaluated.state, charm);
  if ('event' in found) return found.event;
  const [problem] = found.problems;
  throw new Mistake(problem?.message ?? `there is no event ${name}`, { hint: problem?.hint ?? '' });
}

async function openShell(at: AtNode, name: string): Promise<number> {
  const { evaluated, ready } = at;
  const { state, seed, using } = evaluated;
  const event = contextOf(at, name);
  const { app, unit } = state.juju;
  const terminal = terminalServer(process);
  const stage = await ready.shellStage(`${app}/${unit}`, terminal);
  console.error(
    printable(`${app}/${unit} at ${evaluated.record.id}, in the context of ${name}.`) +
      '\nHook commands answer; nothing that you do is kept. "exit" leaves.',
  );
  const { outcome } = await dispatchEvent(withShell(stage) as Stage, state, { event, seed, using });
  return outcome.kind === 'failed' && outcome.end.kind === 'exited' ? outcome.end.code : 0;
}

export async function shellCommand(id: string, options: ShellOptions): Promise<void> {
  const where = { cwd: process.cwd(), options };
  process.exitCode = await atNode(id, where, (at) =>
    openShell(at, options.event ?? 'update-status'),
  );
}
