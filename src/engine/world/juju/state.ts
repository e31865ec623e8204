/**
 * state-get, state-set and state-delete: a charm's own values, kept on the controller; changes land on exit 0.
 * Source: juju jujuc/state-*.go, runner/context/context.go, core/quota, state/unitstate_ops.go
 * Not modelled: a quota that an operator set, and that Go visits several too long values in any order.
 */
import type { Problem } from '../../model/outcome.ts';
import { isReply, keyValues, ok, quoted, refuse, unrecognised } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import type { Databag, JujuSlice } from './slice.ts';
import { settingsInFile } from './state-file.ts';
import { isJuju4 } from './version.ts';

const KEY_MAX = 256;
const VALUE_MAX = 64 * 1024;
const TOTAL_MAX = 2 * 1024 * 1024;
const REFUSED = 'cannot apply changes: persisting charm state';

export const stateGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, strict: { kind: 'yes' } },
  run({ seen }, parsed) {
    const [given = '-', ...more] = parsed.rest;
    const key = given === '-' ? '' : given;
    if (more.length > 0) return unrecognised(more);
    if (key === '') {
      // An empty state is a nil map in Go: JSON has null for it, YAML an empty mapping.
      const none = Object.keys(seen.unitState).length === 0;
      return formatted(none ? null : seen.unitState, parsed, { yaml: seen.unitState });
    }
    const found = Object.hasOwn(seen.unitState, key) ? seen.unitState[key] : undefined;
    if (found === undefined && parsed.yes['strict']) {
      return refuse(1, `${quoted(key)} not found`);
    }
    return formatted(found ?? '', parsed);
  },
};

function size(text: string): number {
  return new TextEncoder().encode(text).length;
}

function tooLong(values: Databag): string | null {
  for (const [key, value] of Object.entries(values)) {
    if (size(key) > KEY_MAX) return `max allowed key length (${KEY_MAX}) exceeded`;
    if (size(value) > VALUE_MAX) return `max allowed value length (${VALUE_MAX}) exceeded`;
  }
  return null;
}

export const stateSet: HookCommand = {
  flags: { file: { kind: 'text' } },
  run({ buffer }, parsed, request) {
    const words = keyValues(parsed.rest);
    if (isReply(words)) return words;
    const file = settingsInFile('state-set', parsed, request);
    if (file.kind !== 'settings') return file;
    const wanted = { ...file.settings, ...words };
    const problem = tooLong(wanted);
    if (problem !== null) return refuse(1, problem);
    buffer((slice) => void Object.assign(slice.unitState, wanted));
    return ok('');
  },
};

export const stateDelete: HookCommand = {
  flags: {},
  run({ buffer }, parsed) {
    const [key, ...more] = parsed.rest;
    if (more.length > 0) return unrecognised(more);
    if (key) buffer((slice) => void delete slice.unitState[key]);
    return ok('');
  },
};

/** Bytes of a BSON document of texts; MongoDB has no dots and dollars in keys, so these are written wide. */
function documentSize(values: Databag): number {
  const written = (key: string): string => key.replaceAll('.', '\uff0e').replaceAll('$', '\uff04');
  const sizes = Object.entries(values).map(
    ([key, value]) => 1 + size(written(key)) + 1 + 4 + size(value) + 1,
  );
  return sizes.reduce((sum, each) => sum + each, 4 + 1);
}

/** What the controller has against the state as a hook leaves it. */
export function commitProblems(kept: JujuSlice, seen: JujuSlice): readonly Problem[] {
  if (isJuju4(seen) || seen.unitState === kept.unitState) return [];
  if (documentSize(seen.unitState) <= TOTAL_MAX) return [];
  return [{ message: `${REFUSED}: max allowed size (${TOTAL_MAX}) exceeded` }];
}
