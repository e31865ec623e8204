/**
 * What a tree says of a workload container: its image, files and layers, and how what runs in it behaves.
 * Durations are Go's, as Pebble's own layers have them; permissions are octal digits in quotes.
 */
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import {
  asFields,
  asFlag,
  asList,
  asObject,
  asRecord,
  asText,
  asWhole,
  asWord,
  orList,
  take,
  wordHint,
  wrong,
  type Fields,
} from '../model/yaml-shape.ts';
import type {
  CheckSpec,
  ContainerFileSpec,
  ContainerStateSpec,
  ExecOutputSpec,
  ExecSpec,
  ProgramSpec,
  ReactionSpec,
  StartsSpec,
} from './definition.ts';
import { absent, asAbsolute, asLike, asPorts, asTexts, orNull, type Like } from './read-shapes.ts';
import {
  CHECK_KEYS,
  CHECK_STATES,
  CONTAINER_KEYS,
  EXEC_COMMAND_KEYS,
  EXEC_KEYS,
  EXEC_OUTPUT_KEYS,
  EXEC_REAL_KEYS,
  FILE_KEYS,
  FILE_SOURCES,
  PROGRAM_KEYS,
  PROGRAM_REAL_KEYS,
  REACTION_KEYS,
  SIGNALS,
  STARTS_KEYS,
} from './words.ts';

export const DURATION = '(\\d+(\\.\\d+)?(ms|s|m|h))+';
export const MODE = '0?[0-7]{3}';
export const RELATIVE = '[^/].*';
export const NOTICE_KEY = '[a-z0-9-]+(\\.[a-z0-9-]+)+(/[a-z0-9-]+)+';
const A_DURATION: Like = { like: DURATION, so: 'a duration such as "3s" or "500ms"' };
const A_MODE: Like = { like: MODE, so: 'permissions in octal such as "0600"' };
const A_RELATIVE: Like = { like: RELATIVE, so: 'a path relative to this file' };
const CODE_MAX = 255;

type Reader<Value> = (yaml: Yaml, what: string, report: Report) => Value | undefined;

/** A record whose keys are absolute paths in the container. */
export function asPaths<Value>(read: Reader<Value>): Reader<Readonly<Record<string, Value>>> {
  return (yaml, what, report) =>
    asRecord(yaml, what, {
      report,
      one: ({ key, at, value }) => {
        const absolute = key.startsWith('/') && !key.split('/').includes('..') && key !== '/';
        if (absolute) return read(value, `${what}: ${key}`, report);
        const hint = 'A file is named by its absolute path in the container: /etc/app.conf.';
        report(new Mistake(`${what}: "${key}" is no absolute path`, { at, hint }));
        return undefined;
      },
    });
}

export function asDuration(yaml: Yaml, what: string, report: Report): string | undefined {
  if (yaml.kind !== 'scalar' || typeof yaml.value !== 'number') {
    return asLike(yaml, what, { ...A_DURATION, report });
  }
  const hint = `Write its unit: ${yaml.value}s.`;
  const message = `${what}: expected ${A_DURATION.so}, got ${yaml.value}`;
  report(new Mistake(message, { at: yaml.at, hint }));
  return undefined;
}

function asCode(yaml: Yaml, what: string, report: Report): number | undefined {
  const code = asWhole(yaml, { what, least: 0 }, report);
  if (code === undefined || code <= CODE_MAX) return code;
  return wrong(report, yaml, { what, expected: `an exit code of at most ${CODE_MAX}` });
}

function asSignal(yaml: Yaml, what: string, report: Report): string | undefined {
  return asWord<string>(yaml, { what, words: SIGNALS }, report);
}

/** An exit code, or the signal that the program dies of. */
export function asEnd(yaml: Yaml, what: string, report: Report): number | string | undefined {
  const named = yaml.kind === 'scalar' && typeof yaml.value === 'string';
  return named ? asSignal(yaml, what, report) : asCode(yaml, what, report);
}

/** Each value by the signal that it is about. */
function asSignals<Value>(read: Reader<Value>): Reader<Readonly<Record<string, Value>>> {
  return (yaml, what, report) =>
    asRecord(yaml, what, {
      report,
      one: ({ key, at, value }) => {
        if ((SIGNALS as readonly string[]).includes(key)) {
          return read(value, `${what}: ${key}`, report);
        }
        const hint = wordHint(key.startsWith('SIG') ? key : `SIG${key.toUpperCase()}`, SIGNALS);
        report(new Mistake(`${what}: "${key}" is no signal`, { at, hint }));
        return undefined;
      },
    });
}

/** A key that was not known has been reported, and may be the one that is missing. */
function hasUnknown(yaml: Yaml, fields: Fields): boolean {
  return yaml.kind === 'map' && yaml.entries.length > fields.size;
}

/** The one of the words that a file says it is made of. */
function sourceOf(
  fields: Fields,
  { yaml, what }: { yaml: Yaml; what: string },
  report: Report,
): string | undefined {
  const said = FILE_SOURCES.filter((key) => fields.has(key));
  if (said.length === 1) return said[0];
  if (hasUnknown(yaml, fields)) return undefined;
  const message = said.length === 0 ? 'nothing says what it is' : `${said.join(' and ')} together`;
  report(
    new Mistake(`${what}: ${message}`, { at: yaml.at, hint: `Write ${orList(FILE_SOURCES)}.` }),
  );
  return undefined;
}

export function asFile(yaml: Yaml, what: string, report: Report): ContainerFileSpec | undefined {
  if (yaml.kind !== 'map') return asText(yaml, what, report);
  const fields = asFields(yaml, { what, words: FILE_KEYS }, report);
  const source = fields && sourceOf(fields, { yaml, what }, report);
  if (!fields || source === undefined) return undefined;
  const mode = fields.get('mode');
  if (source === 'link' && mode) {
    const hint = 'The permissions of a link are those of what it leads to.';
    report(new Mistake(`${what}: a link has no mode`, { at: mode.at, hint }));
    return undefined;
  }
  const word = (key: string) => (one: Yaml) => asText(one, `${what}: ${key}`, report);
  const made = {
    ...take(fields, 'text', word('text')),
    ...take(fields, 'from', (one) => asLike(one, `${what}: from`, { ...A_RELATIVE, report })),
    ...take(fields, 'link', word('link')),
    ...take(fields, 'mode', (one) => asLike(one, `${what}: mode`, { ...A_MODE, report })),
    ...take(fields, 'user', word('user')),
    ...take(fields, 'group', word('group')),
  };
  return made as ContainerFileSpec;
}

function asReaction(yaml: Yaml, what: string, report: Report): ReactionSpec | undefined {
  const fields = asFields(yaml, { what, words: REACTION_KEYS }, report);
  if (!fields) return undefined;
  return {
    ...take(fields, 'exits', (one) => asEnd(one, `${what}: exits`, report)),
    ...take(fields, 'output', (one) => asText(one, `${what}: output`, report)),
    ...take(fields, 'files', (one) => asPaths(asText)(one, `${what}: files`, report)),
  };
}

/** A program that is really run says itself what comes of it. */
function checkReal(
  fields: Fields,
  { what, said }: { what: string; said: readonly string[] },
  report: Report,
): void {
  if (!fields.has('run')) return;
  for (const key of said) {
    const entry = fields.get(key);
    const hint = 'Leave one of the two out.';
    if (!entry) continue;
    report(new Mistake(`${what}: "${key}" beside "run: real"`, { at: entry.at, hint }));
  }
}

function asReal(yaml: Yaml, what: string, report: Report): 'real' | undefined {
  return asWord(yaml, { what: `${what}: run`, words: ['real'] as const }, report);
}

function asProgram(yaml: Yaml, what: string, report: Report): ProgramSpec | undefined {
  const fields = asFields(yaml, { what, words: PROGRAM_KEYS }, report);
  if (!fields) return undefined;
  const after = fields.get('after');
  if (after && !fields.has('exits')) {
    const hint = 'Say what with: exits: 1.';
    report(new Mistake(`${what}: "after" says when it exits`, { at: after.at, hint }));
  }
  checkReal(fields, { what, said: PROGRAM_REAL_KEYS }, report);
  return {
    ...take(fields, 'exits', (one) => asEnd(one, `${what}: exits`, report)),
    ...take(fields, 'after', (one) => asDuration(one, `${what}: after`, report)),
    ...take(fields, 'slow', (one) => asDuration(one, `${what}: slow`, report)),
    ...take(fields, 'output', (one) => asText(one, `${what}: output`, report)),
    ...take(fields, 'signals', (one) => asSignals(asReaction)(one, `${what}: signals`, report)),
    ...take(fields, 'run', (one) => asReal(one, what, report)),
  };
}

function asRemovable(yaml: Yaml, what: string, report: Report): string | null | undefined {
  return orNull(yaml, () => asText(yaml, what, report));
}

function outputOf(fields: Fields, what: string, report: Report): ExecOutputSpec {
  return {
    ...take(fields, 'exit', (one) => asCode(one, `${what}: exit`, report)),
    ...take(fields, 'stdout', (one) => asText(one, `${what}: stdout`, report)),
    ...take(fields, 'stderr', (one) => asText(one, `${what}: stderr`, report)),
    ...take(fields, 'files', (one) => asPaths(asRemovable)(one, `${what}: files`, report)),
  };
}

function asOutput(yaml: Yaml, what: string, report: Report): ExecOutputSpec | undefined {
  const fields = asFields(yaml, { what, words: EXEC_OUTPUT_KEYS }, report);
  return fields && outputOf(fields, what, report);
}

/** What is printed, in short, or all that comes of the input. */
function asInputs(yaml: Yaml, what: string, report: Report): ExecSpec['stdin'] {
  return asRecord(yaml, what, {
    report,
    one: ({ key, value }) =>
      value.kind === 'map'
        ? asOutput(value, `${what}: ${key}`, report)
        : asText(value, `${what}: ${key}`, report),
  });
}

function asPattern(yaml: Yaml, what: string, report: Report): { like: string } | undefined {
  const fields = asFields(yaml, { what, words: EXEC_COMMAND_KEYS }, report);
  const entry = fields?.get('like');
  if (!fields || hasUnknown(yaml, fields)) return undefined;
  if (!entry) return wrong(report, yaml, { what, expected: '{like: PATTERN}' });
  const like = asText(entry.value, `${what}: like`, report);
  if (like === undefined) return undefined;
  try {
    RegExp(like, 'u');
    return { like };
  } catch {
    return wrong(report, entry.value, { what: `${what}: like`, expected: 'a regular expression' });
  }
}

function asCommand(yaml: Yaml, what: string, report: Report): ExecSpec['command'] | undefined {
  if (yaml.kind === 'map') return asPattern(yaml, what, report);
  const words = yaml.kind === 'list' ? asTexts(yaml, what, { report }) : asText(yaml, what, report);
  if (words === undefined || words.length > 0) return words;
  return wrong(report, yaml, { what, expected: 'the words that a command begins with' });
}

function asStarts(yaml: Yaml, what: string, report: Report): StartsSpec | undefined {
  const fields = asFields(yaml, { what, words: STARTS_KEYS }, report);
  if (!fields) return undefined;
  return {
    ...take(fields, 'listens', (one) => asPorts(one, `${what}: listens`, report)),
    ...take(fields, 'pid-file', (one) => asAbsolute(one, `${what}: pid-file`, report)),
    ...take(fields, 'user', (one) => asText(one, `${what}: user`, report)),
    ...take(fields, 'needs', (one) => asPaths(asText)(one, `${what}: needs`, report)),
  };
}

function asExec(yaml: Yaml, what: string, report: Report): ExecSpec | undefined {
  const fields = asFields(yaml, { what, words: EXEC_KEYS }, report);
  if (!fields) return undefined;
  const entry = fields.get('command');
  if (!entry) {
    const hint = 'Say which: command: [pg_isready, -q].';
    report(new Mistake(`${what}: no "command"`, { at: yaml.at, hint }));
    return undefined;
  }
  checkReal(fields, { what, said: EXEC_REAL_KEYS }, report);
  const command = asCommand(entry.value, `${what}: command`, report);
  if (command === undefined) return undefined;
  return {
    command,
    ...outputOf(fields, what, report),
    ...take(fields, 'stdin', (one) => asInputs(one, `${what}: stdin`, report)),
    ...take(fields, 'takes', (one) => asDuration(one, `${what}: takes`, report)),
    ...take(fields, 'signals', (one) => asSignals(asOutput)(one, `${what}: signals`, report)),
    ...take(fields, 'run', (one) => asReal(one, what, report)),
    ...take(fields, 'starts', (one) => asStarts(one, `${what}: starts`, report)),
  };
}

/** A program in a container leaves no daemon: its process is the service's, or it ends. */
function checkStarts(yaml: Yaml, what: string, report: Report): void {
  for (const rule of yaml.kind === 'list' ? yaml.items : []) {
    for (const { key, at } of rule.kind === 'map' ? rule.entries : []) {
      if (key !== 'starts') continue;
      const hint = 'What runs on in a container is a service: say how it behaves under services.';
      report(new Mistake(`${what}: "starts" is a machine’s word`, { at, hint }));
    }
  }
}

export function asExecs(yaml: Yaml, what: string, report: Report): ContainerStateSpec['exec'] {
  return orNull(yaml, () =>
    asList(yaml, what, report)?.flatMap((one) => asExec(one, what, report) ?? []),
  );
}

function asCheck(yaml: Yaml, what: string, report: Report): CheckSpec | undefined {
  if (yaml.kind !== 'map') return asWord(yaml, { what, words: CHECK_STATES }, report);
  const fields = asFields(yaml, { what, words: CHECK_KEYS }, report);
  const entry = fields?.get('down');
  if (!fields || hasUnknown(yaml, fields)) return undefined;
  if (!entry) return wrong(report, yaml, { what, expected: '{down: TEXT}' });
  const down = asText(entry.value, `${what}: down`, report);
  return down === undefined ? undefined : { down };
}

function asNotices(yaml: Yaml, what: string, report: Report): ContainerStateSpec['notices'] {
  return asRecord(yaml, what, {
    report,
    one: ({ key, at, value }) => {
      if (!new RegExp(`^${NOTICE_KEY}$`).test(key)) {
        const hint = 'Its key is a domain and a path in lower case: example.com/backup-done.';
        report(new Mistake(`${what}: "${key}" is no key of a notice`, { at, hint }));
      }
      if (absent(value)) return {};
      const one = ({ key: name, value: text }: YamlEntry): string | undefined =>
        asText(text, `${what} ${key}: ${name}`, report);
      return asRecord(value, `${what} ${key}`, { report, one });
    },
  });
}

/** A container by its name. */
export function containerEntry(
  { key, value }: YamlEntry,
  report: Report,
): ContainerStateSpec | undefined {
  const what = `container ${key}`;
  const fields = asFields(value, { what, words: CONTAINER_KEYS }, report);
  if (!fields) return undefined;
  const record =
    <Value>(kind: string, read: Reader<Value>) =>
    (yaml: Yaml) =>
      asRecord(yaml, `${what}: ${kind}`, {
        report,
        one: (entry) => read(entry.value, `${what}: ${kind} ${entry.key}`, report),
      });
  const removable: Reader<ContainerFileSpec | null> = (yaml, name) =>
    orNull(yaml, () => asFile(yaml, name, report));
  const program: Reader<ProgramSpec | null> = (yaml, name) =>
    orNull(yaml, () => asProgram(yaml, name, report));
  return {
    ...take(fields, 'can-connect', (yaml) => asFlag(yaml, `${what}: can-connect`, report)),
    ...take(fields, 'image', (yaml) => asLike(yaml, `${what}: image`, { ...A_RELATIVE, report })),
    ...take(fields, 'layers', record('layer', asObject)),
    ...take(fields, 'files', (yaml) => asPaths(removable)(yaml, `${what}: files`, report)),
    ...take(fields, 'services', record('service', program)),
    ...take(fields, 'exec', (yaml) => {
      checkStarts(yaml, `${what}: exec`, report);
      return asExecs(yaml, `${what}: exec`, report);
    }),
    ...take(fields, 'checks', record('check', asCheck)),
    ...take(fields, 'notices', (yaml) => asNotices(yaml, `${what}: notice`, report)),
  };
}
