/**
 * How a dispatch ended, as data. One union, drawn differently on every page.
 * An illegal event is `inconsistent`, never mixed up with a charm that crashed.
 */

/** What was found wrong with an event or a commit: a sentence, and the word it is about. */
export type Problem = {
  readonly message: string;
  readonly about?: string;
  /** The rule it breaks, as ARCHITECTURE.md lists them: `relation-order`. */
  readonly rule?: string;
  /** What would make it right, as a tree says it. */
  readonly hint?: string;
};

export type Limit = 'time' | 'memory' | 'processes' | 'output' | 'calls' | 'files';
/** How the charm's program ended. `stuck`: it waits for something that can never come. */
export type End =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'limit'; readonly of: Limit; readonly allowed: string }
  | { readonly kind: 'stuck'; readonly on: string }
  /** `juju-reboot --now`, or the tree's machine that dies at a command. */
  | { readonly kind: 'rebooted' }
  | { readonly kind: 'died'; readonly at: string }
  /** Without namespaces: it would have changed what is there on the host, and was ended. */
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-started'; readonly reason: string };

export type Outcome =
  | { readonly kind: 'root' }
  | { readonly kind: 'played'; readonly note?: string }
  | { readonly kind: 'failed'; readonly end: End; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly end: End; readonly reason: string }
  | { readonly kind: 'commit-failed'; readonly problems: readonly Problem[] }
  | { readonly kind: 'inconsistent'; readonly problems: readonly Problem[] }
  | { readonly kind: 'parent-failed'; readonly node: string };

/** What the charm asked for that is not simulated, by name, with the rule that would answer it, if any. */
export type Unmet = { readonly what: string; readonly rule?: string };
