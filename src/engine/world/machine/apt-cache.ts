/**
 * apt-cache: what archives offer, and which of it would be installed.
 * Source: apt-cache(8); outputs and exit codes recorded from apt 2.6.1 (tests/machine/recorded).
 * Not modelled: pins, what packages depend on a package (rdepends), statistics, dumps.
 */
import type { Answer, Reply } from '../../model/request.ts';
import { aptError } from './apt-carry.ts';
import { aptOptions } from './apt-options.ts';
import { originOf } from './apt-text.ts';
import { archiveParagraph, statusParagraph } from './dpkg-status.ts';
import { compareVersions } from './deb-version.ts';
import {
  allPackages,
  candidateOf,
  offeredNames,
  offersOf,
  packageOf,
  presentOf,
} from './package-base.ts';
import { relationsIn } from './package-relations.ts';
import type { Package } from './package-slice.ts';
import { reply, type MachineDraw, type Program } from './program.ts';
import type { MachineSlice } from './slice.ts';

function plain(name: string): string {
  return name.replace(/:(?:amd64|all|any|native)$/, '');
}

function show(draw: MachineDraw, words: readonly string[]): Reply {
  const { seen, blobs } = draw;
  let [out, err] = ['', ''];
  for (const word of words) {
    const [name = '', version] = word.split('=');
    const offers = offersOf(seen, plain(name)).filter(
      (one) => version === undefined || one.version === version,
    );
    out += offers.map((one) => archiveParagraph(plain(name), one)).join('');
    const here = presentOf(seen, plain(name));
    const local = here && !offers.some((one) => one.version === here.version);
    if (here && local && version === undefined)
      out += `${statusParagraph(plain(name), here, blobs)}\n`;
    else if (offers.length === 0) err += notFound(word);
  }
  if (out === '') err += 'E: No packages found\n';
  return reply(out === '' ? 100 : 0, out, err);
}

/** A name that nothing is known of is passed over; a version that is not there is told of. */
function notFound(word: string): string {
  const [name, version] = word.split('=');
  return version === undefined ? '' : `E: Version '${version}' for '${name}' was not found\n`;
}

function policyOf(slice: MachineSlice, name: string): string {
  const here = presentOf(slice, name);
  const kept = packageOf(slice, name);
  const offers = offersOf(slice, name);
  if (offers.length === 0 && !kept) return '';
  const local = kept && !offers.some((one) => one.version === kept.version) ? [kept] : [];
  const latestFirst = [...offers, ...local].sort((a, b) => compareVersions(b.version, a.version));
  const lines = latestFirst.map((one) => {
    const current = here?.version === one.version;
    const offered = offers.includes(one);
    const priority = offered ? 500 : 100;
    const rows = [
      ...(offered ? [`        500 ${originOf(slice, one)} amd64 Packages\n`] : []),
      ...(kept?.version === one.version ? ['        100 /var/lib/dpkg/status\n'] : []),
    ];
    return ` ${current ? '***' : '   '} ${one.version} ${priority}\n${rows.join('')}`;
  });
  const candidate = candidateOf(slice, name)?.version ?? '(none)';
  const found = here?.version ?? '(none)';
  return `${name}:\n  Installed: ${found}\n  Candidate: ${candidate}\n  Version table:\n${lines.join('')}`;
}

function policy({ seen }: MachineDraw, words: readonly string[]): Answer {
  if (words.length === 0)
    return { kind: 'unsupported', what: 'apt-cache policy without a package' };
  return reply(0, words.map((word) => policyOf(seen, plain(word))).join(''));
}

function madison({ seen }: MachineDraw, words: readonly string[]): Answer {
  const lines = words.flatMap((word) => {
    const name = plain(word);
    return offersOf(seen, name).map(
      (one) =>
        `${name.padStart(10)} | ${one.version.padStart(10)} | ${originOf(seen, one)} amd64 Packages\n`,
    );
  });
  return reply(0, lines.join(''));
}

function dependsOf(name: string, one: Package): string {
  const part = (title: string, text: string | undefined): string =>
    relationsIn(text)
      .map((group) =>
        group
          .map(
            ({ name: other }, at) => `${at < group.length - 1 ? ' |' : '  '}${title}: ${other}\n`,
          )
          .join(''),
      )
      .join('');
  const parts = [part('Depends', one.depends), part('Conflicts', one.conflicts)];
  return `${name}\n${parts.join('')}${part('Recommends', one.recommends)}`;
}

function depends({ seen }: MachineDraw, words: readonly string[]): Answer {
  let out = '';
  for (const word of words) {
    const name = plain(word);
    const one = offersOf(seen, name)[0] ?? presentOf(seen, name);
    if (!one) return aptError('No packages found');
    out += dependsOf(name, one);
  }
  return reply(0, out);
}

function search({ seen }: MachineDraw, words: readonly string[], namesOnly: boolean): Answer {
  if (words.length === 0) return aptError('You must give at least one search pattern');
  const tests = words.map((word) => new RegExp(word, 'i'));
  const known = new Set([...offeredNames(seen), ...Object.keys(allPackages(seen))]);
  const lines = [...known].sort().flatMap((name) => {
    const one = offersOf(seen, name)[0] ?? packageOf(seen, name);
    const summary = one?.description.split('\n')[0] ?? '';
    const text = namesOnly ? name : `${name}\n${one?.description}`;
    return one && tests.every((test) => test.test(text)) ? [`${name} - ${summary}\n`] : [];
  });
  return reply(0, lines.join(''));
}

function names({ seen }: MachineDraw, [prefix = '']: readonly string[]): Answer {
  const known = new Set([...offeredNames(seen), ...Object.keys(allPackages(seen))]);
  const fitting = [...known].filter((name) => name.startsWith(prefix)).sort();
  return reply(0, fitting.map((name) => `${name}\n`).join(''));
}

type Query = (draw: MachineDraw, words: readonly string[], namesOnly: boolean) => Answer;
const QUERIES: Readonly<Record<string, Query>> = {
  show,
  policy,
  madison,
  depends,
  search,
  pkgnames: names,
  gencaches: () => reply(0),
};
const OTHERS = [
  ...['showpkg', 'showsrc', 'stats', 'dump', 'dumpavail', 'unmet', 'rdepends', 'dotty', 'xvcg'],
  ...['add', 'help', 'showauto'],
];

export const aptCache: Program = (draw, request) => {
  const options = aptOptions(request.argv.slice(1));
  if (typeof options === 'string') return aptError(options);
  const { operation, rest, flags } = options;
  if (operation === undefined) return { kind: 'unsupported', what: "apt-cache's help" };
  const query = Object.hasOwn(QUERIES, operation) ? QUERIES[operation] : undefined;
  if (query) return query(draw, rest, flags.has('names-only'));
  if (OTHERS.includes(operation)) return { kind: 'unsupported', what: `apt-cache ${operation}` };
  return aptError(`Invalid operation ${operation}`);
};
