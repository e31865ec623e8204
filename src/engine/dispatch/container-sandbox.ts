/**
 * A workload container as a sandbox: real programs over the container's files, with the host's programs read-only
 * beneath.
 * Source: namespaces(7), user_namespaces(7); overlayfs of the Linux kernel's documentation.
 * Not modelled: other users than root, which is the only one there is inside; a network beyond the container's own
 * loopback; terminals.
 */
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ContainerExchange } from './container-exchange.ts';
import { startContainer } from './container-process.ts';

/** What a sandbox is opened with. Paths are the host's. */
export type ContainerSandboxOptions = {
  /**
   * The container's root: a folder that the caller made and filled. Nobody but the sandbox writes below it until it is
   * closed: `files` and `write` are the way there. Its owner may be another afterwards.
   */
  readonly root: string;
  /** An empty folder of this sandbox's own on the same file system as `root`. */
  readonly workFolder: string;
  /** Folders that lie over the root, by their path in the container, writable: storage. */
  readonly mounts?: Readonly<Record<string, string>>;
  readonly limits?: ContainerLimits;
  /** What `date` takes for the time, in milliseconds since 1970; absent: the host's. */
  readonly now?: number;
  /** The interpreter that makes the sandbox; by default `python3`. */
  readonly python?: string;
  /** False: makes do, on any host, with what one has whose kernel refuses layers. */
  readonly layers?: boolean;
};

/** Of everything in the sandbox together. Sizes in bytes. Whoever goes beyond is killed. */
export type ContainerLimits = { readonly memory: number; readonly processes: number };

/** A program as it is started. Paths are the container's. */
export type ContainerProgram = {
  readonly argv: readonly string[];
  /** The file to execute; absent: what `argv[0]` is found to be on its environment's PATH. */
  readonly file?: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Numbers as Pebble takes them from its plan; only 0 can be, any other is refused as Linux does. */
  readonly user?: number;
  readonly group?: number;
  /** Without: it finds an empty input. */
  readonly stdin: boolean;
  /** `joined`: what it writes to stderr comes as stdout, in the order of writing. */
  readonly stderr: 'split' | 'joined';
};

/**
 * `failed`: it did not start, in the kernel's words (`no such file or directory`). `limit`: what it was killed for.
 */
export type ProgramEnd =
  | { readonly code: number }
  | { readonly signal: string; readonly limit?: keyof ContainerLimits }
  | { readonly failed: string };

export type OutputListener = (bytes: Uint8Array, stream: 'stdout' | 'stderr') => void;

/** A program and its process group. What it is told after its end is dropped. */
export type RunningProgram = {
  write(bytes: Uint8Array): void;
  /** Its input ends here. */
  end(): void;
  /** A signal's whole name (`SIGTERM`), to all of its process group or to the program alone. */
  signal(name: string, to?: 'group' | 'program'): void;
  /**
   * Comes when the program has ended and all that was written to its outputs by then has been told. What it left
   * running in its group goes on until it is killed.
   */
  readonly exited: Promise<ProgramEnd>;
};

/** A file of the container's root. `mode`: permission bits. `modified`: milliseconds since 1970. */
export type ContainerFile =
  | {
      readonly kind: 'file';
      readonly mode: number;
      readonly modified: number;
      readonly size: number;
      /** Another when the file has been written to since. */
      readonly version: string;
    }
  | { readonly kind: 'dir'; readonly mode: number; readonly modified: number }
  | {
      readonly kind: 'link';
      readonly mode: number;
      readonly modified: number;
      readonly target: string;
    };
/** Null: what is there is removed, with all below it. */
export type ContainerWrite =
  | {
      readonly kind: 'file';
      readonly mode: number;
      readonly modified: number;
      readonly bytes: Uint8Array;
    }
  | Exclude<ContainerFile, { readonly kind: 'file' }>
  | null;

export type ContainerSandbox = {
  /** On the host; below it are the first process in the sandbox and, below that, all others. */
  readonly pid: number;
  start(program: ContainerProgram, output: OutputListener): RunningProgram;
  /** A connection within the container's own network: what comes is its stdout. */
  connect(host: string, port: number, output: OutputListener): RunningProgram;
  /** The file that a program's name stands for on this PATH, or null. */
  find(name: string, path: string): Promise<string | null>;
  /**
   * All that lies in the root and in what is mounted over it, by absolute path, folders before what is in them; nothing
   * of the host's programs. A name that is no UTF-8 is left out, and so is what is no file, folder or link.
   */
  files(): Promise<ReadonlyMap<string, ContainerFile>>;
  /** The contents of a file of the root, or null when there is none at this path; links are not followed. */
  read(path: string): Promise<Uint8Array | null>;
  /** Writes to the root in this order, as programs in it see it; folders above must be there. */
  write(changes: readonly (readonly [path: string, ContainerWrite])[]): Promise<void>;
  /** What this host does not allow and how the sandbox makes do, in words; empty on a good host. */
  readonly rungs: readonly string[];
  /** Kills everything in it. The root is the caller's again. */
  close(): Promise<void>;
};

const MIB = 1024 * 1024;
const USUAL: ContainerLimits = { memory: 1024 * MIB, processes: 128 };
/** What programs are told that the machine is called. */
const HOSTNAME = 'container';

function planOf(options: ContainerSandboxOptions) {
  const { root, workFolder, mounts = {}, limits, layers = true, now } = options;
  return {
    root,
    work: workFolder,
    mounts,
    layers,
    limits: { ...USUAL, ...limits },
    hostname: HOSTNAME,
    ...(now === undefined ? {} : { now }),
  };
}

function numberOf(signal: string): number {
  const number = (constants.signals as Readonly<Record<string, number>>)[signal];
  if (number === undefined) throw new Error(`${signal} is no signal`);
  return number;
}

/** Takes away what only served the mounts. */
function tidy({ root, workFolder }: ContainerSandboxOptions, made: readonly string[]): void {
  for (const name of readdirSync(workFolder)) {
    const folder = join(workFolder, name);
    const locked = join(folder, 'work');
    if (existsSync(locked)) chmodSync(locked, 0o700);
    rmSync(folder, { recursive: true, force: true });
  }
  for (const name of made.toReversed()) {
    const path = join(root, name);
    try {
      if (lstatSync(path).isSymbolicLink()) unlinkSync(path);
      else rmdirSync(path);
    } catch {
      // There is something in it by now, or nothing of it left.
    }
  }
}

type Listening = Pick<ContainerExchange, 'start' | 'tell'>;

function started(exchange: Listening, program: object, output: OutputListener): RunningProgram {
  const { promise: exited, resolve } = Promise.withResolvers<ProgramEnd>();
  const id = exchange.start(program, { output, ended: resolve });
  return {
    exited,
    write: (bytes) => exchange.tell(id, { kind: 'input' }, bytes),
    end: () => exchange.tell(id, { kind: 'end' }),
    signal: (name, to = 'group') =>
      exchange.tell(id, { kind: 'signal', number: numberOf(name), group: to === 'group' }),
  };
}

function written(changes: readonly (readonly [string, ContainerWrite])[]) {
  const files = changes.flatMap(([, one]) => (one?.kind === 'file' ? [one.bytes] : []));
  const entries = changes.map(([path, one]) => {
    if (one?.kind !== 'file') return [path, one];
    const { bytes, ...member } = one;
    return [path, { ...member, size: bytes.length }];
  });
  return { entries, bytes: Buffer.concat(files) };
}

/** Opens a sandbox; throws a Mistake, with a remedy, when this host does not let it be made. */
export async function openContainerSandbox(
  options: ContainerSandboxOptions,
): Promise<ContainerSandbox> {
  const exchange = new ContainerExchange();
  const process = await startContainer(options.python ?? 'python3', planOf(options), exchange);
  exchange.begin(process);
  return {
    pid: process.pid,
    rungs: process.hello.rungs,
    start: ({ stderr, ...program }, output) =>
      started(exchange, { ...program, joined: stderr === 'joined' }, output),
    connect: (host, port, output) =>
      started(exchange, { host, port, stdin: true, joined: false }, output),
    async find(name, path) {
      return (await exchange.ask({ kind: 'find', name, path })).value as string | null;
    },
    async files() {
      const { bytes } = await exchange.ask({ kind: 'files' });
      return new Map(JSON.parse(Buffer.from(bytes).toString('utf8')) as [string, ContainerFile][]);
    },
    async read(path) {
      const { value, bytes } = await exchange.ask({ kind: 'read', path });
      return value === true ? bytes : null;
    },
    async write(changes) {
      const { entries, bytes } = written(changes);
      await exchange.ask({ kind: 'write', entries }, bytes);
    },
    async close() {
      await process.end();
      tidy(options, process.hello.made);
    },
  };
}
