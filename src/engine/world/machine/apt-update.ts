/**
 * apt-get update: which sources there are, and that their lists were fetched.
 * Source: apt-get(8); recorded from apt 2.6.1 (tests/machine/recorded).
 * Not modelled: signatures of lists: a source whose key is missing is fetched all the same.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import type { AptOptions } from './apt-options.ts';
import { isRoot, look, reply, type MachineDraw } from './program.ts';
import { ownSources } from './apt-select.ts';
import { SOURCE_PATHS, sourcesOf } from './sources.ts';

const REFUSED = 100;

function failed(sources: readonly string[], strict: boolean): Answer {
  const out: string[] = [];
  const err: string[] = [];
  sources.forEach((source, at) => {
    const [address = '', suite = ''] = source.split(' ');
    const host = /^\w+:\/\/([^/:]+)/.exec(address)?.[1] ?? address;
    const why = `  Temporary failure resolving '${host}'`;
    out.push(`Err:${at + 1} ${address} ${suite} InRelease\n${why}\n`);
    err.push(`Failed to fetch ${address}/dists/${suite}/InRelease${why}`);
  });
  err.push(
    'Some index files failed to download. They have been ignored, or old ones used instead.',
  );
  const letter = strict ? 'E' : 'W';
  const text = err.map((line) => `${letter}: ${line}\n`).join('');
  return reply(strict ? REFUSED : 0, `${out.join('')}Reading package lists...\n`, text);
}

export function updated(draw: MachineDraw, request: CommandRequest, options: AptOptions): Answer {
  if (!isRoot(request)) {
    const err =
      'E: Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)\n' +
      'E: Unable to lock directory /var/lib/apt/lists/\n';
    return reply(REFUSED, 'Reading package lists...\n', err);
  }
  const first = look(request, SOURCE_PATHS);
  if (first) return first;
  const sources = sourcesOf(draw.seen, request.found ?? {});
  if (draw.seen.offline) return failed(sources, options.settings['error-on'] === 'any');
  const own = ownSources(draw.seen);
  const known = draw.seen.lists ?? own;
  if (sources.join('\n') !== known.join('\n'))
    draw.set((slice) => void (slice.lists = [...sources]));
  if (options.quiet >= 2) return reply(0);
  const lines = sources.map((source, at) => `Hit:${at + 1} ${source} InRelease\n`);
  return reply(0, `${lines.join('')}Reading package lists...\n`);
}
