/** A call as one line: the hook command as typed, the Pebble request, the signal, the call in the process. */
import { oneLine } from '../chart/plain-text.ts';
import type { Call } from '../engine/record/format.ts';
import type { SliceName } from '../engine/world/state.ts';
import { shellWord } from './values.ts';

const LENGTH = 120;

/** The whole line. */
export function callLine(call: Call): string {
  const { request } = call;
  switch (request.kind) {
    case 'commands':
      return request.argv.map(shellWord).join(' ');
    case 'http':
      if (call.exec) return `exec ${call.exec.command.map(shellWord).join(' ')}`;
      return `${request.method} ${shellWord(request.url)}`;
    case 'calls':
      if (call.to === 'machine')
        return `${String(request.args[1])} to process ${String(request.args[0])}`;
      return `${request.name}(${request.args.map((value) => JSON.stringify(value)).join(', ')})`;
  }
}

/** The line, cut where it grows too long for a link. */
export function callTitle(call: Call): string {
  return oneLine(callLine(call), LENGTH);
}

/** Who was asked: `hook command`, `Pebble in web`, `snapd`, `clock`. */
export function callee(call: Call): string {
  const { request } = call;
  if (request.kind === 'http' && call.to === 'machine') return 'snapd';
  if (request.kind === 'http') return `Pebble in ${oneLine(request.container, 40)}`;
  if (request.kind === 'calls') return call.to === 'machine' ? 'signal' : 'in the process';
  if (call.to === 'clock') return 'clock';
  return call.to === 'machine' ? 'program' : 'hook command';
}

/** True when the answer refuses: a command's exit code is not 0, an HTTP status is 400 or above. */
export function isRefusal(call: Call): boolean {
  return call.request.kind === 'http' ? call.answer.code >= 400 : call.answer.code !== 0;
}

const SLICES: readonly string[] = [
  'clock',
  'juju',
  'machine',
  'pebble',
] satisfies readonly SliceName[];

/** Where a call wrote. An effect's path starts with the slice; one that does not is in the slice that was asked. */
export function effectPlace(
  call: Call,
  path: readonly string[],
): { readonly slice: SliceName; readonly path: readonly string[] } {
  const [first = '', ...rest] = path;
  return SLICES.includes(first)
    ? { slice: first as SliceName, path: rest }
    : { slice: call.to, path };
}
