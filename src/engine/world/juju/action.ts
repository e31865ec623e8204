/**
 * action-get, action-set, action-fail and action-log: sent with the action's end, whatever its exit code.
 * Source: juju jujuc/action-*.go Not modelled: stdout and stderr among the results.
 */
import type { Draft } from 'immer';
import type { Json } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { isReply, keyValues, ok, refuse, unrecognised, type Flags } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import type { ActionRun } from './slice.ts';
import type { Parsed } from './arguments.ts';

const KEY_RULE =
  'must start and end with lowercase alphanumeric, ' +
  'and contain only lowercase alphanumeric, hyphens and periods';
const RESERVED = ['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'];

function inAction(
  flags: Flags,
  run: (context: HookContext, parsed: Parsed) => Answer,
): HookCommand {
  return {
    flags,
    run: (context, parsed) =>
      context.seen.action === null ? refuse(1, 'not running an action') : run(context, parsed),
  };
}

function write(context: HookContext, change: (action: Draft<ActionRun>) => void): Answer {
  context.set((slice) => {
    if (slice.action) change(slice.action);
  });
  return ok('');
}

export const actionGet = inAction(FORMAT_FLAGS, ({ seen }, parsed) => {
  const [key, ...more] = parsed.rest;
  if (more.length > 0) return unrecognised(more);
  const params = seen.action?.params ?? {};
  if (key === undefined) return formatted(params, parsed);
  const found = key.split('.').reduce<Json | undefined>((value, part) => {
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, Json>)[part]
      : undefined;
  }, params);
  return formatted(found ?? null, parsed);
});

function place(results: Record<string, unknown>, path: readonly string[], value: string): void {
  const [head = '', ...tail] = path;
  if (tail.length === 0) {
    results[head] = value;
    return;
  }
  const below = results[head];
  const next =
    typeof below === 'object' && below !== null ? (below as Record<string, unknown>) : {};
  results[head] = next;
  place(next, tail, value);
}

export const actionSet = inAction({}, (context, parsed) => {
  const wanted = keyValues(parsed.rest);
  if (isReply(wanted)) return wanted;
  for (const key of Object.keys(wanted)) {
    if (RESERVED.includes(key))
      return refuse(1, `cannot set reserved action key ${JSON.stringify(key)}`);
    if (!key.split('.').every((part) => /^[a-z0-9](([a-z0-9-.]+)?[a-z0-9])?$/.test(part))) {
      return refuse(2, `key ${JSON.stringify(key)} ${KEY_RULE}`);
    }
  }
  return write(context, (action) => {
    for (const [key, value] of Object.entries(wanted)) {
      place(action.results as Record<string, unknown>, key.split('.'), value);
    }
  });
});

export const actionFail = inAction({}, (context, parsed) => {
  const [message, ...more] = parsed.rest;
  if (more.length > 0) return unrecognised(more);
  return write(context, (action) => {
    action.failure = message ?? 'action failed without reason given, check action for errors';
  });
});

export const actionLog = inAction({}, (context, parsed) => {
  if (parsed.rest.length === 0) return refuse(2, 'no message specified');
  return write(context, (action) => void action.log.push(parsed.rest.join(' ')));
});
