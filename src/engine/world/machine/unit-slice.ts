/**
 * What a machine's service manager knows beyond what its unit files say: which units run, failed or were left as they
 * were, the processes there are, what was logged, and how the tree says that programs behave.
 * Source: systemd.unit(5), systemd.service(5), org.freedesktop.systemd1(5).
 * Whether a unit is enabled or masked is in no slice: links under /etc/systemd/system say it, as on a real machine.
 */
import type { ProgramCallRule } from '../../model/exec-rule.ts';
import type { Millis } from '../../model/request.ts';

export type ActiveState = 'active' | 'inactive' | 'failed' | 'activating' | 'deactivating';
/** Why a service is no longer running, or could not be started; `success` as usual. */
export type ServiceResult =
  | 'success'
  | 'exit-code'
  | 'signal'
  | 'core-dump'
  | 'timeout'
  | 'resources'
  | 'protocol'
  | 'start-limit-hit';
/**
 * A unit that is not simply inactive, or that has been. `loaded`: what its files held when the manager read them, by
 * path in the order of reading, digests of the store; until it is told to reload, it goes by them.
 */
export type Unit = {
  readonly loaded: readonly { readonly path: string; readonly digest: string }[];
  readonly description: string;
  readonly active: ActiveState;
  /** As systemctl shows it: `running`, `exited`, `dead`, `failed`, `auto-restart`, `listening`, `waiting`. */
  readonly sub: string;
  readonly result: ServiceResult;
  /** The process that is its main one; 0: none. */
  readonly mainPid: number;
  /** The last main process that there was. */
  readonly lastPid?: number;
  /** How the main process last ended: its code, or the signal that it died of. Absent: it has not. */
  readonly exited?: { readonly code: number } | { readonly signal: string };
  readonly since: Millis;
  /** What happens to it by itself, and when: its program exits, it is started again, it has stopped. */
  readonly timer?: { readonly what: 'exit' | 'restart' | 'stop'; readonly at: Millis };
  /** How often it was started again by itself since somebody started it. */
  readonly restarts?: number;
  /** How often it was told to reload since it was started. */
  readonly reloads?: number;
  /** Of a service that runs: whether it is started again when it exits, and how long that is waited for. */
  readonly again?: { readonly on: string; readonly after: Millis };
  /** Starts by itself in a row, oldest first: too many in a while are refused. */
  readonly starts?: readonly Millis[];
  /** The program, and the file with its pid, as the start that made it run had them. */
  readonly argv?: readonly string[];
  readonly pidFile?: string;
  readonly type?: string;
  /** It counts as active once its commands have ended. */
  readonly remain?: boolean;
  /** What it is told to do once it has stopped. */
  readonly job?: 'restart';
  readonly user?: string;
  /** How long it has to stop before it is killed. */
  readonly stopTimeout?: Millis;
};
/** A process, as far as it is simulated. `unit`: the unit that it belongs to, null: nobody's. */
export type Process = {
  readonly argv: readonly string[];
  readonly user: string;
  readonly unit: string | null;
  /** Ports that it listens on: `8888/tcp`. */
  readonly listens: readonly string[];
  /** Signals that it was sent and lived on, in order. */
  readonly signals: readonly string[];
  readonly started: Millis;
  /** The file that it wrote its pid to, where it is no unit's. */
  readonly pidFile?: string;
};
/** One line of the journal. */
export type Logged = {
  readonly at: Millis;
  readonly unit: string;
  /** Who said it: `systemd` or the program's own name. */
  readonly by: string;
  readonly pid: number;
  readonly text: string;
};
/**
 * How a unit's program behaves, as the tree or its package says: it exits with this after so long, prints, listens,
 * writes its pid; a start fails as long as a file lacks a text. As usual it keeps running and stops when asked.
 */
export type UnitProgram = {
  /** An exit code, or the signal that it dies of; absent: it keeps running. */
  readonly exits?: number | string;
  readonly after?: Millis;
  readonly slow?: Millis;
  readonly output?: string;
  readonly listens?: readonly string[];
  readonly pidFile?: string;
  /** By absolute path: a text without which a start or reload fails. */
  readonly needs?: Readonly<Record<string, string>>;
};
/** What is known of the machine's service manager. Members are absent when nothing is. */
export type UnitsPart = {
  readonly units?: Readonly<Record<string, Unit>>;
  /** By unit, as the tree says: how its program behaves. */
  readonly unitPrograms?: Readonly<Record<string, UnitProgram>>;
  /** By pid. */
  readonly processes?: Readonly<Record<string, Process>>;
  readonly nextPid?: number;
  /** Oldest first; no more than the last thousand lines. */
  readonly journal?: readonly Logged[];
  /** How programs behave that the machine has no others for: the first rule that fits decides. */
  readonly execs?: readonly ProgramCallRule[];
  /** As hostname tells it, when it was set. */
  readonly hostname?: string;
  /** As timedatectl tells it, when it was set. */
  readonly timezone?: string;
  /** Kernel parameters that were set, by their name with dots. */
  readonly sysctl?: Readonly<Record<string, string>>;
  readonly firewall?: Firewall;
};
/** `rules`: as ufw lists them, in order. */
export type Firewall = {
  readonly enabled: boolean;
  readonly incoming: 'allow' | 'deny' | 'reject';
  readonly outgoing: 'allow' | 'deny' | 'reject';
  readonly rules: readonly FirewallRule[];
};
export type FirewallRule = {
  readonly action: 'allow' | 'deny' | 'reject' | 'limit';
  readonly direction: 'in' | 'out';
  readonly to: string;
  readonly from: string;
  readonly comment?: string;
};
