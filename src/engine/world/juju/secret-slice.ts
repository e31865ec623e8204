/**
 * Secrets as one unit may know them: those it or its application owns, and those granted to it.
 * Source: juju core/secrets, internal/worker/uniter/runner/context
 */
import type { Millis } from '../../model/request.ts';

export const ROTATE_POLICIES = [
  'never',
  'hourly',
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'yearly',
] as const;
export type SecretRevision = {
  readonly content: Readonly<Record<string, string>>;
  /** Values that are no text, in base64 as the charm gave or Juju stored them. */
  readonly encoded?: Readonly<Record<string, string>>;
  readonly expire: Millis | null;
};
export type Secret = {
  /** An application (this one or a remote one), this unit, or the model's operator. */
  readonly owner: {
    readonly kind: 'application' | 'unit' | 'model';
    readonly name: string;
  };
  /** The owner's label. */
  readonly label: string;
  readonly description: string;
  readonly rotate: (typeof ROTATE_POLICIES)[number];
  readonly nextRotate: Millis | null;
  /** By revision number. The highest is the latest; obsolete ones stay until their owner removes them. */
  readonly revisions: Readonly<Record<string, SecretRevision>>;
  /** Who else may read it: application or unit, and over which relation. */
  readonly grants: Readonly<Record<string, string>>;
  /** Of others' secrets: whether this unit may read it. */
  readonly readable: boolean;
  /** The revision this unit reads, from its first read on. */
  readonly tracked: number | null;
  /** The label this unit gave it as a reader. */
  readonly readerLabel: string;
  /** Revisions that the owner was told are obsolete, by secret-remove. */
  readonly announced: readonly number[];
};

/** The steps of a commit that are about secrets, as Juju names them in what it refuses. */
export type SecretStep =
  | 'removing secrets'
  | 'creating secrets'
  | 'updating secrets'
  | 'granting secrets access'
  | 'revoking secrets access';
export type DoomedStep = {
  readonly key: string;
  readonly step: SecretStep;
  readonly message: string;
};
/**
 * What a hook has asked of secrets. The agent keeps it until the hook ends; the slice has what is asked for
 * already.
 */
export type SecretsInHook = {
  /** Secrets that the hook changes as the controller still has them; null: made by this hook. */
  readonly stored: Readonly<Record<string, Secret | null>>;
  /** Secrets made by this hook with a rotate policy, were it `never`. */
  readonly rotated: Readonly<Record<string, true>>;
  /** Revisions to be removed, by secret; none: all of them. */
  readonly removed: Readonly<Record<string, readonly number[]>>;
  /** Whose tracked revision becomes the latest at the commit. */
  readonly refreshed: Readonly<Record<string, true>>;
  /** By secret and relation, who was granted access last: the agent keeps one. */
  readonly granted: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly revoked: Readonly<Record<string, readonly string[]>>;
  /** What the controller will not do. */
  readonly doomed: readonly DoomedStep[];
};
