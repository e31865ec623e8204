/**
 * action-get, action-set, action-fail and action-log, and what Juju itself adds to an action's results when it ends.
 * All of it is sent with the action's end, whatever its exit code. Outside of an action, arguments are read first.
 * Source: juju jujuc/action-*.go, runner/context (action.go, context.go finalizeAction), runner/runner.go
 * Not modelled: an action that its operator cancels; output that is no UTF-8, which Juju sends as base64.
 */
import type { Draft } from 'immer';
import type { Json, JsonObject } from '../../model/json.ts';
import type { End, Problem } from '../../model/outcome.ts';
import type { Answer, Reply } from '../../model/request.ts';
import { isReply, ok, quoted, refuse, unrecognised, type Flags, type Parsed } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import type { ActionRun } from './slice.ts';

const KEY = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const KEY_RULE =
  'must start and end with lowercase alphanumeric, ' +
  'and contain only lowercase alphanumeric, hyphens and periods';
const RESERVED = ['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'];
const NO_REASON = 'action failed without reason given, check action for errors';

/** A command that reads its arguments, and then does what it does within an action only. */
function inAction<Read extends string | readonly unknown[]>(
  flags: Flags,
  read: (parsed: Parsed) => Read | Reply,
  run: (context: HookContext, read: Read, parsed: Parsed) => Answer,
): HookCommand {
  return {
    flags,
    run(context, parsed) {
      const asked = read(parsed);
      if (isRefusal(asked)) return asked;
      if (context.seen.action === null) return refuse(1, 'not running an action');
      return run(context, asked, parsed);
    },
  };
}

function isRefusal(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && isReply(value);
}

function write(context: HookContext, change: (action: Draft<ActionRun>) => void): Answer {
  context.set((slice) => {
    if (slice.action) change(slice.action);
  });
  return ok('');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(params: JsonObject, path: readonly string[]): Json {
  const found = path.reduce<Json | undefined>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    params,
  );
  return found ?? null;
}

export const actionGet = inAction<readonly string[]>(
  FORMAT_FLAGS,
  ({ rest: [key, ...more] }) => (more.length > 0 ? unrecognised(more) : (key?.split('.') ?? [])),
  ({ seen }, path, parsed) => {
    const shown = { floats: true, untyped: true };
    return formatted(valueAt(seen.action?.params ?? {}, path), parsed, shown);
  },
);

type Result = { readonly path: readonly string[]; readonly value: string };

function resultIn(word: string): Result | Reply {
  const equals = word.indexOf('=');
  if (equals < 0) return refuse(2, `argument ${quoted(word)} must be of the form key...=value`);
  const path = word.slice(0, equals).split('.');
  for (const key of path) {
    if (!KEY.test(key)) return refuse(2, `key ${quoted(key)} ${KEY_RULE}`);
    if (RESERVED.includes(key)) return refuse(2, `cannot set reserved action key "${key}"`);
  }
  return { path, value: word.slice(equals + 1) };
}

function readResults({ rest }: Parsed): readonly Result[] | Reply {
  const results: Result[] = [];
  for (const word of rest) {
    const result = resultIn(word);
    if (isReply(result)) return result;
    results.push(result);
  }
  return results;
}

type Results = Record<string, unknown>;

/** A value that stands where a mapping is wanted gives way to it. */
function place(results: Results, { path: [head = '', ...path], value }: Result): void {
  if (path.length === 0) {
    results[head] = value;
    return;
  }
  const below = results[head];
  if (typeof below !== 'object' || below === null) results[head] = {};
  place(results[head] as Results, { path, value });
}

export const actionSet = inAction({}, readResults, (context, wanted) =>
  write(context, ({ results }) => wanted.forEach((result) => place(results as Results, result))),
);

export const actionFail = inAction<string>(
  {},
  ({ rest: [message, ...more] }) => (more.length > 0 ? unrecognised(more) : (message ?? NO_REASON)),
  (context, message) => write(context, (action) => void (action.failure = message)),
);

export const actionLog = inAction<string>(
  {},
  ({ rest }) => (rest.length === 0 ? refuse(2, 'no message specified') : rest.join(' ')),
  (context, message) => write(context, (action) => void action.log.push(message)),
);

/** How an action's program ended, what it printed, and why the controller refused what it had changed, if it did. */
export type ActionEnd = {
  readonly unit: string;
  readonly end: End;
  readonly said: { readonly stdout: string; readonly stderr: string };
  readonly refused: readonly Problem[];
};

/** Why Juju calls the action failed, which stands over what action-fail said; null when its program was content. */
function endMessage({ end, unit }: ActionEnd): string | null {
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? null : `exit status ${end.code}`;
    case 'missing':
      return `action not implemented on unit ${quoted(unit)}`;
    case 'not-started':
      return end.reason;
    default:
      return 'terminated';
  }
}

/** The action as Juju sends it at its end: with the exit code and the output of its program among the results. */
export function finishedAction(action: ActionRun, at: ActionEnd): ActionRun {
  const { stdout, stderr } = at.said;
  const message = endMessage(at);
  const reason = at.refused.map((problem) => problem.message).join('\n');
  const errors = reason === '' ? stderr : stderr === '' ? reason : `${stderr}\n${reason}`;
  const ran = at.end.kind !== 'missing';
  const code = at.end.kind === 'exited' ? at.end.code : -1;
  const failure = message ?? action.failure;
  return {
    ...action,
    results: {
      ...action.results,
      ...(ran ? { 'return-code': code } : {}),
      ...(stdout === '' ? {} : { stdout }),
      ...(errors === '' ? {} : { stderr: errors }),
    },
    failure: reason === '' ? failure : failure || 'committing requested changes failed',
  };
}
