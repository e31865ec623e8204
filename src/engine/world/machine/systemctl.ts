/**
 * systemctl: units are started, enabled and asked about.
 * Source: systemctl(1) of systemd 249 and 255; texts and exit codes recorded from 252 (tests/machine/recorded), with
 * what pull request 25689 of systemd/systemd (is-active and its like answer 4 for what is not there) changed for 255.
 * Not modelled, refused by name: edit, set-property, preset, revert, isolate, other machines (-H, -M, --root), units of
 * users (there is no user's manager in a hook, so --user fails as it does there), jobs (a list of them is empty).
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import { has, readOptions, valueOf, type Options } from './program-options.ts';
import { isRoot, look, reply, type MachineDraw, type Program } from './program.ts';
import { SYSTEMCTL_LETTERS, SYSTEMCTL_OPTIONS, VERBS } from './systemctl-options.ts';
import { fitsPattern, inMemory, type Call, type Handler, type Told } from './systemctl-call.ts';
import { ENABLING } from './systemctl-enable.ts';
import { JOBS } from './systemctl-jobs.ts';
import { LISTING } from './systemctl-list.ts';
import { ASKING } from './systemctl-show.ts';
import { definition, keep, openManager, type Manager } from './systemd-manager.ts';
import { needPaths } from './systemd-start.ts';
import { VERSIONS } from './systemd-words.ts';
import { wordsOf } from './unit-file.ts';
import { UNIT_PATHS, loadUnit, mangled } from './unit-load.ts';
import { startPaths } from './unit-plan.ts';

const HANDLERS: Readonly<Record<string, Handler>> = { ...JOBS, ...ENABLING, ...ASKING, ...LISTING };
const CHANGING = [...Object.keys(JOBS), ...Object.keys(ENABLING)];
const NOT_FOLLOWED = ['root', 'host', 'machine', 'global', 'image', 'what'];

function usage(options: Options): Answer | null {
  if (options.error !== undefined) return reply(1, '', `systemctl: ${options.error}\n`);
  if (has(options, 'help')) return { kind: 'unsupported', what: 'systemctl --help' };
  const odd = NOT_FOLLOWED.find((name) => has(options, name));
  if (odd !== undefined) return { kind: 'unsupported', what: `systemctl --${odd}` };
  if (has(options, 'user')) return reply(1, '', 'Failed to connect to bus: No medium found\n');
  return null;
}

function isPattern(word: string): boolean {
  return /[*?[]/.test(word);
}

function namesOf(manager: Manager, words: readonly string[]): readonly string[] {
  return words.flatMap((word) => {
    if (!isPattern(word)) return [mangled(word)];
    const pattern = mangled(word.endsWith('*') ? `${word}.x` : word).replace(/\.x\.service$/, '');
    return inMemory(manager).filter((name) => fitsPattern(pattern, name));
  });
}

/** Units whose start or stop may come of the request, with what they want. */
function concerned(manager: Manager, names: readonly string[]): readonly string[] {
  const all = [...names];
  for (const name of all) {
    const { settings } = loadUnit(manager.unit, name);
    const keys = ['Requires', 'BindsTo', 'Wants', 'Requisite', 'Upholds'];
    const more = keys.flatMap((key) => wordsOf(settings, 'Unit', key));
    all.push(...more.filter((one) => !all.includes(one)));
  }
  return [...new Set([...all, ...Object.keys(manager.units)])];
}

/** What is looked at besides unit files: where links lead, what services run. */
function further(manager: Manager, names: readonly string[]): readonly string[] {
  const loaded = concerned(manager, names).map((name) => definition(manager, name));
  const outside = loaded.flatMap((one) => (one.outside === undefined ? [] : [one.outside]));
  const services = loaded.filter(({ name }) => name.endsWith('.service'));
  const paths = services.flatMap((one) => startPaths(one, manager.hostname));
  const needs = needPaths(
    manager,
    services.map(({ name }) => name),
  );
  return [...new Set([...outside, ...paths, ...needs, '/etc/passwd'])].sort();
}

function versionText(manager: Manager): string {
  const { number, whole } = VERSIONS[manager.release];
  return `systemd ${number} (${whole})\n`;
}

function tooMany(call: Call): Told | null {
  const [least, most] = VERBS[call.verb] ?? [0, Infinity];
  if (call.words.length < least) return { code: 1, err: 'Too few arguments.\n' };
  return call.words.length > most ? { code: 1, err: 'Too many arguments.\n' } : null;
}

function handled(draw: MachineDraw, request: CommandRequest, options: Options): Answer {
  const [verb = 'list-units', ...words] = options.words;
  if (!Object.hasOwn(VERBS, verb)) return reply(1, '', `Unknown command verb ${verb}.\n`);
  const first = look(request, UNIT_PATHS);
  if (first) return first;
  const manager = openManager(draw, request);
  const call: Call = {
    verb,
    options,
    words,
    names: namesOf(manager, words),
    quiet: has(options, 'quiet'),
  };
  const wrong = tooMany(call);
  if (wrong) return reply(wrong.code, '', wrong.err);
  const handler = HANDLERS[verb];
  if (!handler) return { kind: 'unsupported', what: `systemctl ${verb}` };
  const given = words.filter((word) => word.startsWith('/'));
  const second = look(request, [...further(manager, call.names), ...given], 1);
  if (second) return second;
  if (CHANGING.includes(verb) && !isRoot(request)) return notAllowed(call);
  const { code, out = '', err: said = '', waits } = handler(manager, call);
  const err = `${escapes(words)}${said}`;
  keep(manager);
  return waits ? { kind: 'wait', until: null } : reply(code, out, err, manager.root);
}

function escapes(words: readonly string[]): string {
  const odd = words.filter((word) => word.includes('/') && !word.startsWith('/'));
  const hint = '(maybe you should use systemd-escape?)';
  return odd
    .map(
      (word) => `Invalid unit name "${word}" escaped as "${word.replaceAll('/', '-')}" ${hint}.\n`,
    )
    .join('');
}

function notAllowed({ verb, names }: Call): Answer {
  const [name] = names;
  const what = name === undefined ? verb : `${verb} ${name}`;
  const see = `See system logs and 'systemctl status ${name}' for details.\n`;
  const err = `Failed to ${what}: Interactive authentication required.\n${name === undefined ? '' : see}`;
  return reply(1, '', err);
}

export const systemctl: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), SYSTEMCTL_OPTIONS, SYSTEMCTL_LETTERS);
  const early = usage(options);
  if (early) return early;
  if (has(options, 'version')) return reply(0, versionText(openManager(draw, request)));
  const lines = valueOf(options, 'lines');
  if (lines !== undefined && !/^\d+$/.test(lines)) {
    return reply(1, '', `Failed to parse lines '${lines}'\n`);
  }
  return handled(draw, request, options);
};
