/**
 * dpkg itself: files of packages installed, packages removed and configured, selections, versions compared.
 * Source: dpkg(1); outputs and exit codes recorded from dpkg 1.21.22 (tests/machine/recorded).
 * Not modelled: what is in a .deb file: the tree's package of its name is installed; other architectures; triggers.
 */
import type { Answer, CommandRequest, Reply } from '../../model/request.ts';
import { unsupportedFile } from './apt-get.ts';
import { globSource, packageOfFile } from './apt-select.ts';
import { relates } from './deb-version.ts';
import { plainName, queryOf, show } from './dpkg-query.ts';
import { statusFile } from './package-files.ts';
import { allPackages, packageOf, presentOf } from './package-base.ts';
import { carryOut, looksOf } from './package-change.ts';
import type { Plan, Step } from './package-plan.ts';
import { meets, relationsIn } from './package-relations.ts';
import type { InstalledPackage, Package } from './package-slice.ts';
import {
  absolute,
  inputOf,
  isRoot,
  look,
  reply,
  setMembers,
  type MachineDraw,
  type Program,
} from './program.ts';
import type { MachineSlice } from './slice.ts';

const HELP =
  '\nType dpkg --help for help about installing and deinstalling packages [*];\n' +
  "Use 'apt' or 'aptitude' for user-friendly package management;\n" +
  'Type dpkg -Dhelp for a list of dpkg debug flag values;\n' +
  'Type dpkg --force-help for a list of forcing options;\n' +
  'Type dpkg-deb --help for help about manipulating *.deb files;\n\n' +
  "Options marked [*] produce a lot of output - pipe it through 'less' or 'more' !\n";

function wrong(message: string): Reply {
  return reply(2, '', `dpkg: error: ${message}\n${HELP}`);
}

type Doing = {
  readonly draw: MachineDraw;
  readonly request: CommandRequest;
  readonly rest: readonly string[];
  readonly force: readonly string[];
};

function compare({ rest }: Doing): Answer {
  const [a = '', relation = '', b = '', ...more] = rest;
  if (rest.length < 3 || more.length > 0) {
    return wrong('--compare-versions takes three arguments: <version> <relation> <version>');
  }
  const held = relates(a, relation, b);
  return held === null ? wrong('--compare-versions bad relation') : reply(held ? 0 : 1);
}

/** What a package lacks, in dpkg's words; null: nothing. */
function lacking(
  slice: MachineSlice,
  name: string,
  one: Package,
  come: ReadonlyMap<string, Package>,
) {
  for (const group of relationsIn(one.depends)) {
    const met = group.some((wanted) =>
      [...Object.entries(allPackages(slice)), ...come].some(
        ([other, here]) =>
          (!('state' in here) || here.state === 'installed') && meets(other, here, wanted),
      ),
    );
    if (met) continue;
    const texts = group.map(({ name: of, relation, version }) =>
      relation === undefined ? of : `${of} (${relation} ${version})`,
    );
    const first = group[0]?.name ?? '';
    const here = presentOf(slice, first);
    const why = here
      ? `  Version of ${first} on system is ${here.version}.\n`
      : `  Package ${first} is not installed.\n`;
    return ` ${name} depends on ${texts.join(' | ')}; however:\n${why}`;
  }
  return null;
}

function problems(names: readonly string[], action: string, why: readonly string[]): string {
  const parts = names.map(
    (name, at) =>
      `dpkg: dependency problems prevent configuration of ${name}:\n${why[at]}\n` +
      `dpkg: error processing package ${name} (${action}):\n dependency problems - leaving unconfigured\n`,
  );
  const listed = names.map((name) => ` ${name}\n`).join('');
  return `${parts.join('')}Errors were encountered while processing:\n${listed}`;
}

function plan(installs: readonly Step[], removals: readonly string[] = []): Plan {
  return { installs, removals, recommended: [], broken: [] };
}

function install(doing: Doing): Answer {
  const { draw, request, rest, force } = doing;
  const { seen } = draw;
  if (rest.length === 0) return wrong('--install needs at least one package archive file argument');
  const paths = rest.map((path) => absolute(path, request.cwd));
  if (!request.found) return { kind: 'look', paths };
  const missing = rest.find((_, at) => !request.found?.[paths[at] ?? '']);
  if (missing !== undefined) {
    const err = `dpkg: error: cannot access archive '${missing}': No such file or directory\n`;
    return reply(2, '', err);
  }
  const found = rest.map((path) => packageOfFile(seen, path));
  const strange = rest.find((_, at) => !found[at]);
  if (strange !== undefined) return unsupportedFile(`the package in ${strange}`);
  const steps = found.map((one): Step => {
    const [name, to] = one as readonly [string, Package];
    return { name, from: packageOf(seen, name), to, asked: true };
  });
  const whole = plan(steps);
  const looked = look(request, [...paths, ...looksOf(seen, whole), '/etc'], 1);
  if (looked) return looked;
  return configured(
    doing,
    whole,
    new Map(steps.map(({ name }, at) => [name, rest[at] ?? ''])),
    force,
  );
}

function configured(
  { draw, request }: Doing,
  whole: Plan,
  files: ReadonlyMap<string, string>,
  force: readonly string[],
): Answer {
  const come = new Map(whole.installs.map(({ name, to }) => [name, to] as const));
  const lacks = whole.installs.map(({ name, to }) => lacking(draw.seen, name, to, come));
  const bad = whole.installs.filter((_, at) => lacks[at] && !force.includes('--force-depends'));
  const deb = (name: string): string => files.get(name) ?? name;
  const purged = new Set<string>();
  const done = carryOut(draw, request, { plan: whole, purged, force, manual: [], deb });
  if ('kind' in done) return done;
  const names = bad.map(({ name }) => name);
  if (names.length === 0) {
    return reply(done.code, done.out, done.code === 0 ? '' : '', done.root);
  }
  draw.set((slice) => {
    for (const name of names) {
      const one = slice.packages?.[name];
      if (one) one.state = 'unpacked';
    }
  });
  const kept = done.out
    .split('\n')
    .filter((line) => !names.some((name) => line.startsWith(`Setting up ${name} `)));
  const err = problems(names, '--install', lacks.filter((lack) => lack !== null) as string[]);
  const root = { ...done.root, ...statusFile(allPackages(draw.seen), draw.blobs) };
  return reply(1, kept.join('\n'), err, root);
}

function configure(doing: Doing): Answer {
  const { draw, request, rest } = doing;
  const waiting = Object.entries(draw.seen.packages ?? {}).flatMap(([name, one]): Step[] =>
    one?.state === 'unpacked' && (rest.length === 0 || rest.includes(name))
      ? [{ name, from: one, to: one, asked: !one.auto }]
      : [],
  );
  if (waiting.length === 0) return reply(0);
  const looked = look(request, looksOf(draw.seen, plan(waiting)));
  if (looked) return looked;
  const done = configured(doing, plan(waiting), new Map(), doing.force);
  if (done.kind !== 'reply') return done;
  const out = String(done.out)
    .split('\n')
    .filter((line) => !/^(?:\(Reading|Preparing|Unpacking)/.test(line));
  return { ...done, out: out.join('\n') };
}

function remove(doing: Doing, purge: boolean): Answer {
  const { draw, request, rest, force } = doing;
  const { seen } = draw;
  const names = rest.map(plainName);
  const there = names.filter((name) => (purge ? packageOf(seen, name) : presentOf(seen, name)));
  const absent = names.filter((name) => !there.includes(name));
  const err = absent
    .map((name) => `dpkg: warning: ignoring request to remove ${name} which isn't installed\n`)
    .join('');
  const needing = there.flatMap((name) => {
    const by = neededBy(seen, name, there);
    return by.length > 0 ? [{ name, by }] : [];
  });
  const held = force.includes('--force-depends') ? [] : needing;
  const gone = there.filter((name) => !held.some((one) => one.name === name));
  const whole = plan([], gone);
  const looked = gone.length > 0 ? look(request, looksOf(seen, whole)) : null;
  if (looked) return looked;
  const carrying = { plan: whole, purged: new Set(purge ? gone : []), force, manual: [] };
  const done = gone.length > 0 ? carryOut(draw, request, carrying) : null;
  if (done && 'kind' in done) return done;
  const refusals = held.map(
    ({ name, by }) =>
      `dpkg: dependency problems prevent removal of ${name}:\n` +
      `${by.map((one) => ` ${one} depends on ${name}.\n`).join('')}\n` +
      `dpkg: error processing package ${name} (--${purge ? 'purge' : 'remove'}):\n` +
      ' dependency problems - not removing\n',
  );
  const tail = held.map(({ name }) => ` ${name}\n`).join('');
  const errors =
    held.length > 0 ? `${refusals.join('')}Errors were encountered while processing:\n${tail}` : '';
  return reply(held.length > 0 ? 1 : 0, done?.out ?? '', `${err}${errors}`, done?.root ?? {});
}

function neededBy(slice: MachineSlice, name: string, going: readonly string[]): readonly string[] {
  const here = packageOf(slice, name) as InstalledPackage;
  return Object.entries(slice.packages ?? {}).flatMap(([other, one]) => {
    if (!one || one.state === 'config-files' || going.includes(other)) return [];
    const groups = relationsIn(one.depends);
    return groups.some((group) => group.some((wanted) => meets(name, here, wanted))) ? [other] : [];
  });
}

function selections({ draw, rest }: Doing): Answer {
  const tests = rest.map((pattern) => new RegExp(globSource(pattern)));
  const lines = Object.entries(allPackages(draw.seen)).flatMap(([name, { state, held }]) => {
    if (rest.length > 0 && !tests.some((test) => test.test(name))) return [];
    const want = held ? 'hold' : state === 'config-files' ? 'deinstall' : 'install';
    const tabs = '\t'.repeat(Math.max(1, 6 - Math.floor(name.length / 8)));
    return [`${name}${tabs}${want}\n`];
  });
  return reply(0, lines.join(''));
}

function setSelections({ draw, request }: Doing): Answer {
  const looked = look(request, ['/dev/stdin']);
  if (looked) return looked;
  const { seen } = draw;
  const wanted = inputOf(request)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name = '']) => name !== '' && !name.startsWith('#'));
  const unknown = wanted.filter(([name = '']) => packageOf(seen, plainName(name)) === null);
  const fresh = wanted.flatMap(([name = '', want]): [string, InstalledPackage][] => {
    const one = packageOf(seen, plainName(name));
    if (!one) return [];
    const { held: _held, ...rest } = one;
    return [[plainName(name), want === 'hold' ? { ...rest, held: true } : rest]];
  });
  setMembers(draw, 'packages', Object.fromEntries(fresh));
  const err = unknown.map(
    ([name]) => `dpkg: warning: package not in status nor available database at line 1: ${name}\n`,
  );
  return reply(0, '', err.join(''));
}

type Action = (doing: Doing) => Answer;
const ACTIONS: Readonly<Record<string, Action>> = {
  '-i': install,
  '--install': install,
  '-r': (doing) => remove(doing, false),
  '--remove': (doing) => remove(doing, false),
  '-P': (doing) => remove(doing, true),
  '--purge': (doing) => remove(doing, true),
  '--configure': configure,
  '--print-architecture': () => reply(0, 'amd64\n'),
  '--print-foreign-architectures': () => reply(0),
  '--compare-versions': compare,
  '--get-selections': selections,
  '--set-selections': setSelections,
  '--audit': () => reply(0),
  '-C': () => reply(0),
  '--verify': () => reply(0),
  '-V': () => reply(0),
  '-W': ({ draw, rest }) => show(draw, rest),
  '--show': ({ draw, rest }) => show(draw, rest),
};
const CHANGING = [
  '-i',
  '--install',
  '-r',
  '--remove',
  '-P',
  '--purge',
  '--configure',
  '--set-selections',
];
const OTHERS = [
  ...[
    '--unpack',
    '--record-avail',
    '-A',
    '--triggers-only',
    '--add-architecture',
    '--remove-architecture',
  ],
  ...[
    '--clear-selections',
    '--yet-to-unpack',
    '--forget-old-unavail',
    '--update-avail',
    '--merge-avail',
  ],
  ...[
    '--info',
    '-I',
    '--contents',
    '-c',
    '--extract',
    '-x',
    '--vextract',
    '-X',
    '--field',
    '-f',
    '--build',
    '-b',
  ],
  ...[
    '--control',
    '-e',
    '--fsys-tarfile',
    '--version',
    '--help',
    '-?',
    '--print-avail',
    '-p',
    '--force-help',
  ],
  ...[
    '--validate-pkgname',
    '--validate-version',
    '--validate-archname',
    '--assert-support-predepends',
  ],
];

function readWords(words: readonly string[]) {
  const force: string[] = [];
  let action: string | undefined;
  let bad: string | undefined;
  const rest: string[] = [];
  for (const word of words) {
    if (action === '--compare-versions') rest.push(word);
    else if (word.startsWith('--force-') && word !== '--force-help') {
      force.push(
        ...word
          .slice(8)
          .split(',')
          .map((one) => `--force-${one}`),
      );
    } else if (
      /^--(?:no-force-|refuse-|root=|admindir=|no-debsig|no-pager|status-fd|log=)/.test(word)
    )
      continue;
    else if (['-a', '--pending'].includes(word) && action === '--configure') continue;
    else if (
      ['-E', '-G', '-O', '-R', '-B', '--skip-same-version', '--no-triggers', '--triggers'].includes(
        word,
      )
    )
      continue;
    else if (!word.startsWith('-') || word === '-') rest.push(word);
    else if (
      action === undefined &&
      (Object.hasOwn(ACTIONS, word) || queryOf(word) || OTHERS.includes(word))
    )
      action = word;
    else bad ??= word;
  }
  return { action, rest, force, bad };
}

export const dpkg: Program = (draw, request) => {
  const { action, rest, force, bad } = readWords(request.argv.slice(1));
  if (bad !== undefined) return wrong(`unknown option ${bad}`);
  if (action === undefined) return wrong('need an action option');
  const query = queryOf(action);
  if (query) return query(draw, rest);
  const run = ACTIONS[action];
  if (!run) return { kind: 'unsupported', what: `dpkg ${action}` };
  if (CHANGING.includes(action) && !isRoot(request)) {
    return reply(2, '', 'dpkg: error: requested operation requires superuser privilege\n');
  }
  return run({ draw, request, rest, force });
};
