/**
 * One event while it runs: requests go to the listener in order of arrival, after the lines
 * printed before them, and whatever cuts the event short is noted once.
 */
import type { Job, Listener, ProcessesChange } from '../model/dispatch.ts';
import type { Brought, Errand } from '../model/errand.ts';
import type { Json } from '../model/json.ts';
import type { End } from '../model/outcome.ts';
import type { Millis, Reply, Request } from '../model/request.ts';
import type { AgentFrame, MachineFrame } from './agent-frames.ts';
import type { SignalFrame } from './control-frames.ts';
import { allowanceOf } from './allowance.ts';
import type { BareRoot } from '../files/made-root.ts';
import { openWebsockets, type EventWebsockets } from './event-websockets.ts';
import { machinePrograms, type Told as MachineTold } from './machine-programs.ts';
import type { OutputLines } from './output-lines.ts';
import { openTelling, type Told } from './telling.ts';
import { onceHad, openTurns } from './turns.ts';

export type RunningEvent = {
  readonly job: Job;
  /** The trace's time, as last told by the engine. */
  readonly now: () => Millis;
  /** null: no answer will ever come, because the event is being killed. */
  ask(request: Request): Told<Reply>;
  agent(frame: HookFrame): Told<Reply>;
  /** As `agent`, of a program of the machine. Looks of one program come over one connection. */
  machine(frame: MachineFrame, connection: object): Told<MachineTold>;
  /** A signal to a simulated process. False: no answer will ever come. */
  signal(frame: SignalFrame): Promise<boolean>;
  /** Kills the event; the first end given is what it ended of. */
  cut(end: End): void;
  /** Cuts the event at a request: what it did by then counts, nothing after it does. No answer. */
  endHere(end: End): null;
  readonly cutBy: () => End | null;
  /** A bug of ours that showed while answering: dispatch throws it. */
  readonly bug: () => unknown;
  pass(last?: boolean): void;
  /** Resolves when all that was asked is answered, or never will be. */
  settled(): Promise<void>;
  /** Whether the host is away for something that an answer needs. */
  readonly busy: () => boolean;
  /** From here on nothing is answered or told. */
  close(): void;
  readonly websockets: EventWebsockets;
  readonly lastErrors: readonly string[];
  /** The exception that ended a Python charm, in words. */
  readonly raised: () => string | null;
};

type HookFrame = Exclude<AgentFrame, MachineFrame>;

const TRACED = ['emit', 'observe', 'defer', 'raise'] as const;
const KEPT_LINES = 40;

export type Surroundings = {
  readonly output: OutputLines;
  readonly kill: () => void;
  /** Sends the host for something. */
  readonly send: (errand: Errand) => Promise<Brought>;
  /** Changes the machine's root, in the sandbox. */
  readonly change: (root: NonNullable<Reply['root']>) => Promise<void>;
  /** Changes simulated processes, as the charm sees them. */
  readonly stage: (change: ProcessesChange) => Promise<void>;
  readonly setClock: (now: Millis) => void;
  /** The sandbox's pid on the host, and how many bytes came from it by now. */
  readonly pid: number;
  readonly received: () => number;
  /** Without a sandbox: the folder before each of Juju's paths, which no record may tell of. */
  readonly bare: string | null;
  /** Without a sandbox: the machine's root, for simulated programs. */
  readonly root: BareRoot | null;
};

function passLines(
  { output, bare }: Surroundings,
  listener: Listener,
  { lastErrors, last }: { lastErrors: string[]; last: boolean },
): void {
  for (const { stream, text } of output.lines(last)) {
    const told = unmoved(text, bare);
    if (stream === 'stderr') lastErrors.push(told);
    if (lastErrors.length > KEPT_LINES) lastErrors.shift();
    listener.line(stream, told);
  }
}

function tooManyCalls({ limits }: Job): End {
  return { kind: 'limit', of: 'calls', allowed: String(limits.calls) };
}

/** Tells of what was traced. Answers what was raised, if that is it. */
function passTrace(
  { what: name, data }: Extract<AgentFrame, { kind: 'traced' }>,
  listener: Listener,
): string | null {
  const what = TRACED.find((one) => one === name);
  if (what) listener.traced(what, data);
  return what === 'raise' ? raisedText(data) : null;
}

function websocketsOf(
  event: () => RunningEvent,
  { pid, received }: Surroundings,
  { answered, over, busy }: { answered: () => number; over: () => boolean; busy: () => boolean },
): EventWebsockets {
  return openWebsockets({
    told: (request) => void event().ask(request),
    rest: () => void (busy() || event().ask({ kind: 'rest' })),
    watched: { pid, received: () => received() + answered(), over },
  });
}

export function runEvent(job: Job, listener: Listener, around: Surroundings): RunningEvent {
  let end: End | null = null;
  let raised: string | null = null;
  let closed = false;
  const lastErrors: string[] = [];
  const allowance = allowanceOf(job.limits);
  const over = (): boolean => closed || end !== null;
  const tooMany = (): null => event.endHere(tooManyCalls(job));
  const turns = openTurns();
  const telling = openTelling(() => ({ ...event, over }), { job, listener, ways: around });
  const tell = (request: Request): Told<MachineTold> => {
    if (over()) return null;
    return allowance.asks(request) ? telling.tell(request) : tooMany();
  };
  const programs = machinePrograms(job, tell, ownRoot(around));
  const event: RunningEvent = {
    job,
    lastErrors,
    websockets: websocketsOf(() => event, around, { ...telling, over, busy: turns.busy }),
    now: telling.now,
    cutBy: () => end,
    bug: telling.bug,
    raised: () => raised,
    cut(why) {
      if (end) return;
      end = why;
      around.kill();
    },
    pass(last = false) {
      if (!closed) passLines(around, listener, { lastErrors, last });
    },
    close() {
      closed = true;
      event.websockets.close();
    },
    endHere(why) {
      // What others of its processes print until they are killed would be the scheduler's doing.
      event.pass(true);
      event.close();
      event.cut(why);
      return null;
    },
    ask(request) {
      return onceHad(
        turns.take(() => withRoot(tell(request), around, job.now)),
        notLooking,
      );
    },
    signal: (frame) => signalled(event, frame),
    settled: turns.over,
    busy: turns.busy,
    machine(frame, connection) {
      return turns.take(() => (over() ? null : programs(frame, connection)));
    },
    agent(frame) {
      if (over()) return null;
      const wrong = wrongContext(job.environment.JUJU_CONTEXT_ID ?? '', frame.context);
      if (wrong) return wrong;
      if (frame.kind === 'traced') {
        if (!allowance.traces()) return tooMany();
        event.pass();
        raised = passTrace(frame, listener) ?? raised;
        return HEARD;
      }
      const reply = event.ask(requestOf(frame, job, around.bare));
      return onceHad(reply, (one) => moved(one, around.bare));
    },
  };
  return event;
}

async function signalled(event: RunningEvent, { pid, signal }: SignalFrame): Promise<boolean> {
  const args = [pid, signal];
  return (await event.ask({ kind: 'calls', channel: 'machine', name: 'signal', args })) !== null;
}

/** An answer to no program changes the root before it is sent. Programs of the machine do that themselves. */
function withRoot(
  told: Told<MachineTold>,
  around: Pick<Surroundings, 'change' | 'root'>,
  now: Millis,
): Told<MachineTold> {
  if (told instanceof Promise) return told.then((one) => withRoot(one, around, now));
  if (!told || 'look' in told || !told.root) return told;
  const { change, root: bare } = around;
  const { root, ...reply } = told;
  if (!bare) return change(root).then(() => reply);
  bare.change(root, now);
  return reply;
}

function notLooking(told: MachineTold | null): Reply | null {
  if (told && 'look' in told) throw new Error('only a program of the machine can look');
  return told;
}

function ownRoot({ bare, root }: Surroundings): { folder: string; root: BareRoot } | null {
  return bare !== null && root ? { folder: bare, root } : null;
}

const HEARD: Reply = { kind: 'reply', code: 0, out: '' };

/** Source: juju internal/worker/uniter/runner/jujuc/server.go. */
function wrongContext(expected: string, got: string): Reply | null {
  if (got === expected) return null;
  const err = `ERROR bad request: expected context id "${expected}", got "${got}"\n`;
  return { kind: 'reply', code: 1, out: '', err };
}

function unmoved(text: string, bare: string | null): string {
  return bare === null ? text : text.replaceAll(bare, '');
}

/** Without a sandbox Juju's folder lies elsewhere: paths in an answer lead there. */
function moved(reply: Reply | null, bare: string | null): Reply | null {
  if (reply === null || bare === null) return reply;
  const here = (text: string): string => text.replaceAll('/var/lib/juju', `${bare}/var/lib/juju`);
  const out = typeof reply.out === 'string' ? here(reply.out) : reply.out;
  const files = reply.files?.map((file) => ({ ...file, path: here(file.path) }));
  return { ...reply, out, ...(files ? { files } : {}) };
}

function requestOf(
  frame: Exclude<HookFrame, { kind: 'traced' }>,
  job: Job,
  bare: string | null,
): Request {
  const kind = frame.kind === 'command' ? 'commands' : 'calls';
  const name = frame.kind === 'command' ? (frame.argv[0] ?? '') : frame.name;
  const found = job.channels.find((c) => c.kind === kind && c.names.includes(name));
  if (frame.kind === 'command') {
    // A program that changes machines and that no counterpart has claimed is still the machine's
    // to refuse.
    const channel = found?.channel ?? 'machine';
    const argv = frame.argv.map((part) => unmoved(part, bare));
    const cwd = unmoved(frame.cwd, bare);
    const files = Object.keys(frame.files).length > 0 ? { files: frame.files } : {};
    return { kind: 'commands', channel, argv, cwd, stdin: frame.stdin, ...files };
  }
  return { kind: 'calls', channel: found?.channel ?? 'clock', name, args: frame.args };
}

function raisedText(data: Json): string | null {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return null;
  const { type, message, in: where } = data as { type?: Json; message?: Json; in?: Json };
  if (typeof type !== 'string') return null;
  const text = typeof message === 'string' && message !== '' ? `${type}: ${message}` : type;
  return where === 'loader.py' ? `.playbill/loader.py: ${text}` : text;
}
