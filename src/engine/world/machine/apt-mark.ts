/**
 * apt-mark: which packages were asked for by name, and which stay as they are.
 * Source: apt-mark(8); outputs and exit codes recorded from apt 2.6.1 (tests/machine/recorded).
 */
import type { Answer } from '../../model/request.ts';
import { aptError, NOT_ROOT } from './apt-carry.ts';
import { aptOptions } from './apt-options.ts';
import { allPackages, offersOf, packageOf, presentOf } from './package-base.ts';
import type { InstalledPackage } from './package-slice.ts';
import { statusFile } from './package-files.ts';
import { isRoot, reply, setMembers, type MachineDraw, type Program } from './program.ts';

type Change = {
  readonly is: (one: InstalledPackage) => boolean;
  readonly with: (one: InstalledPackage) => InstalledPackage;
  readonly already: string;
  readonly done: (name: string) => string;
};

function without(one: InstalledPackage, key: 'auto' | 'held'): InstalledPackage {
  const { [key]: _gone, ...rest } = one;
  return rest;
}

const CHANGES: Readonly<Record<string, Change>> = {
  auto: {
    is: ({ auto }) => auto === true,
    with: (one) => ({ ...one, auto: true }),
    already: 'was already set to automatically installed.',
    done: (name) => `${name} set to automatically installed.`,
  },
  manual: {
    is: ({ auto }) => auto !== true,
    with: (one) => without(one, 'auto'),
    already: 'was already set to manually installed.',
    done: (name) => `${name} set to manually installed.`,
  },
  hold: {
    is: ({ held }) => held === true,
    with: (one) => ({ ...one, held: true }),
    already: 'was already set on hold.',
    done: (name) => `${name} set on hold.`,
  },
  unhold: {
    is: ({ held }) => held !== true,
    with: (one) => without(one, 'held'),
    already: 'was already not on hold.',
    done: (name) => `Canceled hold on ${name}.`,
  },
};

function changed(draw: MachineDraw, change: Change, words: readonly string[]): Answer {
  const { seen, blobs } = draw;
  const unknown = words.filter(
    (name) => offersOf(seen, name).length === 0 && !packageOf(seen, name),
  );
  if (unknown.length > 0) {
    const err = unknown.map((name) => `E: Unable to locate package ${name}\n`).join('');
    return reply(100, '', `${err}E: No packages found\n`);
  }
  const lines: string[] = [];
  const fresh: Record<string, InstalledPackage> = {};
  for (const name of words) {
    const one = presentOf(seen, name);
    if (!one) lines.push(`${name} can not be marked as it is not installed.\n`);
    else if (change.is(one)) lines.push(`${name} ${change.already}\n`);
    else {
      fresh[name] = change.with(one);
      lines.push(`${change.done(name)}\n`);
    }
  }
  if (Object.keys(fresh).length === 0) return reply(0, lines.join(''));
  setMembers(draw, 'packages', fresh);
  return reply(0, lines.join(''), '', statusFile(allPackages(draw.seen), blobs));
}

const SHOWN: Readonly<Record<string, (one: InstalledPackage) => boolean>> = {
  showauto: ({ auto }) => auto === true,
  showmanual: ({ auto }) => auto !== true,
  showhold: ({ held }) => held === true,
  showholds: ({ held }) => held === true,
};

const OTHERS = [
  'minimize-manual',
  'install',
  'remove',
  'purge',
  'showinstall',
  'showremove',
  'showpurge',
];

export const aptMark: Program = (draw, request) => {
  const options = aptOptions(request.argv.slice(1));
  if (typeof options === 'string') return aptError(options);
  const { operation = '', rest } = options;
  const shown = Object.hasOwn(SHOWN, operation) ? SHOWN[operation] : undefined;
  if (shown) {
    const all = Object.entries(allPackages(draw.seen)).filter(
      ([name, one]) =>
        one.state !== 'config-files' && shown(one) && (rest.length === 0 || rest.includes(name)),
    );
    return reply(0, all.map(([name]) => `${name}\n`).join(''));
  }
  const name = operation.replace(/^(?:un)?markauto$/, (word) =>
    word[0] === 'u' ? 'manual' : 'auto',
  );
  const change = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined;
  if (!change) {
    if (OTHERS.includes(operation)) return { kind: 'unsupported', what: `apt-mark ${operation}` };
    return aptError(`Invalid operation ${operation}`);
  }
  if (!isRoot(request)) return reply(100, '', NOT_ROOT);
  if (rest.length === 0) return aptError('No packages found');
  return changed(draw, change, rest);
};
