/**
 * A stage: one worker, one sandbox, one event at a time. It says how each event ended and decides
 * nothing about Juju.
 * Source: juju internal/worker/uniter/runner (runner.go), for what a program finds when it
 * starts.
 * Not modelled: direct system calls that tell of cpus, memory or the host's clock.
 */
import type { Changes } from '../files/tree.ts';
import type { Ended, Job, Listener, Stage } from '../model/dispatch.ts';
import type { Blobs } from '../model/counterpart.ts';
import { Mistake } from '../model/mistake.ts';
import type { End, Limit } from '../model/outcome.ts';
import { openBareRoot, type BareRoot } from '../files/made-root.ts';
import { withPrograms } from './bare-programs.ts';
import { fromWire, toWire } from './charm-changes.ts';
import type { EndedFrame, ForkFrame, WireChanges } from './control-frames.ts';
import { withRootChanges } from './root-changes.ts';
import { openRootLayers } from './root-layers.ts';
import { endOf, reasonOf } from './ending.ts';
import { wireChanges } from './machine-frames.ts';
import { openRealPrograms } from './real-programs.ts';
import { runEvent, type RunningEvent, type Surroundings } from './running-event.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import { NoNamespaces } from './sandbox-refusal.ts';
import { openSockets, type Sockets } from './stage-sockets.ts';
import { launchSandbox } from './launch-sandbox.ts';
import type { StageOptions } from './stage-options.ts';

const KILL_ANSWER_MS = 5000;
/**
 * Ends that come at a moment of the host's choosing: what the event had written by then is
 * nobody's answer.
 */
const ARBITRARY: readonly Limit[] = ['time', 'memory', 'processes', 'output'];

/** A stage, and what is worth telling people of it. */
export type OpenStage = Stage & {
  /** What this host does not allow and how the sandbox makes do, in words; empty on a good host. */
  readonly rungs: readonly string[];
  /** Imports that are left to each event of a Python charm, with why. */
  readonly left: Readonly<Record<string, string>>;
};

/**
 * Opens a stage; throws a Mistake, with a remedy, when this host does not let the sandbox be
 * made, nor a charm be confined.
 */
export async function openStage(options: StageOptions): Promise<OpenStage> {
  try {
    return await openStageAs(options);
  } catch (error) {
    if (options.sandbox !== 'namespaces' || !(error instanceof NoNamespaces)) throw error;
    try {
      const stage = await openStageAs({ ...options, sandbox: 'confined' });
      return { ...stage, rungs: [...stage.rungs, whyConfined(error)] };
    } catch (worse) {
      throw worse instanceof Mistake ? error : worse;
    }
  }
}

function whyConfined({ message, hint = '' }: Mistake): string {
  return `${message}. ${hint.replace(/\.$/, '')}`.trim();
}

async function openStageAs(options: StageOptions): Promise<OpenStage> {
  let running: RunningEvent | null = null;
  const sockets = await openSockets(options, () => running);
  const reals = openRealPrograms(options.workFolder, {
    sandboxed: options.sandbox === 'namespaces',
  });
  let sandbox = await started(options, sockets);
  let layers = openRootLayers(sockets.packs);
  return {
    ...(options.sandbox === 'namespaces' ? {} : { makeshift: true as const }),
    rungs: sandbox.hello.rungs,
    left: sandbox.hello.left,
    async dispatch(job, listener, blobs) {
      if (running) throw new Error('a stage plays one event at a time');
      if (!sandbox.alive()) {
        sandbox = await started(options, sockets);
        layers = openRootLayers(sockets.packs);
      }
      const root = bareRoot(job, { bare: sockets.bare, blobs, options });
      const { limits } = job;
      const send: Around['send'] = (errand) => reals.send(errand, { blobs, limits });
      const kill = (): void => {
        reals.cut();
        sandbox.kill();
      };
      const event = beginEvent(job, listener, { sockets, sandbox, root, send, kill });
      running = event;
      try {
        const frame = { ...forkFrame(job, options, blobs), root: layers.frame(job, blobs) };
        const ended = await timed(event, sandbox, sandbox.play(frame, event.signal));
        await event.settled();
        event.pass(true);
        event.close();
        await sockets.hangUp();
        if (event.bug()) throw event.bug();
        const after = settled(event, ended, blobs);
        if (root) return { ...after, root: root.changes() };
        if (after.end.kind === 'not-started') layers.failed(frame.root);
        layers.ended(frame.root, isKept(ended), isArbitrary(after.end) ? null : (after.root ?? {}));
        return after;
      } finally {
        running = null;
      }
    },
    send: reals.send,
    async [Symbol.asyncDispose]() {
      await reals.close();
      await sandbox.end();
      await sockets.close();
    },
  };
}

/** Without a sandbox: the machine's root, with its programs on PATH. */
function bareRoot(
  { root = {} }: Job,
  { bare, blobs, options }: { bare: string | null; blobs: Blobs; options: StageOptions },
): BareRoot | null {
  return bare === null
    ? null
    : withPrograms(openBareRoot(root, blobs), bare, options.machineCommands);
}

async function started(options: StageOptions, sockets: Sockets): Promise<SandboxProcess> {
  try {
    return await launchSandbox(options, sockets);
  } catch (error) {
    await sockets.close();
    throw error;
  }
}

type Around = Pick<Surroundings, 'root' | 'send' | 'kill'> & {
  readonly sockets: Sockets;
  readonly sandbox: SandboxProcess;
};

function beginEvent(
  job: Job,
  listener: Listener,
  { sockets, sandbox, ...doing }: Around,
): RunningEvent {
  const { output, setClock, bare } = sockets;
  const event = runEvent(job, listener, {
    output,
    setClock,
    bare,
    pid: sandbox.pid,
    received: sockets.received,
    change: (root) => sandbox.change({ kind: 'root', changes: wireChanges(root) }),
    stage: (made) => sandbox.change({ kind: 'processes', ...made }),
    ...doing,
  });
  setClock(job.now);
  const allowed = job.limits.output;
  output.begin(allowed, () =>
    event.cut({ kind: 'limit', of: 'output', allowed: `${allowed} bytes` }),
  );
  return event;
}

/** The event's end, cut short when its time is over; null when the sandbox itself is gone. */
async function timed(
  event: RunningEvent,
  sandbox: SandboxProcess,
  playing: Promise<EndedFrame>,
): Promise<EndedFrame | null> {
  const { seconds } = event.job.limits;
  let grace: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    event.cut({ kind: 'limit', of: 'time', allowed: `${seconds} s` });
    grace = setTimeout(() => void sandbox.end(), KILL_ANSWER_MS);
  }, seconds * 1000);
  try {
    return await playing;
  } catch (error) {
    if (event.cutBy()) return null;
    event.cut({ kind: 'not-started', reason: (error as Error).message });
    return null;
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
  }
}

function isArbitrary(end: End): boolean {
  return end.kind === 'limit' && ARBITRARY.includes(end.of);
}

function settled(event: RunningEvent, ended: EndedFrame | null, blobs: Blobs): Ended {
  const end = endOf(event, ended);
  const { job } = event;
  const left = isArbitrary(end) ? null : ended;
  const now = event.now();
  const after = (earlier: Changes, changes: WireChanges | null | undefined): Changes =>
    changes ? fromWire(changes, { earlier, now, blobs }) : earlier;
  const folders = Object.entries(job.folders).map(
    ([path, earlier]) => [path, after(earlier, left?.folders?.[path])] as const,
  );
  return {
    end,
    reason: reasonOf(event, end),
    charmDir: after(job.charmDir, left?.changes),
    folders: Object.fromEntries(folders),
    root: withRootChanges(job.root ?? {}, left?.root ?? {}, { now, blobs }),
    ...(left?.left && left.left.length > 0 ? { left: left.left } : {}),
  };
}

/** Whether the server has a layer of what the event changed. */
function isKept(ended: EndedFrame | null): boolean {
  return ended?.root ? Object.keys(ended.root).length > 0 : false;
}

function forkFrame(job: Job, options: StageOptions, blobs: Blobs): Omit<ForkFrame, 'root'> {
  const { machineCommands } = options;
  const machine = namesOf(job, (channel) => channel === 'machine');
  const sockets = job.channels.flatMap((c) => (c.kind === 'http' ? [c.socket] : []));
  const { memory, processes, files } = job.limits;
  return {
    kind: 'fork',
    unit: job.unit,
    path: job.path,
    environment: job.environment,
    commands: namesOf(job, (channel) => channel !== 'machine'),
    programs: machine.filter((name) => !machineCommands.includes(name)),
    containers: options.containers.filter((name) => sockets.includes(socketPath(name))),
    snapd: sockets.includes(SNAPD),
    charmDir: toWire(job.charmDir, blobs),
    folders: mapped(job.folders, (changes) => toWire(changes, blobs)),
    files: mapped(job.files, (digest) => Buffer.from(blobs.get(digest)).toString('base64')),
    ...(job.processes ? { processes: job.processes } : {}),
    start: job.now,
    seed: job.seed,
    machine: job.machine,
    limits: { memory, processes, files },
    ...(job.terminal ? { terminal: job.terminal } : {}),
  };
}

function namesOf({ channels }: Job, of: (channel: string) => boolean): readonly string[] {
  const names = channels.flatMap((c) => (c.kind === 'commands' && of(c.channel) ? c.names : []));
  return [...new Set(names)].sort();
}

function mapped<From, To>(
  all: Readonly<Record<string, From>>,
  make: (one: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, make(one)]));
}

const SNAPD = '/run/snapd.socket';

function socketPath(container: string): string {
  return `/charm/containers/${container}/pebble.socket`;
}
