/**
 * What enables and hides units: links under /etc/systemd/system or, until the next boot, /run/systemd/system.
 * Source: systemctl(1) (enable, disable, mask, is-enabled); systemd src/shared/install.c as far as its manual tells;
 * recorded from 252 (tests/machine/recorded), wording of 249 and 255 where they differ (systemd-words.ts).
 * Not modelled: presets (every unit is preset to be enabled, as Ubuntu has it), init scripts' own links.
 */
import { nameParts, templateOf, wordsOf } from './unit-file.ts';
import {
  ETC,
  RUN,
  asShown,
  foundAt,
  isMask,
  linkTarget,
  loadUnit,
  type Loaded,
  type UnitFiles,
} from './unit-load.ts';
import type { RootChanges } from './program.ts';

export type EnabledState =
  | 'enabled'
  | 'enabled-runtime'
  | 'linked'
  | 'linked-runtime'
  | 'masked'
  | 'masked-runtime'
  | 'alias'
  | 'static'
  | 'indirect'
  | 'disabled'
  | 'generated';
/** Which folder: for good, or until the next boot. */
export type Where = { readonly runtime: boolean };
/** What became of links: `removed` by path, `made` with what they lead to. */
export type Linked = {
  readonly root: RootChanges;
  readonly made: readonly (readonly [string, string])[];
  readonly removed: readonly string[];
  /** Said besides, in order. */
  readonly said: readonly string[];
  readonly error?: string;
};

const NO_LINKS: Linked = { root: {}, made: [], removed: [], said: [] };

export function folderOf({ runtime }: Where): string {
  return runtime ? RUN : ETC;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Paths of links in a folder and in the folders that say what is started with what. */
function linksIn(unit: UnitFiles, folder: string): readonly string[] {
  const place = new RegExp(`^${folder}/(?:[^/]+\\.(?:wants|requires|upholds)/)?[^/]+$`);
  return Object.keys(unit.files)
    .filter((path) => unit.files[path]?.kind === 'link' && place.test(path))
    .sort();
}

/** Links that enable one of these units: they are called like it, or lead to its file. */
function enabling(unit: UnitFiles, folder: string, names: readonly string[]): readonly string[] {
  return linksIn(unit, folder).filter((path) => {
    if (isMask(unit, path)) return false;
    const target = fileName(linkTarget(unit, path) ?? '');
    const isOwn = names.includes(fileName(path));
    const isAlias = names.includes(target) && !/\.(?:wants|requires|upholds)\//.test(path);
    const fromTemplate = names.includes(target) && target.includes('@.');
    return isOwn || isAlias || fromTemplate;
  });
}

function isEnabledIn(unit: UnitFiles, folder: string, name: string): boolean {
  return enabling(unit, folder, [name]).some((path) => path !== `${folder}/${name}`);
}

const INSTALL = ['WantedBy', 'RequiredBy', 'UpheldBy', 'Alias'];

export function hasInstall({ settings }: Loaded): boolean {
  return INSTALL.some((key) => wordsOf(settings, 'Install', key).length > 0);
}

/** Whether and how a unit is enabled; null: there is none of that name. */
export function enabledState(unit: UnitFiles, name: string): EnabledState | null {
  const path = foundAt(unit, name);
  if (path === null) return loadUnit(unit, name).load === 'loaded' ? 'generated' : null;
  if (isMask(unit, path)) return path.startsWith(RUN) ? 'masked-runtime' : 'masked';
  const target = linkTarget(unit, path);
  if (target !== null && fileName(target) !== fileName(path)) {
    if (fileName(target) !== templateOf(name)) return 'alias';
  }
  if (isEnabledIn(unit, ETC, name)) {
    return nameParts(name).instance === '' ? 'indirect' : 'enabled';
  }
  if (isEnabledIn(unit, RUN, name)) return 'enabled-runtime';
  if (target !== null) return path.startsWith(RUN) ? 'linked-runtime' : 'linked';
  const loaded = loadUnit(unit, name);
  if (hasInstall(loaded)) return 'disabled';
  return wordsOf(loaded.settings, 'Install', 'Also').length > 0 ? 'indirect' : 'static';
}

/** The names of the links that its [Install] asks for, each with what it leads to. */
function wanted(loaded: Loaded, name: string, folder: string): readonly string[] {
  const { prefix, instance, type } = nameParts(name);
  const usual = wordsOf(loaded.settings, 'Install', 'DefaultInstance').at(-1);
  const own = instance === '' && usual !== undefined ? `${prefix}@${usual}.${type}` : name;
  const of = (key: string): readonly string[] => wordsOf(loaded.settings, 'Install', key);
  const replaced = (text: string): string =>
    text.replaceAll('%i', instance ?? '').replaceAll('%p', prefix);
  return [
    ...of('Alias').map((alias) => `${folder}/${replaced(alias)}`),
    ...of('WantedBy').map((target) => `${folder}/${replaced(target)}.wants/${own}`),
    ...of('RequiredBy').map((target) => `${folder}/${replaced(target)}.requires/${own}`),
    ...of('UpheldBy').map((target) => `${folder}/${replaced(target)}.upholds/${own}`),
  ];
}

/** The unit and those that its `Also=` names. */
function withOthers(unit: UnitFiles, names: readonly string[]): readonly string[] {
  const all = [...names];
  for (const name of all) {
    const others = wordsOf(loadUnit(unit, name).settings, 'Install', 'Also');
    all.push(...others.filter((other) => !all.includes(other)));
  }
  return all;
}

export function joined(one: Linked, more: Linked): Linked {
  return {
    root: { ...one.root, ...more.root },
    made: [...one.made, ...more.made],
    removed: [...one.removed, ...more.removed],
    said: [...one.said, ...more.said],
    ...(one.error === undefined ? {} : { error: one.error }),
    ...(more.error === undefined ? {} : { error: more.error }),
  };
}

/** Makes a link unless it is there. */
function linkTo(unit: UnitFiles, path: string, target: string): Linked {
  const there = unit.files[path];
  if (there === undefined) {
    return { ...NO_LINKS, root: { [path]: { kind: 'link', target } }, made: [[path, target]] };
  }
  if (there.kind !== 'link') return { ...NO_LINKS, error: `File ${path} already exists.` };
  const known = linkTarget(unit, path) ?? '';
  if (asShown(known, unit.release) === target) return NO_LINKS;
  const error = `File ${path} already exists and is a symlink to ${asShown(known, unit.release)}.`;
  return { ...NO_LINKS, error };
}

function enableOne(unit: UnitFiles, name: string, folder: string): Linked {
  const loaded = loadUnit(unit, name);
  const { fragment } = loaded;
  if (loaded.load === 'masked') {
    return { ...NO_LINKS, error: `Unit file ${fragment} is masked.` };
  }
  if (fragment === null) return { ...NO_LINKS, error: `Unit file ${name} does not exist.` };
  if (nameParts(name).instance === '' && hasInstall(loaded)) {
    const [first] = wordsOf(loaded.settings, 'Install', 'WantedBy');
    const usual = wordsOf(loaded.settings, 'Install', 'DefaultInstance');
    if (first && !first.includes('@') && usual.length === 0) {
      return { ...NO_LINKS, error: `Destination unit ${first} is a non-template unit.` };
    }
  }
  const at = unit.files[fragment]?.kind === 'link' ? linkTarget(unit, fragment) : null;
  const isSame = at !== null && fileName(at) === fileName(fragment);
  const leads = isSame ? asShown(at, unit.release) : fragment;
  return wanted(loaded, name, folder).reduce(
    (links, path) => joined(links, linkTo(unit, path, leads)),
    NO_LINKS,
  );
}

/** Links a file that is not where units are looked for. */
export function linkFile(unit: UnitFiles, path: string, where: Where): Linked {
  return linkTo(unit, `${folderOf(where)}/${fileName(path)}`, path);
}

export function enable(unit: UnitFiles, names: readonly string[], where: Where): Linked {
  let links = NO_LINKS;
  for (const name of withOthers(unit, names)) {
    links = joined(links, enableOne(unit, name, folderOf(where)));
    if (links.error !== undefined) return { ...NO_LINKS, error: links.error };
  }
  return links;
}

/** Folders of links that have nothing in them once these paths are gone. */
function emptied(unit: UnitFiles, paths: readonly string[]): readonly string[] {
  const folders = new Set(
    paths.map((path) => path.slice(0, path.lastIndexOf('/'))).filter((dir) => /\.\w+$/.test(dir)),
  );
  return [...folders].filter((dir) =>
    Object.keys(unit.files).every((path) => !path.startsWith(`${dir}/`) || paths.includes(path)),
  );
}

function without(unit: UnitFiles, paths: readonly string[]): Linked {
  const gone = [...paths, ...emptied(unit, paths)];
  const root = Object.fromEntries(gone.map((path) => [path, { kind: 'removed' as const }]));
  return { ...NO_LINKS, root, removed: paths };
}

export function disable(unit: UnitFiles, names: readonly string[], where: Where): Linked {
  const missing = names.find((name) => enabledState(unit, name) === null);
  if (missing !== undefined) {
    return { ...NO_LINKS, error: `Unit file ${missing} does not exist.` };
  }
  const masked = names.filter((name) => enabledState(unit, name)?.startsWith('masked'));
  const said = masked.map((name) => `Unit ${foundAt(unit, name)} is masked, ignoring.`);
  const rest = withOthers(
    unit,
    names.filter((name) => !masked.includes(name)),
  );
  const own = rest.flatMap((name) => [name, loadUnit(unit, name).name]);
  const links = without(unit, enabling(unit, folderOf(where), own));
  return { ...links, said };
}

export function mask(unit: UnitFiles, names: readonly string[], where: Where): Linked {
  return names.reduce((links, name) => {
    const said =
      foundAt(unit, name) === null && loadUnit(unit, name).load === 'not-found'
        ? [`Unit ${name} does not exist, proceeding anyway.`]
        : [];
    const path = `${folderOf(where)}/${name}`;
    if (unit.files[path] && isMask(unit, path)) return links;
    return joined(links, { ...linkTo(unit, path, '/dev/null'), said });
  }, NO_LINKS);
}

export function unmask(unit: UnitFiles, names: readonly string[], where: Where): Linked {
  return names.reduce((links, name) => {
    const path = `${folderOf(where)}/${name}`;
    if (unit.files[path]?.kind === 'link' && isMask(unit, path)) {
      return joined(links, without(unit, [path]));
    }
    const is = foundAt(unit, name) !== null || loadUnit(unit, name).load !== 'not-found';
    const said = is ? [] : [`Unit ${name} does not exist, proceeding anyway.`];
    return joined(links, { ...NO_LINKS, said });
  }, NO_LINKS);
}

/** The files as they are once these changes were made. */
export function afterLinks(unit: UnitFiles, { root }: Pick<Linked, 'root'>): UnitFiles {
  const files = { ...unit.files };
  for (const [path, change] of Object.entries(root)) {
    if (change.kind === 'removed') delete files[path];
    else if (change.kind === 'link') files[path] = { kind: 'link', target: change.target };
    else if (change.kind === 'dir') files[path] = { kind: 'dir', mode: change.mode };
    else files[path] = { kind: 'file', mode: change.mode, bytes: change.bytes };
  }
  return { ...unit, files };
}
