/**
 * How secrets are printed: values that are no text, and times, which YAML shows without quotes.
 * Source: juju internal/cmd (output.go), core/secrets/secretvalue.go, gopkg.in/yaml.v2 (encode.go)
 */
import type { Json } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { quoted, refuse, type Parsed } from './arguments.ts';
import { formatted, type Shown } from './format.ts';
import { decodeBase64, encodeBase64, textOf } from './secret-base64.ts';
import type { Content } from './secret-content.ts';

const LINE = 70;

/** What is printed with its words changed: to stdout, or to the file that `-o` names. */
export function reworded(answer: Answer, change: (text: string) => string): Answer {
  if (answer.kind !== 'reply') return answer;
  const files = answer.files?.map((file) => {
    const text = change(new TextDecoder().decode(file.bytes));
    return { ...file, bytes: new TextEncoder().encode(text) };
  });
  return { ...answer, out: change(String(answer.out)), ...(files && { files }) };
}

/** Bytes as YAML has them: on one line, or in a block of lines. */
function binary(bytes: Uint8Array): string {
  const text = encodeBase64(bytes);
  if (text.length < LINE) return `!!binary ${text}`;
  const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return ['!!binary |', ...lines].join('\n  ');
}

type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'bad'; readonly message: string };

function valueOf({ content, encoded = {} }: Content, key: string): Value | undefined {
  if (Object.hasOwn(content, key)) return { kind: 'text', text: content[key] ?? '' };
  if (!Object.hasOwn(encoded, key)) return undefined;
  const decoded = decodeBase64(encoded[key] ?? '');
  if (decoded.kind === 'bad') return decoded;
  const text = textOf(decoded.bytes);
  return text === undefined ? decoded : { kind: 'text', text };
}

type Printable = { readonly json: string; readonly yaml: string; readonly bytes?: Uint8Array };

/** `at` tells one value that is no text from another until its place in the YAML is known. */
function printable(value: Exclude<Value, { kind: 'bad' }>, at: number): Printable {
  if (value.kind === 'text') return { json: value.text, yaml: value.text };
  const { bytes } = value;
  return { json: new TextDecoder().decode(bytes), yaml: `bytes-of-secret-value-${at}`, bytes };
}

function printed(
  json: Json,
  values: readonly Printable[],
  how: { parsed: Parsed; yaml: Json },
): Answer {
  const shown: Shown = { otherwise: 'yaml', yaml: how.yaml };
  return reworded(formatted(json, how.parsed, shown), (text) =>
    values.reduce(
      (so, { yaml, bytes }) => (bytes ? so.replace(yaml, () => binary(bytes)) : so),
      text,
    ),
  );
}

/** One value, in base64 where the key asks for it. */
export function printKey(content: Content, asked: string, parsed: Parsed): Answer {
  const key = asked.replace(/#base64$/, '');
  const value = valueOf(content, key);
  if (!value) return refuse(1, `secret key value ${quoted(key)} not found`);
  if (asked !== key) {
    const text = new TextEncoder().encode(content.content[key]);
    return formatted(content.encoded?.[key] ?? encodeBase64(text), parsed, 'yaml');
  }
  if (value.kind === 'bad') return refuse(1, value.message);
  const one = printable(value, 0);
  return printed(one.json, [one], { parsed, yaml: one.yaml });
}

export function printContent(content: Content, parsed: Parsed): Answer {
  const keys = [...Object.keys(content.content), ...Object.keys(content.encoded ?? {})].sort();
  const found: [string, Printable][] = [];
  for (const [at, key] of keys.entries()) {
    const value = valueOf(content, key);
    if (value?.kind === 'bad') return refuse(1, value.message);
    if (value) found.push([key, printable(value, at)]);
  }
  const by = (of: 'json' | 'yaml'): Json =>
    Object.fromEntries(found.map(([key, value]) => [key, value[of]]));
  const values = found.map(([, value]) => value);
  return printed(by('json'), values, { parsed, yaml: by('yaml') });
}
