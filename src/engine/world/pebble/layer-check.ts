/**
 * What Pebble has against a layer by itself, before it is combined with others.
 * Source: pebble plan.Layer.Validate and Service.ParseCommand. Go visits entries in random order;
 * here they are sorted.
 * Not modelled: the container's users. A check's command may run as root only, as where no
 * /etc/passwd is known.
 */
import type { Json, JsonObject } from '../../model/json.ts';
import { parseDuration } from './go-duration.ts';
import { FormatError, object, text, type Entry } from './plan.ts';
import type { SectionName } from './plan-fields.ts';
import { splitWords } from './shlex.ts';
import { ids } from './users.ts';

const ACTIONS: readonly string[] = ['', 'restart', 'shutdown', 'ignore'];
const LOG_TARGETS: readonly string[] = ['', 'loki', 'opentelemetry', 'syslog'];

function refuse(message: string): never {
  throw new FormatError(message);
}

function bracketProblem(words: readonly string[]): string | null {
  let state: 'before' | 'inside' | 'after' = 'before';
  for (const [index, word] of words.entries()) {
    if (state === 'inside') {
      if (word === '[') return 'cannot nest [ ... ] groups';
      if (word === ']') state = 'after';
    } else if (state === 'after') return 'cannot have any arguments after [ ... ] group';
    else if (word === '[' && index === 0) return 'cannot start command with [ ... ] group';
    else if (word === '[') state = 'inside';
    else if (word === ']') return 'cannot have ] outside of [ ... ] group';
  }
  return null;
}

function checkCommand(name: string, service: Entry): void {
  const words = splitWords(text(service, 'command'));
  const problem = typeof words === 'string' ? words : bracketProblem(words);
  if (problem === null) return;
  const quoted = JSON.stringify(name);
  refuse(
    `plan service ${quoted} command invalid: cannot parse service ${quoted} command: ${problem}`,
  );
}

function checkActions(name: string, service: Entry): void {
  const given: [string, string, string][] = [
    ['on-success', text(service, 'on-success'), 'failure-shutdown'],
    ['on-failure', text(service, 'on-failure'), 'success-shutdown'],
    ...Object.values(object(service, 'on-check-failure') ?? {}).map(
      (action): [string, string, string] => [
        'on-check-failure',
        String(action),
        'success-shutdown',
      ],
    ),
  ];
  for (const [field, action, also] of given) {
    if (ACTIONS.includes(action) || action === also) continue;
    refuse(
      `plan service ${JSON.stringify(name)} ${field} action ${JSON.stringify(action)} invalid`,
    );
  }
}

function checkService(name: string, service: Entry | null): void {
  if (name === '') refuse('cannot use empty string as service name');
  if (name === 'pebble') refuse('cannot use reserved service name "pebble"');
  const quoted = JSON.stringify(name);
  if (name.startsWith('-'))
    refuse(`cannot use service name ${quoted}: starting with "-" not allowed`);
  if (service === null) refuse(`service object cannot be null for service ${quoted}`);
  checkCommand(name, service);
  checkActions(name, service);
  const factor = service['backoff-factor'];
  if (typeof factor === 'number' && factor < 1) {
    refuse(`plan service ${quoted} backoff-factor must be 1.0 or greater, not ${factor}`);
  }
}

function checkExec(name: string, exec: JsonObject): void {
  const words = splitWords(text(exec, 'command'));
  const context = `plan check ${JSON.stringify(name)}`;
  if (typeof words === 'string') refuse(`${context} command invalid: ${words}`);
  const user = ids(null, {
    'user-id': typeof exec['user-id'] === 'number' ? exec['user-id'] : null,
    user: text(exec, 'user'),
    'group-id': typeof exec['group-id'] === 'number' ? exec['group-id'] : null,
    group: text(exec, 'group'),
  });
  if (typeof user === 'string') refuse(`${context} has invalid user/group: ${user}`);
}

function checkCheck(name: string, check: Entry | null): void {
  if (name === '') refuse('cannot use empty string as check name');
  const quoted = JSON.stringify(name);
  if (check === null) refuse(`check object cannot be null for check ${quoted}`);
  if (!['', 'alive', 'ready'].includes(text(check, 'level'))) {
    refuse(`plan check ${quoted} level must be "alive" or "ready"`);
  }
  if (!['', 'enabled', 'disabled'].includes(text(check, 'startup'))) {
    refuse(`plan check ${quoted} startup must be "enabled" or "disabled"`);
  }
  for (const field of ['period', 'timeout']) {
    if (parseDuration(text(check, field)) === 0) {
      refuse(`plan check ${quoted} ${field} must not be zero`);
    }
  }
  const exec = object(check, 'exec');
  if (exec) checkExec(name, exec);
}

function checkLogTarget(name: string, target: Entry | null): void {
  const quoted = JSON.stringify(name);
  if (target === null) refuse(`log target object cannot be null for log target ${quoted}`);
  for (const label of Object.keys(object(target, 'labels') ?? {}).sort()) {
    if (!label.startsWith('pebble_')) continue;
    refuse(`log target ${quoted}: label ${JSON.stringify(label)} uses reserved prefix "pebble_"`);
  }
  const type = text(target, 'type');
  if (LOG_TARGETS.includes(type)) return;
  refuse(
    `log target ${quoted} has unsupported type ${JSON.stringify(type)}, ` +
      'must be "loki", "opentelemetry" or "syslog"',
  );
}

/** Throws FormatError with Pebble's message when something is wrong. */
export function checkLayer(
  label: string,
  plan: Readonly<Record<SectionName, Record<string, Json>>>,
): void {
  if (label.startsWith('pebble-')) refuse('cannot use reserved label prefix "pebble-"');
  const each = (section: SectionName, check: (name: string, entry: Entry | null) => void): void => {
    for (const name of Object.keys(plan[section]).sort()) {
      check(name, plan[section][name] as Entry | null);
    }
  };
  each('services', checkService);
  each('checks', checkCheck);
  each('log-targets', checkLogTarget);
}
