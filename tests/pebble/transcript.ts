/** What a recorded transcript of a real Pebble holds, in the parts that are played here. */
import type { Json } from '../../src/engine/model/json.ts';

export type SentPart = {
  readonly name: string;
  readonly filename?: string;
  readonly content_type: string;
  readonly json?: Json;
  readonly text?: string;
  readonly base64?: string;
};
export type RecordedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly json?: Json;
  readonly body?: string;
  readonly multipart?: readonly SentPart[];
};
/** A pause, in seconds. */
export type Pause = { readonly sleep: number };
export type Step = {
  readonly request: RecordedRequest;
  readonly response: Readonly<Record<string, Json>>;
  /** Seconds within which the answer must come to match. */
  readonly poll?: number;
  readonly ignore?: readonly string[];
  readonly unordered?: readonly string[];
};
export type SentFrame = {
  readonly socket: string;
  readonly text?: string;
  readonly binary?: string;
  readonly base64?: string;
  readonly binary_repeat?: readonly [string, number];
};
/** What goes over the websockets of one task: opened, sent, received by the end of its change. */
export type Io = {
  readonly exec_io: {
    readonly task: string;
    readonly connect: readonly {
      readonly socket: string;
      readonly status: number;
      readonly json?: Json;
    }[];
    readonly send: readonly (SentFrame | Pause)[];
    readonly received: Readonly<Record<string, Json>>;
    readonly after_end: Readonly<Record<string, string>>;
  };
};
export type Transcript = {
  readonly scenario: string;
  readonly initial_layers: readonly string[];
  readonly steps: readonly (Step | Pause)[];
};

export const ROOT = '/scratch';
const KNOWN: Readonly<Record<string, string>> = {
  root: ROOT,
  'root-name': 'scratch',
  port: '8001',
  'closed-port': '8002',
};

/** Placeholders of what is sent, filled in. */
export function filled<Value>(value: Value): Value {
  const text = JSON.stringify(value).replace(
    /<(root|root-name|port|closed-port)>/g,
    (_, name) => KNOWN[name]!,
  );
  return JSON.parse(text) as Value;
}
