/**
 * Files that packages bring: what is written when one is unpacked, what is kept of an administrator's changes, what
 * goes with it, and what dpkg's database says of it.
 * Source: dpkg(1) (--force-conf…), Debian Policy 10.7; texts recorded from dpkg 1.21.22.
 * Not modelled: diversions, folders that are removed once empty, permissions that an administrator overrides.
 */
import type { Blobs } from '../../model/counterpart.ts';
import type { InstalledPackage, Package, PackageFile, PackageUnit } from './package-slice.ts';
import type { Files, RootChanges } from './program.ts';
import { conffilesOf, statusText } from './dpkg-status.ts';

/** Says whether services may be started, by its exit code. */
export const POLICY = '/usr/sbin/policy-rc.d';
export const CLIENT = '/opt/playbill/client/machine-command';
const encoder = new TextEncoder();

export type Unpacked = {
  readonly root: RootChanges;
  readonly out: string;
  /** Conffiles that somebody has to be asked about: the package is not configured. */
  readonly asks: readonly string[];
};
export type Unpacking = {
  readonly files: Files;
  readonly blobs: Blobs;
  /** What dpkg is told of conffiles: `--force-confold`. */
  readonly force: readonly string[];
};

/** A unit file as a package's would be. */
export function unitFileText(
  name: string,
  { text, command, type, user, description, pidFile }: PackageUnit,
): string {
  if (text !== undefined) return text;
  const base = name.replace(/\.service$/, '');
  return [
    '[Unit]',
    `Description=${description ?? base}`,
    'After=network.target',
    '',
    '[Service]',
    `Type=${type ?? 'simple'}`,
    ...(user === undefined ? [] : [`User=${user}`]),
    ...(pidFile === undefined ? [] : [`PIDFile=${pidFile}`]),
    `ExecStart=${command ?? `/usr/bin/${base}`}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

export function unitName(name: string): string {
  return /\.[a-z]+$/.test(name) ? name : `${name}.service`;
}

/** Paths at which a package's programs are found: those that its rules and services speak of. */
export function programsOf({ commands = [], units = {}, files = {} }: Package): readonly string[] {
  const first = commands.flatMap(({ command }) => ('like' in command ? [] : command.slice(0, 1)));
  const started = Object.entries(units).map(
    ([name, { command }]) => command?.split(/\s+/)[0] ?? `/usr/bin/${name.replace(/\.\w+$/, '')}`,
  );
  const paths = [...first, ...started].map((program) =>
    program.startsWith('/') ? program : `/usr/bin/${program}`,
  );
  return [...new Set(paths)].filter((path) => !(path in files)).sort();
}

/** All paths of a package, its folders included, as dpkg lists them. */
export function pathsOf(one: Package): readonly string[] {
  const own = [
    ...Object.keys(one.files ?? {}),
    ...programsOf(one),
    ...Object.keys(one.units ?? {}).map((name) => `/lib/systemd/system/${unitName(name)}`),
  ];
  const all = new Set<string>(['/.']);
  for (const path of own) {
    const names = path.split('/');
    for (let count = 2; count <= names.length; count += 1) all.add(names.slice(0, count).join('/'));
  }
  return [...all].sort();
}

function change(file: PackageFile, blobs: Blobs): RootChanges[string] {
  if ('target' in file) return { kind: 'link', target: file.target };
  const { mode, user, group, digest } = file;
  const owner = {
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
  };
  return { kind: 'file', mode, bytes: blobs.get(digest), ...owner };
}

function digestOf(file: PackageFile | undefined): string | undefined {
  return file && 'digest' in file ? file.digest : undefined;
}

function here({ files, blobs }: Unpacking, path: string): string | undefined {
  const found = files[path];
  return found?.kind === 'file' ? blobs.put(found.bytes) : undefined;
}

const CHANGED =
  ' ==> Modified (by you or by a script) since installation.\n' +
  ' ==> Package distributor has shipped an updated version.\n';
const MADE =
  ' ==> File on system created by you or by a script.\n' +
  ' ==> File also in package provided by package maintainer.\n';

function question(path: string): string {
  return (
    '   What would you like to do about it ?  Your options are:\n' +
    "    Y or I  : install the package maintainer's version\n" +
    '    N or O  : keep your currently-installed version\n      D     : show the differences between the versions\n' +
    '      Z     : start a shell to examine the situation\n' +
    ' The default action is to keep your current version.\n' +
    `*** ${path.split('/').at(-1)} (Y/I/N/O/D/Z) [default=N] ? `
  );
}

type Conffile = {
  readonly root: RootChanges;
  readonly out: string;
  readonly asks: boolean;
};

function conflict(path: string, file: PackageFile, known: boolean, at: Unpacking): Conffile {
  const { force, blobs, files } = at;
  const head = `\nConfiguration file '${path}'\n${known ? CHANGED : MADE}`;
  const kept = { [`${path}.dpkg-dist`]: change(file, blobs) };
  if (force.includes('--force-confdef')) {
    const out = `${head} ==> Keeping old config file as default.\n`;
    return { root: kept, out, asks: false };
  }
  if (force.includes('--force-confold')) {
    const out = `${head} ==> Using current old file as you requested.\n`;
    return { root: kept, out, asks: false };
  }
  if (force.includes('--force-confnew')) {
    const old = files[path];
    const saved = old?.kind === 'file' ? { [`${path}.dpkg-old`]: old } : {};
    const out = `${head} ==> Using new file as you requested.\nInstalling new version of config file ${path} ...\n`;
    return { root: { ...saved, [path]: change(file, blobs) }, out, asks: false };
  }
  return { root: {}, out: `${head}${question(path)}`, asks: true };
}

function conffile(
  path: string,
  { from, to }: { from: InstalledPackage | null; to: Package },
  at: Unpacking,
): Conffile {
  const file = to.files?.[path];
  const nothing = { root: {}, out: '', asks: false };
  if (!file) return nothing;
  const known = from && from.state !== 'unpacked' ? digestOf(from.files?.[path]) : undefined;
  const [current, fresh] = [here(at, path), digestOf(file)];
  if (current === undefined && known !== undefined && from?.state === 'installed') return nothing;
  if (current === undefined) return { ...nothing, root: { [path]: change(file, at.blobs) } };
  if (current === fresh || (known !== undefined && known === fresh)) return nothing;
  if (current !== known) return conflict(path, file, known !== undefined, at);
  const out = `Installing new version of config file ${path} ...\n`;
  return { ...nothing, root: { [path]: change(file, at.blobs) }, out };
}

/** What unpacking and configuring a package writes. */
export function unpacked(
  name: string,
  step: { from: InstalledPackage | null; to: Package },
  at: Unpacking,
): Unpacked {
  const { from, to } = step;
  const conf = new Set(conffilesOf(to));
  const root: RootChanges = {};
  for (const [path, file] of Object.entries(to.files ?? {})) {
    if (!conf.has(path)) root[path] = change(file, at.blobs);
  }
  for (const path of Object.keys(from?.files ?? {})) {
    if (!to.files?.[path] && from?.state !== 'config-files') root[path] = { kind: 'removed' };
  }
  for (const path of programsOf(to)) root[path] = { kind: 'link', target: CLIENT };
  for (const [unit, spec] of Object.entries(to.units ?? {})) {
    const bytes = encoder.encode(unitFileText(unit, spec));
    root[`/usr/lib/systemd/system/${unitName(unit)}`] = { kind: 'file', mode: 0o644, bytes };
  }
  const asked = [...conf].map((path) => [path, conffile(path, step, at)] as const);
  const listing = pathsOf(to).map((path) => `${path}\n`);
  return {
    root: Object.assign(root, ...asked.map(([, one]) => one.root), databaseOf(name, to, listing)),
    out: asked.map(([, one]) => one.out).join(''),
    asks: asked.flatMap(([path, one]) => (one.asks ? [path] : [])),
  };
}

function infoPath(name: string, kind: string): string {
  return `/var/lib/dpkg/info/${name}.${kind}`;
}

function databaseOf(name: string, to: Package, listing: readonly string[]): RootChanges {
  const conf = conffilesOf(to);
  const text = (lines: string): RootChanges[string] => ({
    kind: 'file',
    mode: 0o644,
    bytes: encoder.encode(lines),
  });
  return {
    [infoPath(name, 'list')]: text(listing.join('')),
    ...(conf.length > 0
      ? { [infoPath(name, 'conffiles')]: text(conf.map((path) => `${path}\n`).join('')) }
      : {}),
  };
}

/** What goes with a package; its conffiles only when it is purged. */
export function removed(name: string, one: InstalledPackage, purge: boolean): RootChanges {
  const conf = new Set(conffilesOf(one));
  const root: RootChanges = {};
  const gone = (path: string): void => void (root[path] = { kind: 'removed' });
  if (one.state !== 'config-files') {
    for (const path of Object.keys(one.files ?? {})) if (!conf.has(path)) gone(path);
    for (const path of programsOf(one)) gone(path);
    for (const unit of Object.keys(one.units ?? {})) {
      gone(`/usr/lib/systemd/system/${unitName(unit)}`);
    }
  }
  if (purge) {
    for (const path of conf) {
      for (const after of ['', '.dpkg-dist', '.dpkg-old', '.dpkg-new']) gone(path + after);
    }
    for (const kind of ['list', 'conffiles']) gone(infoPath(name, kind));
  }
  return root;
}

/** dpkg's own file of all packages. */
export function statusFile(
  all: Readonly<Record<string, InstalledPackage>>,
  blobs: Blobs,
): RootChanges {
  const bytes = encoder.encode(statusText(all, blobs));
  return { '/var/lib/dpkg/status': { kind: 'file', mode: 0o644, bytes } };
}
