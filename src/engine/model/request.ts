/**
 * What a charm asks of its surroundings, over the transports that dispatch serves, and what it is told.
 * Bytes travel as they came: `stdin`, `body` and `out` are Uint8Array so that no text is mangled on the way.
 */
import type { Json } from './json.ts';
import type { End } from './outcome.ts';

/** Milliseconds on the trace's clock since 1970, never the host's. */
export type Millis = number;

/** Where requests come in, as a counterpart wants them. `names`: programs on PATH, functions in the process. */
export type Channel =
  | { readonly kind: 'commands'; readonly channel: string; readonly names: readonly string[] }
  | { readonly kind: 'http'; readonly channel: string; readonly socket: string }
  | { readonly kind: 'calls'; readonly channel: string; readonly names: readonly string[] };

/** A hook command or simulated program. argv[0] is its bare name; stdin is null unless the command asks for it. */
export type CommandRequest = {
  readonly kind: 'commands';
  readonly channel: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly stdin: Uint8Array | null;
  /**
   * Of secret-add and secret-set: what is in the files their `key#file=PATH` arguments name, by PATH as written.
   * A path that cannot be read is absent.
   */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Of a program of the machine: the user's number when it is not root's. */
  readonly user?: number;
  /**
   * What is at the paths that answers asked to look at, by absolute path; what is not there is absent. What was asked
   * for as `/dev/stdin` is `stdin`.
   */
  readonly found?: Readonly<Record<string, Found>>;
};
/** What is at a path of the charm's own root when a program looks. `mode` has the permission bits only. */
export type Found =
  | { readonly kind: 'file'; readonly mode: number; readonly bytes: Uint8Array }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'dir'; readonly mode: number }
  /** A device, a socket, a pipe, a file that cannot be read or is larger than may be looked at. */
  | { readonly kind: 'other' };
/** What a program of the machine does to the charm's own root. Owners are names or ids as text; as usual root's. */
export type RootChange =
  | (RootOwned & { readonly kind: 'file'; readonly mode: number; readonly bytes: Uint8Array })
  | (RootOwned & { readonly kind: 'link'; readonly target: string })
  | (RootOwned & { readonly kind: 'dir'; readonly mode: number })
  | { readonly kind: 'removed' };
type RootOwned = { readonly user?: string; readonly group?: string };
/** A request on a container's socket. `url` is path and query as sent; header names are lower case. */
export type HttpRequest = {
  readonly kind: 'http';
  readonly channel: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};
/** A call inside the process: sleep. */
export type CallRequest = {
  readonly kind: 'calls';
  readonly channel: string;
  readonly name: string;
  readonly args: readonly Json[];
};
/**
 * A frame that came on a websocket, or that its connection is gone. `socket`: the name that its opening was answered
 * with.
 */
export type SocketRequest = {
  readonly kind: 'websocket';
  readonly channel: string;
  readonly socket: string;
  readonly frame: SocketFrame;
};
export type SocketFrame =
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  /** With which code; 1006, or null to send, is without a word. */
  | { readonly closed: number | null };
/** Every process of the charm waits, for something on a websocket: time passes. */
export type RestRequest = { readonly kind: 'rest' };
export type Request = CommandRequest | HttpRequest | CallRequest | SocketRequest | RestRequest;

/** `code`: exit code of a command, status of an HTTP answer, 0 of a call. `out`: stdout, HTTP body, JSON of a call. */
export type Reply = {
  readonly kind: 'reply';
  readonly code: number;
  readonly out: string | Uint8Array;
  readonly err?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of HTTP: no answer, the connection is closed. */
  readonly hangUp?: boolean;
  /** Of HTTP with code 101: the connection becomes a websocket, known by this name from here on. */
  readonly socket?: string;
  /**
   * Of a command: files that it writes, as the charm's user, before it ends; folders above are made where
   * `parents` says so. A path that is not absolute counts from the command's cwd.
   */
  readonly files?: readonly CommandFile[];
  /**
   * Of a program of the machine: what becomes of absolute paths before it ends, in this order. Folders above are made
   * where they are missing; `removed` takes a folder with what is in it.
   */
  readonly root?: Readonly<Record<string, RootChange>>;
};
export type CommandFile = {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly parents: boolean;
};
export type Socket = { readonly channel: string; readonly socket: string };
/**
 * What open websockets come to. `frames`: to be sent now. `reads`: frames of the charm are read. `comes`:
 * more frames will be sent when time has passed.
 */
export type Sockets = {
  readonly frames: readonly (Socket & { readonly frame: SocketFrame })[];
  readonly open: readonly Socket[];
  readonly reads: boolean;
  readonly comes: boolean;
};
export type Answer =
  | Reply
  /** The clock moves to the earlier of `until` and whatever is due first; then the request is asked again. */
  | { readonly kind: 'wait'; readonly until: Millis | null }
  /**
   * Asked again with `found`, which holds what earlier looks found as well. A path; `DIR/*`: what is directly in it;
   * `DIR/**`: all that is below; `/dev/stdin`: all of the program's input. Absolute.
   */
  | { readonly kind: 'look'; readonly paths: readonly string[] }
  | { readonly kind: 'unsupported'; readonly what: string; readonly rule?: string }
  /** No answer: the charm's program ends here, killed by who was asked. */
  | { readonly kind: 'end'; readonly end: End };
