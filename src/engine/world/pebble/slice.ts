/**
 * One Pebble per workload container: its layers, services, changes and the container's files.
 * Source: canonical/pebble v1.32 (plan, overlord/servstate, overlord/state).
 */
import type { Dir } from '../../files/tree.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';

/** One layer as added, with the YAML it holds as data. */
export type Layer = { readonly label: string; readonly layer: JsonObject };
export type ServiceState = {
  readonly current: 'active' | 'inactive' | 'backoff' | 'error';
  readonly since: Millis | null;
  /** The plan's entry the service runs with; replan restarts it when the plan says otherwise. */
  readonly running: Json;
  /** Absent: no process of it was ever seen, so that nothing comes of it by itself. */
  readonly life?: ServiceLife;
};
/** Where a service stands, as Pebble's own state machine has it. */
export type Phase =
  'initial' | 'starting' | 'running' | 'terminating' | 'killing' | 'stopped' | 'backoff' | 'exited';
/**
 * What comes by itself: the process exits, has run for long enough to count as started, was given long enough to stop,
 * is started again, has run for long enough to forget earlier failures.
 */
export type ServiceTimer = {
  readonly what: 'exit' | 'okay' | 'terminate' | 'restart' | 'reset';
  readonly at: Millis;
  /** What the process exits with. */
  readonly code?: number;
};
export type ServiceLife = {
  readonly phase: Phase;
  readonly timers: readonly ServiceTimer[];
  /** How often in a row it had to be restarted, and how long it was waited the last time. */
  readonly backoffs: number;
  readonly backoff: Millis;
  /** It is stopped to be started again, after a failing check. */
  readonly restarting: boolean;
  readonly starts: number;
  /** Its program is to be really run, before anything else happens. */
  readonly real?: 'wanted';
  /** What its processes printed, each line with when and who, as Pebble keeps it. */
  readonly log: string;
};
/** How a service's program behaves. A service without one keeps running, silently, and stops when asked to. */
export type Program = {
  /** An exit code, or the signal it dies of; absent: it keeps running. */
  readonly exits?: number | string;
  /** How long it runs before it exits. */
  readonly after: Millis;
  /** What it prints when it starts. */
  readonly output: string;
  /** How long it takes to stop once it is asked to. */
  readonly slow: Millis;
  /** By the signal's name: what it does when it gets it. */
  readonly signals?: Readonly<Record<string, Reaction>>;
  /** The command of the service is really run: what comes of that says whether it keeps running. */
  readonly run?: 'real';
};
/** `files`: what it writes, by absolute path. */
export type Reaction = {
  readonly exits?: number | string;
  readonly output?: string;
  readonly files?: Readonly<Record<string, string>>;
};
/**
 * One thing that happened to a service. `by`: the kind of the change that asked for it, or what else did. `next`: what
 * Pebble does about an exit. `times` and `last`: how often it has happened like this, when more than once.
 */
export type ServiceEvent = {
  readonly at: Millis;
  readonly service: string;
  readonly what:
    'started' | 'restarted' | 'stopped' | 'killed' | 'exited' | 'signalled' | 'shut-down';
  readonly by?: string;
  readonly code?: number;
  readonly next?: string;
  readonly signal?: string;
  /** Its program was really run. */
  readonly real?: true;
  readonly times?: number;
  readonly last?: Millis;
};
export type Task = {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
  readonly status: string;
  readonly log: readonly string[];
  readonly lane: number;
  /** Tasks that must be Done before this one begins. */
  readonly waits: readonly string[];
  /** The service to start or stop. */
  readonly service: string;
  /** When a task that is Doing ends by itself. */
  readonly until: Millis | null;
  readonly spawned: Millis;
  readonly ready: Millis | null;
  /** What kinds of tasks tell besides: the exit code of a program that was executed. */
  readonly data?: JsonObject;
};
export type PebbleChange = {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
  readonly status: string;
  readonly err: string | null;
  /** The status of which its notice was last told. Absent: its notice is told by the change. */
  readonly noted?: string;
  readonly tasks: readonly Task[];
  /** The services that were asked for: what `?for=` finds. */
  readonly services: readonly string[];
  readonly spawned: Millis;
  readonly ready: Millis | null;
  /** The check that it performs or recovers. */
  readonly check?: string;
};
/** `user`: null for everybody's. `repeatAfter` in nanoseconds. Moments may lie between milliseconds. */
export type Notice = {
  readonly user: number | null;
  readonly type: string;
  readonly key: string;
  readonly firstOccurred: Millis;
  readonly lastOccurred: Millis;
  readonly lastRepeated: Millis;
  readonly occurrences: number;
  readonly data: Readonly<Record<string, string>>;
  readonly repeatAfter: number;
};
/** What Pebble knows of a check of the plan. Absent: it has not been started. */
export type CheckState = {
  readonly status: 'up' | 'down' | 'inactive';
  readonly failures: number;
  readonly successes: number;
  /** The change that performs or recovers it; absent: none does. */
  readonly change?: string;
  /** The change before that one, which ended so that this one began. */
  readonly previous?: string;
  /** The plan's entry with which it is performed. */
  readonly running?: JsonObject;
  /** When it is performed next. */
  readonly next?: Millis;
  /** The success that is shown ended the change before; this one has not counted any. */
  readonly recovered?: true;
};
/** `error` in Pebble's words; absent: that nothing is there. `slow`: no answer until the time-out. */
export type CheckFinding =
  | { readonly found: 'up' }
  | { readonly found: 'down'; readonly error?: string }
  | { readonly found: 'slow' };
/** Who may ask. A password is a hash, a certificate is PEM. */
export type Identity = {
  readonly access: 'admin' | 'read' | 'metrics' | 'untrusted';
  readonly local?: { readonly 'user-id': number };
  readonly basic?: { readonly password: string };
  readonly cert?: { readonly pem: string };
};
/** What a program does: its exit code (0), what it prints, and files it writes by absolute path; null removes one. */
export type ExecOutput = {
  readonly exit?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly files?: Readonly<Record<string, string | null>>;
};
/** A program that may be executed: words that a command begins with, or a pattern that its joined words fit. */
export type ExecRule = ExecOutput & {
  readonly command: readonly string[] | { readonly like: string };
  /** By a text that its input holds: what it does then instead. */
  readonly stdin?: Readonly<Record<string, ExecOutput>>;
  readonly takes?: Millis;
  /** By a signal's name: what it does then, instead of dying of it. */
  readonly signals?: Readonly<Record<string, ExecOutput>>;
  readonly run?: 'real';
};
/** Short text as it is, anything else by digest. */
export type Content =
  { readonly text: string } | { readonly digest: string; readonly size: number };
/** `environment` and `workingDir` as the charm gave them. `exit` is null while it runs, or when it never ended. */
export type Executed = {
  readonly task: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly stdin?: Content;
  /** Which the charm sent it. */
  readonly signalled?: readonly string[];
  /** It was really run. */
  readonly real?: true;
  readonly exit: number | null;
};
/** A frame for one of an execution's websockets; `bytes`: a letter (U+0000 to U+00FF) each. */
export type ExecFrame = {
  readonly socket: string;
  readonly frame:
    { readonly text: string } | { readonly bytes: string } | { readonly closed: true };
};
/** What a program that has printed what it prints comes to. */
export type ExecEnding = {
  readonly at: Millis;
  readonly exit: number;
  /** Null: the file is removed. */
  readonly files: Readonly<
    Record<string, { readonly digest: string; readonly size: number } | null>
  >;
};
export type Execution = {
  readonly change: string;
  readonly command: readonly string[];
  /** All that the program finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly rule: ExecRule;
  /** In nanoseconds; 0: none. */
  readonly timeout: number;
  readonly sockets: Readonly<Record<string, 'awaited' | 'open' | 'gone'>>;
  /** What came so far, a letter a byte. */
  readonly stdin: string;
  readonly stdinEnded: boolean;
  /** Signals that came before it began. */
  readonly signals: readonly string[];
  readonly asked: Millis;
  readonly started: Millis | null;
  /** Null: it reads its input. */
  readonly ending: ExecEnding | null;
  readonly ended: boolean;
  /** Of one that is really run: whom its files belong to, and how far it has come. */
  readonly owner?: { readonly user: string; readonly group: string };
  readonly real?: 'wanted' | 'ran';
  /** What is to be sent. */
  readonly frames: readonly ExecFrame[];
};
export type Container = {
  /** Whether the socket is there to connect to. */
  readonly canConnect: boolean;
  readonly bootId: string;
  readonly layers: readonly Layer[];
  readonly services: Readonly<Record<string, ServiceState>>;
  /** By service, as the tree says: how its program behaves. */
  readonly programs: Readonly<Record<string, Program>>;
  /** What happened to services, oldest first; longer ago than a thousand such things is forgotten. */
  readonly history: readonly ServiceEvent[];
  readonly changes: Readonly<Record<string, PebbleChange>>;
  readonly nextChange: number;
  readonly nextTask: number;
  readonly notices: Readonly<Record<string, Notice>>;
  readonly nextNotice: number;
  readonly checks: Readonly<Record<string, CheckState>>;
  /** What a check finds when it is performed, by its name; absent: all is well. */
  readonly checkFindings?: Readonly<Record<string, CheckFinding>>;
  readonly identities?: Readonly<Record<string, Identity>>;
  /** How programs behave that are executed: the first rule that fits decides. */
  readonly execs?: readonly ExecRule[];
  /** Programs under way, and such as the charm still has a websocket of, by the id of the task. */
  readonly executions?: Readonly<Record<string, Execution>>;
  /** A program that is looked for, before anything else happens; `path` once it was, null when there is none. */
  readonly sought?: { readonly program: string; readonly path?: string | null };
  /** What was executed, in the order in which it was asked for. */
  readonly executed?: readonly Executed[];
  /** The folder that its image was read from; then `root` is all of it in a State, in a record what lies over it. */
  readonly base?: Base;
  readonly root: Dir;
  /** In a record: paths of the base that are no more. */
  readonly gone?: Readonly<Record<string, true>>;
  /** What the container has again when it is made anew; absent: nothing. */
  readonly image?: Image;
};
/** `digest`: of the listing of its files, in the store. `tree`: these files; a record does not have it. */
export type Base = {
  readonly digest: string;
  readonly files: number;
  readonly size: number;
  readonly tree?: Dir;
};
/** What an image brings: layers in the folder that Pebble reads first, and files. */
export type Image = {
  readonly layers: readonly Layer[];
  readonly root: Dir;
  readonly gone?: Readonly<Record<string, true>>;
};
export type PebbleSlice = { readonly containers: Readonly<Record<string, Container>> };
