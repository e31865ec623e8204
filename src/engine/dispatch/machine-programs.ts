/**
 * Simulated programs of the machine during one event: their frames as requests, and who looks. In a sandbox the
 * program itself does, at the root it shares with the charm.
 */
import type { Job } from '../model/dispatch.ts';
import type { CommandRequest, Millis, Reply, Request } from '../model/request.ts';
import type { MachineFrame } from './agent-frames.ts';
import type { BareRoot } from '../files/made-root.ts';

/** A reply, or paths that the program is to look at before it asks again. */
export type Told = Reply | { readonly look: readonly string[] };
type Frame = MachineFrame;
type Maybe = Told | null | Promise<Told | null>;
type Tell = (request: Request) => Maybe;
type Programs = (frame: Frame, connection: object) => Maybe;

const STDIN = '/dev/stdin';

/** Without a sandbox: the folder before each of Juju's paths, and the root that stands for the machine's. */
export type Bare = { readonly folder: string; readonly root: BareRoot };

export function machinePrograms(job: Job, tell: Tell, bare: Bare | null): Programs {
  return bare ? barePrograms(job, tell, bare) : (frame) => tell(requestOf(frame, job, null));
}

/** The engine looks and changes, at a root of its own; only a program's input is still to be had from itself. */
function barePrograms(job: Job, tell: Tell, { folder, root }: Bare): Programs {
  const seen = new WeakMap<object, Frame['found']>();
  return (frame, connection) => {
    const ask = (looks: number, before: Frame['found']): Maybe => {
      const asked = tell(requestOf({ ...frame, looks, found: before }, job, folder));
      return asked instanceof Promise
        ? asked.then((told) => answered(told, looks, before))
        : answered(asked, looks, before);
    };
    const answered = (told: Told | null, looks: number, before: Frame['found']): Maybe => {
      if (!told || !('look' in told)) {
        seen.delete(connection);
        return told && changed(told, root, job.now);
      }
      const found = { ...before, ...root.look(told.look) };
      seen.set(connection, found);
      if (told.look.includes(STDIN) && !found[STDIN]) return { look: [STDIN] };
      return ask(looks + 1, found);
    };
    return ask(frame.looks, { ...seen.get(connection), ...frame.found });
  };
}

function changed(reply: Reply, root: BareRoot, now: Millis): Reply {
  const { root: changes = {}, ...rest } = reply;
  root.change(changes, now);
  return rest;
}

function requestOf(frame: MachineFrame, job: Job, bare: string | null): CommandRequest {
  const unmoved = (text: string): string => (bare === null ? text : text.replaceAll(bare, ''));
  const { [STDIN]: input, ...found } = frame.found;
  const argv = frame.argv.map(unmoved);
  return {
    kind: 'commands',
    channel: channelOf(job, argv[0] as string),
    argv,
    cwd: unmoved(frame.cwd),
    stdin: input?.kind === 'file' ? input.bytes : null,
    ...(frame.looks > 0 ? { found } : {}),
    ...(frame.uid === 0 || bare !== null ? {} : { user: frame.uid }),
  };
}

/** What no channel has is still the machine's, to refuse. No hook command is asked for without a context. */
function channelOf({ channels }: Job, name: string): string {
  const of = channels.find(
    (c) => c.kind === 'commands' && c.channel !== 'juju' && c.names.includes(name),
  );
  return of?.channel ?? 'machine';
}
