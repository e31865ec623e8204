/**
 * What `--file` of a hook command names: `-` is stdin; a path is read where the charm is, and sent along.
 * Source: juju/cmd filevar.go, jujuc/relation-set.go (readSettings)
 * Not modelled: why a file cannot be read, beyond that it is not there; the parser's own words for bad YAML.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import { refuse, type Parsed } from './arguments.ts';
import type { Databag } from './slice.ts';
import { readStringMap } from './string-map.ts';

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
  const read = readStringMap(input.text);
  if (read === null) {
    return { kind: 'unsupported', what: `${command} --file with YAML that is read otherwise` };
  }
  if (read.kind === 'wrong') return refuse(1, read.message);
  return { kind: 'settings', settings: read.map };
}
