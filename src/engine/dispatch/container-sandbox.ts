/**
 * A workload container as a sandbox: real programs over the container's files, with the host's programs read-only
 * beneath.
 * Source: namespaces(7), user_namespaces(7); overlayfs of the Linux kernel's documentation.
 * Not modelled: other users than root, which is the only one there is inside; a network beyond the container's own
 * loopback; terminals.
 */

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
  /** The interpreter that makes the sandbox; by default `python3`. */
  readonly python?: string;
};

/** Of everything in the sandbox together. Sizes in bytes. Whoever goes beyond is killed. */
export type ContainerLimits = { readonly memory: number; readonly processes: number };

/** A program as it is started. Paths are the container's. */
export type ContainerProgram = {
  readonly argv: readonly string[];
  /** All of its environment. `argv[0]` without a slash is looked for on this PATH. */
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

/** `failed`: it did not start, in the kernel's words (`no such file or directory`). */
export type ProgramEnd =
  { readonly code: number } | { readonly signal: string } | { readonly failed: string };

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
  start(program: ContainerProgram, output: OutputListener): RunningProgram;
  /**
   * All that lies in the root, by absolute path, folders before what is in them; nothing of the host's programs, nor of
   * what is mounted over it. A name that is no UTF-8 is left out.
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

/** Opens a sandbox; throws a Mistake, with a remedy, when this host does not let it be made. */
export function openContainerSandbox(options: ContainerSandboxOptions): Promise<ContainerSandbox> {
  throw new Error(`no sandbox over ${options.root} yet`);
}
