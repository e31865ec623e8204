/**
 * The output formats of hook commands: smart, yaml and json.
 * Source: juju/cmd output.go. Not modelled: `-o FILE`, which writes inside the charm's sandbox.
 */
import { dump } from 'js-yaml';
import { sorted, type Json } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { ok, refuse, type Flags, type Parsed } from './arguments.ts';

export const FORMAT_FLAGS = {
  format: { kind: 'text' },
  output: { kind: 'text', short: 'o' },
} as const satisfies Flags;

function yamlText(value: Json): string {
  return dump(value, { lineWidth: -1 }).replace(/\n$/, '');
}

function smartText(value: Json): string {
  if (value === null || value === '') return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'string')) return value.join('\n');
    return value.length === 0 ? '' : yamlText(value);
  }
  return yamlText(value);
}

/** The reply that prints `value` in the format asked for. An empty text prints nothing, not even a newline. */
export function formatted(
  value: Json,
  parsed: Parsed,
  otherwise: 'smart' | 'yaml' = 'smart',
): Answer {
  const format = parsed.text['format'] ?? otherwise;
  if (parsed.text['output'] !== undefined) {
    return { kind: 'unsupported', what: 'option -o of hook commands' };
  }
  const ordered = sorted(value);
  switch (format) {
    case 'json':
      return ok(`${JSON.stringify(ordered)}\n`);
    case 'yaml':
      return ok(ordered === null ? '' : `${yamlText(ordered)}\n`);
    case 'smart': {
      const text = smartText(ordered);
      return ok(text === '' ? '' : `${text}\n`);
    }
    default:
      return refuse(
        2,
        `invalid value ${JSON.stringify(format)} for option --format: unknown format ${JSON.stringify(format)}`,
      );
  }
}
