/**
 * A charm's declarations, read from metadata.yaml, config.yaml and actions.yaml or from charmcraft.yaml.
 * Source: juju internal/charm (meta.go, config.go, actions.go) and charmcraft's schema.
 */
import type { Json, JsonObject } from './json.ts';

export type Role = 'provides' | 'requires' | 'peers';
export type Endpoint = {
  readonly role: Role;
  readonly interface: string;
  readonly scope: 'global' | 'container';
  readonly optional?: boolean;
  readonly limit?: number;
};
export type ConfigOption = {
  readonly type: 'string' | 'int' | 'float' | 'boolean' | 'secret';
  readonly default?: Json;
  readonly description?: string;
};
export type ActionSpec = {
  readonly description?: string;
  readonly params: JsonObject;
  readonly required: readonly string[];
  readonly additionalProperties?: boolean;
};
export type ContainerSpec = {
  readonly resource?: string;
  readonly mounts: readonly { readonly storage: string; readonly location: string }[];
};
export type Charm = {
  readonly name: string;
  readonly title?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly subordinate: boolean;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  readonly containers: Readonly<Record<string, ContainerSpec>>;
  readonly config: Readonly<Record<string, ConfigOption>>;
  readonly actions: Readonly<Record<string, ActionSpec>>;
  readonly storage: Readonly<Record<string, JsonObject>>;
  readonly resources: Readonly<Record<string, JsonObject>>;
  readonly extraBindings: readonly string[];
  /** The type of each class of payloads. Of Juju 3 only. */
  readonly payloads?: Readonly<Record<string, string>>;
  /** True when the charm is for Kubernetes: it has containers, or assumes k8s-api. */
  readonly kubernetes: boolean;
  /** What Juju finds in the charm directory, by file name; written out when the source has charmcraft.yaml only. */
  readonly written: Readonly<Record<string, string>>;
};
