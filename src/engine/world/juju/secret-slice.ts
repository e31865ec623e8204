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
