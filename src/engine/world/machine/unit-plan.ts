/**
 * What a service's file asks for: its commands, who runs them, what is made for it, when it is started again.
 * Source: systemd.service(5), systemd.exec(5), systemd.unit(5) (conditions); recorded from 252.
 * Not modelled: resource limits, sandboxing, users made for a service (DynamicUser runs as its unit's name), conditions
 * that ask for more than a path: they are taken as met.
 */
import type { Millis } from '../../model/request.ts';
import type { Loaded } from './unit-load.ts';
import { allOf, commandWords, isYes, lastOf, millisOf, specified, wordsOf } from './unit-file.ts';

/** `key`: the setting that it is of. `ignored`: how it ends does not count. */
export type PlannedCommand = {
  readonly key: string;
  readonly path: string;
  readonly argv: readonly string[];
  readonly ignored: boolean;
};
export type MadeFolder = {
  readonly path: string;
  readonly mode: number;
  readonly runtime: boolean;
};
export type ServicePlan = {
  readonly type: string;
  readonly pre: readonly PlannedCommand[];
  readonly start: readonly PlannedCommand[];
  readonly post: readonly PlannedCommand[];
  readonly reload: readonly PlannedCommand[];
  readonly stop: readonly PlannedCommand[];
  readonly user: string;
  readonly group: string;
  readonly workingDirectory: string;
  readonly environment: readonly string[];
  /** Files of variables that must be there. */
  readonly environmentFiles: readonly string[];
  readonly folders: readonly MadeFolder[];
  readonly pidFile: string;
  readonly remain: boolean;
  readonly again: { readonly on: string; readonly after: Millis };
  readonly stopTimeout: Millis;
};
/** A path that must be there, or must not, for the unit to be started. */
export type Condition = { readonly key: string; readonly path: string; readonly negated: boolean };

function unquotedPairs(lines: readonly string[]): string[] {
  return lines.flatMap((line) => commandWords(line));
}

/** `$NAME` as a word of its own is split, `${NAME}` is put in place. */
function expanded(words: readonly string[], environment: readonly string[]): string[] {
  const values = Object.fromEntries(
    environment.map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  );
  return words.flatMap((word) => {
    const alone = /^\$(\w+)$/.exec(word);
    if (alone) return (values[alone[1] ?? ''] ?? '').split(/\s+/).filter(Boolean);
    return [
      word.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '').replaceAll('$$', '$'),
    ];
  });
}

type Of = { readonly hostname: string; readonly environment: readonly string[] };

function commandOf(line: string, key: string, { hostname, environment }: Of, name: string) {
  const [, marks = '', rest = ''] = /^([@\-:+!|]*)\s*(.*)$/s.exec(line) ?? [];
  const words = commandWords(rest).map((word) => specified(word, name, { hostname }));
  const [path = '', ...others] = words;
  const argv = marks.includes('@') ? others : [path, ...others];
  const said = marks.includes(':')
    ? argv
    : [argv[0] ?? '', ...expanded(argv.slice(1), environment)];
  return { key, path, argv: said, ignored: marks.includes('-') };
}

const FOLDERS = [
  ['RuntimeDirectory', '/run'],
  ['StateDirectory', '/var/lib'],
  ['CacheDirectory', '/var/cache'],
  ['LogsDirectory', '/var/log'],
  ['ConfigurationDirectory', '/etc'],
] as const;

function foldersOf({ name, settings }: Loaded, hostname: string): MadeFolder[] {
  const kept = /^(?:yes|restart|1|true)$/.test(
    lastOf(settings, 'Service', 'RuntimeDirectoryPreserve'),
  );
  return FOLDERS.flatMap(([key, above]) => {
    const mode = Number.parseInt(lastOf(settings, 'Service', `${key}Mode`) || '0755', 8);
    return wordsOf(settings, 'Service', key).map((folder) => ({
      path: `${above}/${specified(folder.split(':')[0] ?? '', name, { hostname })}`,
      mode,
      runtime: key === 'RuntimeDirectory' && !kept,
    }));
  });
}

function typeOf(loaded: Loaded): string {
  const said = lastOf(loaded.settings, 'Service', 'Type');
  if (said !== '') return said;
  if (lastOf(loaded.settings, 'Service', 'BusName') !== '') return 'dbus';
  return allOf(loaded.settings, 'Service', 'ExecStart').length === 0 ? 'oneshot' : 'simple';
}

export function planOf(loaded: Loaded, hostname: string): ServicePlan {
  const { name, settings } = loaded;
  const one = (key: string): string =>
    specified(lastOf(settings, 'Service', key), name, { hostname });
  const pairs = unquotedPairs(allOf(settings, 'Service', 'Environment'));
  const environment = pairs
    .filter((pair) => /^\w+=/.test(pair))
    .map((pair) => specified(pair, name, { hostname }));
  const commands = (key: string): PlannedCommand[] =>
    allOf(settings, 'Service', key).map((line) =>
      commandOf(line, key, { hostname, environment }, name),
    );
  const restart = one('RestartSec');
  const stop = one('TimeoutStopSec') || one('TimeoutSec');
  const pidFile = one('PIDFile');
  const dynamic = isYes(one('DynamicUser')) ? name.replace(/\.service$/, '') : '';
  return {
    type: typeOf(loaded),
    pre: commands('ExecStartPre'),
    start: commands('ExecStart'),
    post: commands('ExecStartPost'),
    reload: commands('ExecReload'),
    stop: commands('ExecStop'),
    user: one('User') || dynamic || 'root',
    group: one('Group'),
    workingDirectory: one('WorkingDirectory'),
    environment,
    environmentFiles: allOf(settings, 'Service', 'EnvironmentFile')
      .filter((path) => !path.startsWith('-'))
      .map((path) => specified(path, name, { hostname })),
    folders: foldersOf(loaded, hostname),
    pidFile: pidFile === '' || pidFile.startsWith('/') ? pidFile : `/run/${pidFile}`,
    remain: isYes(one('RemainAfterExit')),
    again: { on: one('Restart') || 'no', after: restart === '' ? 100 : (millisOf(restart) ?? 100) },
    stopTimeout: stop === '' ? 90_000 : (millisOf(stop) ?? Number.POSITIVE_INFINITY),
  };
}

/** Why a service cannot be loaded for what its file says, or null. */
export function badSetting(loaded: Loaded): boolean {
  if (!loaded.name.endsWith('.service')) return false;
  const has = (key: string): boolean => allOf(loaded.settings, 'Service', key).length > 0;
  if (!has('ExecStart') && !has('ExecStop') && !has('SuccessAction')) return true;
  const type = typeOf(loaded);
  const isRemaining = isYes(lastOf(loaded.settings, 'Service', 'RemainAfterExit'));
  if (!has('ExecStart')) return type !== 'oneshot' && !isRemaining;
  return type !== 'oneshot' && allOf(loaded.settings, 'Service', 'ExecStart').length > 1;
}

const ASKED = ['PathExists', 'PathIsDirectory', 'FileNotEmpty', 'FileIsExecutable'];

export function conditionsOf({ settings }: Loaded, kind: 'Condition' | 'Assert'): Condition[] {
  return ASKED.flatMap((what) =>
    allOf(settings, 'Unit', `${kind}${what}`).map((value) => ({
      key: `${kind}${what}`,
      path: value.replace(/^[|!]+/, ''),
      negated: value.includes('!'),
    })),
  );
}

/** All paths that a start of it looks at: programs, files, folders, who runs it. */
export function startPaths(loaded: Loaded, hostname: string): readonly string[] {
  const plan = planOf(loaded, hostname);
  const programs = [...plan.pre, ...plan.start, ...plan.reload].flatMap(({ path }) => places(path));
  const conditions = [...conditionsOf(loaded, 'Condition'), ...conditionsOf(loaded, 'Assert')];
  return [
    ...programs,
    ...plan.environmentFiles,
    ...conditions.map(({ path }) => path),
    ...(plan.workingDirectory === '' ? [] : [plan.workingDirectory.replace(/^-/, '')]),
    ...(plan.pidFile === '' ? [] : [plan.pidFile]),
  ].filter((path) => path.startsWith('/'));
}

const PROGRAM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];

/** Where a command may be found. */
export function places(path: string): readonly string[] {
  return path.includes('/') ? [path] : PROGRAM_FOLDERS.map((folder) => `${folder}/${path}`);
}
