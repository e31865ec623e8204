/**
 * systemctl's verbs that change links: enable, disable, mask, unmask, link; and is-enabled.
 * Source: systemctl(1); recorded from 252.
 */
import { has } from './program-options.ts';
import type { Call, Handler, Told } from './systemctl-call.ts';
import { nowToo } from './systemctl-jobs.ts';
import { reloadAll, type Manager } from './systemd-manager.ts';
import * as links from './unit-enable.ts';
import { loadUnit, mangled } from './unit-load.ts';
import { wordsOf } from './unit-file.ts';

/** Of 249 a removed link stands without quotes. */
function linkedText(manager: Manager, { made, removed, said }: links.Linked): string {
  const quote = manager.release === '22.04' ? '' : '"';
  return [
    ...said.map((line) => `${line}\n`),
    ...made.map(([path, target]) => `Created symlink ${path} → ${target}.\n`),
    ...removed.map((path) => `Removed ${quote}${path}${quote}.\n`),
  ].join('');
}

const NOT_MEANT = `The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
Alias= settings in the [Install] section, and DefaultInstance= for template
units). This means they are not meant to be enabled using systemctl.
 
Possible reasons for having this kind of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/ or .requires/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.
`;

function installs(manager: Manager, name: string): boolean {
  const loaded = loadUnit(manager.unit, name);
  return links.hasInstall(loaded) || wordsOf(loaded.settings, 'Install', 'Also').length > 0;
}

function whereOf({ options }: Call): links.Where {
  return { runtime: has(options, 'runtime') };
}

/** What changed is written and read anew, and said. */
function done(manager: Manager, call: Call, changed: links.Linked): Told {
  manager.root = { ...manager.root, ...changed.root };
  manager.unit = links.afterLinks(manager.unit, changed);
  if (!has(call.options, 'no-reload')) reloadAll(manager);
  return { code: 0, err: call.quiet ? '' : linkedText(manager, changed) };
}

const VERB_NOUN: Readonly<Record<string, string>> = { link: 'link unit file' };

function refused({ verb }: Pick<Call, 'verb'>, error: string): Told {
  return { code: 1, err: `Failed to ${VERB_NOUN[verb] ?? `${verb} unit`}: ${error}\n` };
}

function withNow(manager: Manager, call: Call, told: Told, verb: 'start' | 'stop'): Told {
  if (!has(call.options, 'now')) return told;
  const more = nowToo(manager, verb, call.names);
  const { err = '' } = more;
  return { ...more, err: `${told.err ?? ''}${err}` };
}

/** Files outside of where units are looked for are linked first. */
function linkPaths(manager: Manager, call: Call): links.Linked {
  let all: links.Linked = { root: {}, made: [], removed: [], said: [] };
  for (const path of call.words.filter((word) => word.startsWith('/'))) {
    if (manager.unit.files[path]?.kind !== 'file') {
      return { ...all, error: `File ${path}: No such file or directory` };
    }
    all = links.joined(all, links.linkFile(manager.unit, path, whereOf(call)));
  }
  return all;
}

const enable: Handler = (manager, call) => {
  if (manager.draw.now > manager.draw.asked) return nowToo(manager, 'start', call.names);
  const outside = linkPaths(manager, call);
  if (outside.error !== undefined) return refused(call, outside.error);
  const unit = links.afterLinks(manager.unit, outside);
  const more = links.enable(unit, call.names, whereOf(call));
  if (more.error !== undefined) return refused(call, more.error);
  const changed = links.joined(outside, more);
  const none = call.names.every((name) => !installs({ ...manager, unit }, name));
  const told = done(manager, call, changed);
  const err = none && changed.made.length === 0 && !call.quiet ? NOT_MEANT : (told.err ?? '');
  return withNow(manager, call, { ...told, err }, 'start');
};

const disable: Handler = (manager, call) => {
  if (manager.draw.now > manager.draw.asked) return nowToo(manager, 'stop', call.names);
  const changed = links.disable(manager.unit, call.names, whereOf(call));
  if (changed.error !== undefined) return refused(call, changed.error);
  return withNow(manager, call, done(manager, call, changed), 'stop');
};

const reenable: Handler = (manager, call) => {
  const gone = links.disable(manager.unit, call.names, whereOf(call));
  if (gone.error !== undefined) return refused(call, gone.error);
  const made = links.enable(links.afterLinks(manager.unit, gone), call.names, whereOf(call));
  if (made.error !== undefined) return refused(call, made.error);
  const told = done(manager, call, gone);
  const { err = '' } = done(manager, call, made);
  return withNow(manager, call, { ...told, err: `${told.err}${err}` }, 'start');
};

const mask: Handler = (manager, call) => {
  if (manager.draw.now > manager.draw.asked) return nowToo(manager, 'stop', call.names);
  const changed = links.mask(manager.unit, call.names, whereOf(call));
  if (changed.error !== undefined) return refused(call, changed.error);
  return withNow(manager, call, done(manager, call, changed), 'stop');
};

const unmask: Handler = (manager, call) => {
  const told = done(manager, call, links.unmask(manager.unit, call.names, whereOf(call)));
  return withNow(manager, call, told, 'start');
};

const link: Handler = (manager, call) => {
  const relative = call.words.find((word) => !word.startsWith('/'));
  if (relative !== undefined) return refused(call, `Invalid argument`);
  const changed = linkPaths(manager, call);
  return changed.error === undefined ? done(manager, call, changed) : refused(call, changed.error);
};

export const ENABLED: readonly string[] = [
  'enabled',
  'enabled-runtime',
  'static',
  'alias',
  'indirect',
  'generated',
];

/** Whether any of the units is enabled. */
export const isEnabled: Handler = (manager, { words, quiet }) => {
  let out = '';
  let err = '';
  let [any, unknown] = [false, words.length > 0];
  for (const word of words) {
    const name = mangled(word);
    const state = links.enabledState(manager.unit, name);
    any ||= state !== null && ENABLED.includes(state);
    unknown &&= state === null;
    if (state !== null) out += `${state}\n`;
    else if (manager.release === '24.04') out += 'not-found\n';
    else {
      err += `Failed to get unit file state for ${name}: No such file or directory\n`;
      return { code: 1, out: quiet ? '' : out, err };
    }
  }
  const none = unknown && manager.release === '24.04' ? 4 : 1;
  return { code: any ? 0 : none, out: quiet ? '' : out, err };
};

export const ENABLING: Readonly<Record<string, Handler>> = {
  enable,
  disable,
  reenable,
  mask,
  unmask,
  link,
};
