/**
 * What `--file` of a hook command names: `-` is stdin; a path is read where the charm is, and sent along.
 * Source: juju/cmd filevar.go, jujuc/relation-set.go (readSettings), gopkg.in/yaml.v2 for scalars read as texts.
 * Not modelled: why a file cannot be read, beyond that it is not there; the parser's own words for bad YAML.
 */
import { FAILSAFE_SCHEMA, load, nullCoreTag } from 'js-yaml';
import type { Answer, CommandRequest } from '../../model/request.ts';
import { refuse, type Parsed } from './arguments.ts';
import type { Databag } from './slice.ts';

type FileInput = { readonly kind: 'text'; readonly text: string } | Answer;

/** The text of the file that a flag names; empty when the flag is not given. */
export function fileInput(
  command: string,
  path: string | undefined,
  request: CommandRequest,
): FileInput {
  if (path === undefined || path === '') return { kind: 'text', text: '' };
  if (request.stdin !== null)
    return { kind: 'text', text: new TextDecoder().decode(request.stdin) };
  if (path === '-') return { kind: 'unsupported', what: `${command} reading its stdin` };
  const absolute = path.startsWith('/') ? path : `${request.cwd.replace(/\/$/, '')}/${path}`;
  return refuse(1, `open ${absolute}: no such file or directory`);
}

type Settings = { readonly kind: 'settings'; readonly settings: Databag };

/** The mapping of texts in the file that `--file` names. Numbers and flags are texts as they are written. */
export function settingsInFile(
  command: string,
  parsed: Parsed,
  request: CommandRequest,
): Settings | Answer {
  const input = fileInput(command, parsed.text['file'], request);
  if (input.kind !== 'text') return input;
  const settings = readSettings(input.text);
  if (settings === null)
    return { kind: 'unsupported', what: `${command} --file with what is no mapping of texts` };
  return { kind: 'settings', settings };
}

/** Scalars as they are written, but for null. */
const WRITTEN = FAILSAFE_SCHEMA.withTags(nullCoreTag);

function readSettings(text: string): Databag | null {
  let read: unknown;
  try {
    read = text.trim() === '' ? null : load(text, { schema: WRITTEN });
  } catch {
    return null;
  }
  if (read === null) return {};
  if (!isMapping(read)) return null;
  const entries = Object.entries(read).map(([key, value]) => [key, value ?? '']);
  return entries.every(([, value]) => typeof value === 'string')
    ? Object.fromEntries(entries)
    : null;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
