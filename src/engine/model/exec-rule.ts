/** How programs behave that a tree gives rules for, wherever they run. The same shape as a container's rules. */
import type { Millis } from './request.ts';

/** What a program does: its exit code (0), what it prints, and files it writes by absolute path; null removes one. */
export type RuledOutput = {
  readonly exit?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly files?: Readonly<Record<string, string | null>>;
};
/** A daemon that a program leaves. `needs`: by absolute path, a text without which it does not start. */
export type Daemon = {
  readonly listens?: readonly string[];
  readonly pidFile?: string;
  readonly user?: string;
  readonly needs?: Readonly<Record<string, string>>;
};
/** A program that may be called: words that a command begins with, or a pattern that its joined words fit. */
export type ProgramCallRule = RuledOutput & {
  readonly command: readonly string[] | { readonly like: string };
  /** By a text that its input holds: what it does then instead. */
  readonly stdin?: Readonly<Record<string, RuledOutput>>;
  readonly takes?: Millis;
  readonly starts?: Daemon;
};
