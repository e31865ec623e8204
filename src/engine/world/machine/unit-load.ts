/**
 * A unit as its files say: where they are found, which of several wins, drop-ins, aliases, templates, masks.
 * Source: systemd.unit(5) (load path, drop-ins, aliases); recorded from 252 (tests/machine/recorded).
 * Not modelled: generators but that of init scripts, units of users, drop-ins of shortened names (`foo-.service.d`).
 */
import { baseUnit, baseUnitFiles, packageFolder } from './unit-base.ts';
import { readSettings, templateOf, type Setting, type UnitText } from './unit-file.ts';
import { textOf, type Files } from './program.ts';

export const ETC = '/etc/systemd/system';
export const RUN = '/run/systemd/system';
const USR = '/usr/lib/systemd/system';
export const SEARCHED: readonly string[] = [
  ETC,
  RUN,
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  USR,
];
/** All that says what units there are. */
export const UNIT_PATHS: readonly string[] = [
  ...SEARCHED.map((dir) => `${dir}/**`),
  '/etc/init.d/*',
];
type Release = '22.04' | '24.04';
/** Unit files as they are, those of the base included. */
export type UnitFiles = { readonly files: Files; readonly release: Release };
/**
 * `name`: the unit's own, which an alias leads to. `aliases`: other names that it was asked for by. `outside`: the file
 * that it is linked from, which was not looked at yet.
 */
export type Loaded = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly load: 'loaded' | 'not-found' | 'masked';
  readonly fragment: string | null;
  readonly texts: readonly UnitText[];
  readonly settings: readonly Setting[];
  readonly outside?: string;
};

export const SUFFIXES = 'service|socket|target|timer|path|mount|automount|swap|slice|scope|device';

/** The name with its type, as systemctl takes it: `app` is `app.service`. */
export function mangled(name: string): string {
  const bare = name.startsWith('/') ? (name.split('/').at(-1) ?? '') : name.replaceAll('/', '-');
  return new RegExp(`\\.(?:${SUFFIXES})$`).test(bare) ? bare : `${bare}.service`;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path of a folder that has two names, as it was looked at. */
export function asLooked(path: string): string {
  return path.replace(/^\/lib\//, '/usr/lib/');
}

/** The path as the release's own tools show it. */
export function asShown(path: string, release: Release): string {
  return path.startsWith(`${USR}/`)
    ? `${packageFolder(release)}/${path.slice(USR.length + 1)}`
    : path;
}

function at(unit: UnitFiles, path: string): Files[string] | undefined {
  const found = unit.files[path];
  if (found || !path.startsWith(`${USR}/`)) return found;
  const text = baseUnitFiles(unit.release).files[path];
  return text === undefined
    ? undefined
    : { kind: 'file', mode: 0o644, bytes: new TextEncoder().encode(text) };
}

function textAt(unit: UnitFiles, path: string): string | null {
  const found = at(unit, path);
  return found?.kind === 'file' ? new TextDecoder().decode(found.bytes) : null;
}

/** Where a name is first found, itself or as an instance of its template. */
export function foundAt(unit: UnitFiles, name: string): string | null {
  const names = [name, templateOf(name)].filter((one) => one !== null);
  for (const one of names) {
    const dir = SEARCHED.find((folder) => {
      const kind = at(unit, `${folder}/${one}`)?.kind;
      return kind === 'file' || kind === 'link' || kind === 'other';
    });
    if (dir !== undefined) return `${dir}/${one}`;
  }
  return null;
}

/** Whether a path hides a unit: a link to nowhere, or an empty file. */
export function isMask(unit: UnitFiles, path: string): boolean {
  const found = at(unit, path);
  if (found?.kind === 'link') return found.target === '/dev/null';
  return found?.kind === 'file' && found.bytes.length === 0;
}

export function linkTarget(unit: UnitFiles, path: string): string | null {
  const found = at(unit, path);
  if (found?.kind !== 'link') return null;
  if (found.target.startsWith('/')) return asLooked(found.target);
  const steps = path.split('/').slice(0, -1);
  for (const step of found.target.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return asLooked(steps.join('/'));
}

/** Drop-ins of a unit: by file name, the first folder of several with the same name wins. */
function dropIns(unit: UnitFiles, name: string): UnitText[] {
  const type = name.slice(name.lastIndexOf('.') + 1);
  const owners = [`${type}.d`, templateOf(name), name]
    .filter((one) => one !== null)
    .map((one) => (one.endsWith('.d') ? one : `${one}.d`));
  const byName = new Map<string, string>();
  for (const owner of owners) {
    for (const dir of SEARCHED.toReversed()) {
      const prefix = `${dir}/${owner}/`;
      for (const path of Object.keys(unit.files)) {
        if (path.startsWith(prefix) && path.endsWith('.conf')) byName.set(fileName(path), path);
      }
    }
  }
  return [...byName.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, path]) => ({ path, text: textOf(unit.files, path) ?? '' }));
}

function nothing(name: string, load: Loaded['load'], fragment: string | null): Loaded {
  return { name, aliases: [], load, fragment, texts: [], settings: [] };
}

/** An init script counts as a unit when there is no other of its name. */
function fromScript(unit: UnitFiles, name: string): Loaded | null {
  const script = `/etc/init.d/${name.replace(/\.service$/, '')}`;
  if (unit.files[script]?.kind !== 'file') return null;
  const fragment = `/run/systemd/generator.late/${name}`;
  const about = /^# Short-Description:\s*(.*)$/m.exec(textOf(unit.files, script) ?? '')?.[1];
  const text =
    `[Unit]\nDescription=LSB: ${about ?? name}\nSourcePath=${script}\n` +
    `[Service]\nType=forking\nRemainAfterExit=yes\n` +
    `ExecStart=${script} start\nExecStop=${script} stop\n`;
  const texts = [{ path: fragment, text }];
  return { ...nothing(name, 'loaded', fragment), texts, settings: readSettings(texts) };
}

function fromFile(unit: UnitFiles, name: string, path: string, text: string): Loaded {
  const shown = asShown(path, unit.release);
  const texts = [{ path: shown, text }, ...dropIns(unit, name)];
  return { ...nothing(name, 'loaded', shown), texts, settings: readSettings(texts) };
}

/** The unit of a name, as its files are now. */
export function loadUnit(unit: UnitFiles, name: string, depth = 0): Loaded {
  const path = foundAt(unit, name);
  if (path === null) return fromScript(unit, name) ?? nothing(name, 'not-found', null);
  if (isMask(unit, path)) return nothing(name, 'masked', path);
  const target = linkTarget(unit, path);
  if (target === null) return fromFile(unit, name, path, textAt(unit, path) ?? '');
  const other = fileName(target);
  const isOther = other !== name && other !== templateOf(name);
  if (isOther && depth < 8) {
    const known = loadUnit(unit, instanced(other, name), depth + 1);
    return { ...known, aliases: [...known.aliases, name] };
  }
  const text = textAt(unit, target);
  if (text !== null) return fromFile(unit, name, path, text);
  return { ...nothing(name, unit.files[target] ? 'loaded' : 'not-found', path), outside: target };
}

/** An alias of an instance is the same instance of the other template. */
function instanced(template: string, name: string): string {
  const instance = /@([^.]+)\./.exec(name)?.[1];
  return instance === undefined ? template : template.replace('@.', `@${instance}.`);
}

/** The names of all unit files there are. */
export function unitNames(unit: UnitFiles): readonly string[] {
  const isUnit = new RegExp(`^[^/]+\\.(?:${SUFFIXES})$`);
  const paths = [...Object.keys(unit.files), ...Object.keys(baseUnitFiles(unit.release).files)];
  const found = SEARCHED.flatMap((dir) =>
    paths.filter((path) => path.startsWith(`${dir}/`)).map((path) => path.slice(dir.length + 1)),
  );
  const scripts = paths
    .filter((path) => path.startsWith('/etc/init.d/') && unit.files[path]?.kind === 'file')
    .map((path) => `${fileName(path)}.service`);
  const all = [...found.filter((name) => isUnit.test(name)), ...scripts];
  return [...new Set(all)].sort();
}

/** Of what runs since the machine was booted. */
const FIRST_PID = 400;

/** What a machine of that release has running when nothing was done to it. */
export function stateAtFirst(release: Release, name: string) {
  const base = baseUnit(release, name);
  if (!base) return null;
  const { active, sub, description } = base;
  const runs = active === 'active' && sub === 'running' && name.endsWith('.service');
  const place = Object.keys(baseUnitFiles(release).files).findIndex((path) =>
    path.endsWith(`/${name}`),
  );
  return { active, sub, description, mainPid: runs ? FIRST_PID + place : 0 };
}
