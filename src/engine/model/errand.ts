/**
 * What a counterpart sends the host for before anything else happens: a program that is looked for, or one that is
 * really run over the files of a container.
 */
import type { Changes, Dir } from '../files/tree.ts';
import type { Millis } from './request.ts';

/** `path`: where a name without a slash is looked for, as in the variable PATH. */
export type FindErrand = {
  readonly kind: 'find';
  readonly container: string;
  readonly program: string;
  readonly path: string;
  readonly root: Dir;
  readonly now: Millis;
};
/** `id`: what the counterpart knows it by. Paths are the container's. */
export type RunErrand = {
  readonly kind: 'run';
  readonly container: string;
  readonly id: string;
  readonly argv: readonly string[];
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: { readonly bytes: Uint8Array; readonly ended: boolean };
  /** Whether what it writes to stderr is told apart. */
  readonly split: boolean;
  /** `end`: it is waited for its end; `rest`: only until it does nothing, as what serves others. */
  readonly until: 'end' | 'rest';
  readonly root: Dir;
  /** Whom files that it makes belong to. */
  readonly owner: { readonly user: string; readonly group: string };
  readonly now: Millis;
};
export type Errand = FindErrand | RunErrand;

/**
 * How a program that was run ended. `failed`: it could not be started, in the kernel's words, and `path` is where it
 * was found. `going`: it had not ended after so long, and was ended; `why` in words; `rest`: it did nothing any more.
 */
export type Ran =
  | { readonly code: number }
  | { readonly signal: string }
  | { readonly failed: string; readonly path: string | null }
  | { readonly going: { readonly why: string; readonly rest: boolean; readonly after: Millis } };
/** `path`: null, when there is none. `changes`: what it made of the root. */
export type Brought =
  | { readonly kind: 'found'; readonly path: string | null }
  | {
      readonly kind: 'ran';
      readonly ran: Ran;
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
      readonly changes: Changes;
    };
