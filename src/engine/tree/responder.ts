/**
 * What the other side of a relation writes, by interface: data with templates, or a function of what this side wrote.
 * Templates are `{{app}}`, `{{unit}}`, `{{endpoint}}`, `{{relation}}`, `{{model}}`, `{{us}}`, `{{our-unit}}`,
 * `{{our.KEY}}`, a key of this side's databags, and `{{secret.NAME}}`, the URI of a secret of the same answer.
 */
import type { Charm } from '../model/charm.ts';
import type { Json } from '../model/json.ts';

type Bag = Readonly<Record<string, string>>;

/** What a responder goes by. */
export type Asked = {
  readonly endpoint: string;
  /** The relation's number. */
  readonly relation: number;
  readonly app: string;
  /** The first unit of the other side: `postgresql/0`. */
  readonly unit: string;
  readonly us: string;
  readonly ourUnit: string;
  readonly model: string;
  /** What this side wrote. */
  readonly ours: { readonly app: Bag; readonly unit: Bag };
  /** What the other side wrote before. */
  readonly theirs: { readonly app: Bag; readonly unit: Bag };
  /** SHA-256 as `sha256:HEX`. */
  readonly digest: (bytes: Uint8Array) => string;
};
/** Values that are no text are written as JSON. `secrets`: by the name the tree gives them; granted to this side. */
export type Written = {
  readonly data?: Readonly<Record<string, Json>>;
  readonly unit?: Readonly<Record<string, Json>>;
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
/** `when`: keys that this side has written, and what each must contain; true: anything. `unless`: has not written. */
export type AnswerRule = Written & {
  readonly when?: Readonly<Record<string, string | true>>;
  readonly unless?: readonly string[];
};
/** `app`: what the other side is called, when its author does not say. `answers`: every rule that fits writes. */
export type ResponderSide = {
  readonly app: string;
  readonly about: string;
  readonly answers: readonly AnswerRule[] | ((asked: Asked) => Written);
};
/** `provides`: the other side as provider; `requires`: as requirer. */
export type Responder = {
  readonly interface: string;
  readonly about: string;
  /** Where the databags' form was read. */
  readonly source: string;
  readonly provides?: ResponderSide;
  readonly requires?: ResponderSide;
};

/** The side that answers an endpoint of this role. */
export function sideFor(
  responders: readonly Responder[],
  endpoint: { readonly role: 'provides' | 'requires' | 'peers'; readonly interface: string },
): ResponderSide | undefined {
  const found = responders.find((one) => one.interface === endpoint.interface);
  if (endpoint.role === 'peers') return undefined;
  return endpoint.role === 'requires' ? found?.provides : found?.requires;
}

/** What the application on the other side of an endpoint is called, when its author does not say. */
export function otherApp(
  name: string,
  { endpoints }: Pick<Charm, 'endpoints'>,
  responders: readonly Responder[],
): string {
  const endpoint = endpoints[name];
  const side = endpoint && sideFor(responders, endpoint);
  return side?.app ?? `remote-${name.replaceAll('_', '-')}`;
}
