/**
 * The output formats of hook commands, smart, yaml and json, and `-o FILE`, which the client writes for the charm.
 * Source: juju internal/cmd (output.go), Go's encoding/json
 */
import { sorted, type Json } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { ok, oneOf, quoted, type Flag, type Flags, type Parsed } from './arguments.ts';
import { goYaml, type YamlStyle } from './go-yaml.ts';

const OUTPUT: Flag = { kind: 'text', short: 'o' };
export const FORMAT_FLAGS = {
  format: { kind: 'text', check: oneOf('format', ['smart', 'yaml', 'json']) },
  output: OUTPUT,
} as const satisfies Flags;
/** Of commands that have no smart format: yaml is theirs unless told otherwise. */
export const YAML_OR_JSON_FLAGS = {
  format: { kind: 'text', check: oneOf('format', ['yaml', 'json']) },
  output: OUTPUT,
} as const satisfies Flags;

/** `yaml`: what YAML shows where it is not what JSON does. `untyped`: lists are of anything, so smart prints YAML. */
export type Shown = YamlStyle & {
  readonly otherwise?: 'smart' | 'yaml';
  readonly yaml?: Json;
  readonly untyped?: boolean;
};

/** A value on one line as Go's encoder writes it: safe within HTML. */
export function goJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function yamlText(value: Json, style: YamlStyle): string {
  return value === null ? '' : `${goYaml(value, style)}\n`;
}

function smartText(value: Json, shown: Shown): string {
  if (typeof value === 'string') return value === '' ? '' : `${value}\n`;
  if (typeof value === 'boolean') return value ? 'True\n' : 'False\n';
  if (Array.isArray(value) && !shown.untyped && value.every((item) => typeof item === 'string')) {
    return smartText(value.join('\n'), shown);
  }
  return yamlText(value, shown);
}

function textIn(format: string, value: Json, shown: Shown): string {
  if (format === 'json') return `${goJson(shown.ordered ? value : sorted(value))}\n`;
  const inYaml = shown.yaml === undefined ? value : shown.yaml;
  return format === 'yaml' ? yamlText(inYaml, shown) : smartText(inYaml, shown);
}

/** The reply that prints `value` in the format asked for, or writes it to the file that `-o` names. */
export function formatted(
  value: Json,
  parsed: Parsed,
  how: 'smart' | 'yaml' | Shown = 'smart',
): Answer {
  const shown: Shown = typeof how === 'string' ? { otherwise: how } : how;
  const text = textIn(parsed.text['format'] ?? shown.otherwise ?? 'smart', value, shown);
  const path = parsed.text['output'] ?? '';
  if (path === '') return ok(text);
  const bytes = new TextEncoder().encode(text);
  return { kind: 'reply', code: 0, out: '', files: [{ path, bytes, parents: false }] };
}

/** The warning of commands that print nothing and had `--format` once; nothing ends its line. */
export function warned(command: string, parsed: Parsed, answer: Answer): Answer {
  if ((parsed.text['format'] ?? '') === '' || answer.kind !== 'reply') return answer;
  const warning = `--format flag deprecated for command ${quoted(command)}`;
  return { ...answer, err: warning + (answer.err ?? '') };
}
