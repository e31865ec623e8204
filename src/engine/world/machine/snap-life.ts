/**
 * What becomes of snaps: installed, refreshed, removed; their services, programs, configuration and connections.
 * Source: snapd overlord/snapstate and client/errors.go (kinds of errors), snapcraft.io/docs.
 * Not modelled: hooks of snaps (configure, install), automatic refreshes, what interfaces allow.
 */
import type { Json } from '../../model/json.ts';
import { CLIENT } from './package-files.ts';
import type { PackageUnit } from './package-slice.ts';
import { programOf, setNew } from './package-units.ts';
import { file, setMembers, type Files, type MachineDraw, type RootChanges } from './program.ts';
import type { MachineSlice } from './slice.ts';
import { dataCopied, dataFolder } from './snap-data.ts';
import type { InstalledSnap, OfferedSnap, SnapRelease } from './snap-slice.ts';
import { isActive, unitOf } from './systemd-life.ts';
import { definition, keep, openManager, type Manager } from './systemd-manager.ts';
import { startService, stopService } from './systemd-start.ts';
import { afterLinks, disable, enable } from './unit-enable.ts';

/** Why snapd refuses. `value`: what it is about, as its API says it. */
export type SnapError = { readonly kind: string; readonly message: string; readonly value?: Json };
export type SnapDone = { readonly root: RootChanges };
export type Outcome = SnapDone | SnapError;

export function isError<Value extends object>(outcome: Value | SnapError): outcome is SnapError {
  return 'kind' in outcome && 'message' in outcome;
}

export function snapOf({ snaps = {} }: MachineSlice, name: string): InstalledSnap | null {
  return Object.hasOwn(snaps, name) ? (snaps[name] as InstalledSnap) : null;
}

export function offerOf({ snapStore = {} }: MachineSlice, name: string): OfferedSnap | null {
  return Object.hasOwn(snapStore, name) ? (snapStore[name] as OfferedSnap) : null;
}

const RISKS = ['stable', 'candidate', 'beta', 'edge'];

/** A channel with its track and risk; one that begins with a risk is of the track that is followed. */
export function wholeChannel(channel: string, tracking = 'latest/stable'): string {
  const [first = '', ...rest] = channel.split('/');
  if (channel === '') return tracking;
  if (RISKS.includes(first)) return [tracking.split('/')[0], first, ...rest].join('/');
  return rest.length === 0 ? `${first}/stable` : channel;
}

/** What a channel has: its own, or what the next safer one has. */
export function releaseIn({ channels }: OfferedSnap, channel: string): SnapRelease | null {
  const [track = 'latest', risk = 'stable', ...branch] = channel.split('/');
  const own = channels[[track, risk, ...branch].join('/')] ?? channels[channel];
  if (own) return own;
  const safer = RISKS.slice(0, RISKS.indexOf(risk) + 1).reverse();
  for (const other of safer) {
    const found = channels[`${track}/${other}`];
    if (found) return found;
  }
  return null;
}

export type Wanted = {
  readonly channel?: string;
  readonly revision?: string;
  readonly classic?: boolean;
  readonly devmode?: boolean;
  /** Data of snaps' revisions, which goes over to the next. */
  readonly data?: Files;
};

export function notInstalled(name: string): SnapError {
  return { kind: 'snap-not-installed', message: `snap "${name}" is not installed`, value: name };
}

function releaseFor(
  name: string,
  offer: OfferedSnap,
  channel: string,
  { revision, channel: said }: Wanted,
): SnapRelease | SnapError {
  const found = releaseIn(offer, channel);
  if (revision === undefined) {
    return found ?? noChannel(name, channel, offer);
  }
  const all = said === undefined ? Object.values(offer.channels) : found ? [found] : [];
  const exact = all.find((one) => String(one.revision) === revision);
  const message = 'no snap revision available as specified';
  return exact ?? { kind: 'snap-revision-not-available', message, value: name };
}

function noChannel(name: string, channel: string, { channels }: OfferedSnap): SnapError {
  const releases = Object.keys(channels).map((one) => ({ architecture: 'amd64', channel: one }));
  return {
    kind: 'snap-channel-not-available',
    message: 'no snap revision on specified channel',
    value: { 'snap-name': name, action: 'install', architecture: 'amd64', channel, releases },
  };
}

export function serviceUnit(snap: string, service: string): string {
  return `snap.${snap}.${service}.service`;
}

function unitText(snap: string, service: string, { command, type, text }: PackageUnit): string {
  if (text !== undefined) return text;
  return [
    '[Unit]',
    '# Auto-generated, DO NOT EDIT',
    `Description=Service for snap application ${snap}.${service}`,
    'After=network.target snapd.apparmor.service',
    'X-Snappy=yes',
    '',
    '[Service]',
    'EnvironmentFile=-/etc/environment',
    `ExecStart=${command ?? `/usr/bin/snap run ${snap}.${service}`}`,
    `SyslogIdentifier=${snap}.${service}`,
    'Restart=on-failure',
    `Type=${type ?? 'simple'}`,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/** Paths of a snap's programs and services, and what is there. */
function brought(
  name: string,
  { commands = [], services = {} }: OfferedSnap,
  revision: number,
): RootChanges {
  const root: RootChanges = {
    [`/snap/${name}/${revision}`]: { kind: 'dir', mode: 0o755 },
    [`/snap/${name}/current`]: { kind: 'link', target: String(revision) },
    [`/var/snap/${name}/common`]: { kind: 'dir', mode: 0o755 },
    [`/var/snap/${name}/${revision}`]: { kind: 'dir', mode: 0o755 },
    [`/var/snap/${name}/current`]: { kind: 'link', target: String(revision) },
  };
  for (const { command } of commands) {
    const program = 'like' in command ? undefined : command[0]?.split('/').at(-1);
    if (program !== undefined) root[`/snap/bin/${program}`] = { kind: 'link', target: CLIENT };
  }
  for (const [service, spec] of Object.entries(services)) {
    root[`/etc/systemd/system/${serviceUnit(name, service)}`] = file(unitText(name, service, spec));
    const [program = ''] = spec.command?.split(/\s+/) ?? [];
    if (program.startsWith('/')) root[program] = { kind: 'link', target: CLIENT };
  }
  return root;
}

export type ServiceVerb = 'start' | 'stop' | 'restart';
type Doing = {
  readonly verb: ServiceVerb;
  readonly enable?: boolean;
  readonly disable?: boolean;
};

function withRoot(manager: Manager, root: RootChanges): void {
  Object.assign(manager.root, root);
  manager.unit = afterLinks(manager.unit, { root });
}

/** Services started and stopped, with links for those that are enabled or disabled. */
function serve(
  manager: Manager,
  units: readonly string[],
  { verb, enable: enables = false, disable: disables = false }: Doing,
): void {
  const where = { runtime: false };
  if (enables) withRoot(manager, enable(manager.unit, units, where).root);
  for (const unit of units) {
    const active = isActive(unitOf(manager, unit));
    if (active && verb !== 'start') stopService(manager, definition(manager, unit));
    if (verb !== 'stop' && !(verb === 'start' && active)) {
      startService(manager, definition(manager, unit));
    }
  }
  if (!disables) return;
  const root: RootChanges = { ...disable(manager.unit, units, where).root };
  for (const unit of units) {
    root[`/etc/systemd/system/multi-user.target.wants/${unit}`] = { kind: 'removed' };
  }
  withRoot(manager, root);
}

function managed(draw: MachineDraw, root: RootChanges): Manager {
  const manager = openManager(draw, {
    kind: 'commands',
    channel: 'machine',
    argv: [],
    cwd: '/',
    stdin: null,
  });
  manager.unit = afterLinks(manager.unit, {
    root: { '/usr/bin/snap': { kind: 'link', target: CLIENT } },
  });
  withRoot(manager, root);
  return manager;
}

/** Unit files and programs of a snap's services, for the manager to find. */
function unitFiles(name: string, offer: OfferedSnap): RootChanges {
  const all = brought(name, { ...offer, commands: [] }, 0);
  return Object.fromEntries(Object.entries(all).filter(([path]) => !path.startsWith('/var/')));
}

export function keepSnap(draw: MachineDraw, name: string, snap: InstalledSnap | null): void {
  setMembers(draw, 'snaps', { [name]: snap });
}

export function counted(draw: MachineDraw): string {
  draw.set((slice) => void (slice.snapChanges = (slice.snapChanges ?? 0) + 1));
  return String(draw.seen.snapChanges);
}

function confined(name: string, { confinement }: OfferedSnap, wanted: Wanted): SnapError | null {
  if (confinement === 'classic' && !wanted.classic) {
    return {
      kind: 'snap-needs-classic',
      message: `snap "${name}" requires classic confinement`,
      value: name,
    };
  }
  if (confinement === 'devmode' && !wanted.devmode) {
    return {
      kind: 'snap-needs-devmode',
      message: `snap "${name}" requires devmode or confinement override`,
      value: name,
    };
  }
  return null;
}

export function install(draw: MachineDraw, name: string, wanted: Wanted): Outcome {
  const { seen } = draw;
  const offer = offerOf(seen, name);
  if (snapOf(seen, name)) {
    return {
      kind: 'snap-already-installed',
      message: `snap "${name}" is already installed`,
      value: { snaps: [name] },
    };
  }
  if (seen.offline) return { kind: 'network-timeout', message: 'unable to contact snap store' };
  if (!offer) return { kind: 'snap-not-found', message: 'snap not found', value: name };
  const channel = wholeChannel(wanted.channel ?? '');
  const release = releaseFor(name, offer, channel, wanted);
  if (isError(release)) return release;
  const refused = confined(name, offer, wanted);
  if (refused) return refused;
  const { version, revision } = release;
  const classic = offer.confinement === 'classic' || undefined;
  keepSnap(draw, name, {
    version,
    revision,
    tracking: channel,
    ...(classic ? { classic } : {}),
    ...(wanted.devmode ? { devmode: true } : {}),
    offer,
  });
  return { root: startAll(draw, name, offer, brought(name, offer, revision), 'start') };
}

function startAll(
  draw: MachineDraw,
  name: string,
  { services = {} }: OfferedSnap,
  root: RootChanges,
  verb: ServiceVerb,
): RootChanges {
  const all = Object.entries(services);
  if (all.length === 0) return root;
  setNew(
    draw,
    all.map(([service, spec]) => [serviceUnit(name, service), programOf(spec)] as const),
  );
  const manager = managed(draw, root);
  for (const [service, { enabled = true, started = true }] of all) {
    if (started) serve(manager, [serviceUnit(name, service)], { verb, enable: enabled });
  }
  keep(manager);
  return manager.root;
}

export function refresh(draw: MachineDraw, name: string, wanted: Wanted): Outcome {
  const { seen } = draw;
  const snap = snapOf(seen, name);
  if (!snap) return notInstalled(name);
  if (seen.offline) return { kind: 'network-timeout', message: 'unable to contact snap store' };
  const offer = offerOf(seen, name);
  if (!offer) return { kind: 'snap-not-found', message: 'snap not found', value: name };
  const channel = wholeChannel(wanted.channel ?? '', snap.tracking);
  const release = releaseFor(name, offer, channel, wanted);
  if (isError(release)) return release;
  const refused = confined(name, offer, {
    ...wanted,
    classic: wanted.classic === true || snap.classic === true,
  });
  if (refused) return refused;
  const same = release.revision === snap.revision && wanted.revision === undefined;
  if (same && channel === snap.tracking) {
    return {
      kind: 'snap-no-update-available',
      message: 'snap has no updates available',
      value: name,
    };
  }
  keepSnap(draw, name, { ...snap, ...release, tracking: channel, offer });
  if (same) return { root: {} };
  const root = {
    ...brought(name, offer, release.revision),
    ...dataCopied(wanted.data ?? {}, dataFolder(name, snap), dataFolder(name, release)),
  };
  return { root: startAll(draw, name, offer, root, 'restart') };
}

export function remove(draw: MachineDraw, name: string): Outcome {
  const snap = snapOf(draw.seen, name);
  if (!snap) return notInstalled(name);
  const { offer } = snap;
  const root: RootChanges = {};
  for (const path of Object.keys(brought(name, offer, snap.revision))) {
    if (path.startsWith('/snap/bin/') || path.startsWith('/etc/')) root[path] = { kind: 'removed' };
  }
  for (const alias of Object.keys(snap.aliases ?? {}))
    root[`/snap/bin/${alias}`] = { kind: 'removed' };
  for (const path of [`/snap/${name}`, `/var/snap/${name}`]) root[path] = { kind: 'removed' };
  const units = Object.keys(offer.services ?? {}).map((service) => serviceUnit(name, service));
  if (units.length > 0) {
    const manager = managed(draw, unitFiles(name, offer));
    serve(manager, units, { verb: 'stop', disable: true });
    keep(manager);
    for (const [path, change] of Object.entries(manager.root)) {
      if (change.kind === 'removed') root[path] = change;
    }
  }
  keepSnap(draw, name, null);
  return { root };
}

/** `lxd` or `lxd.daemon`; what is no service of an installed snap is refused. */
export function unitsNamed(
  slice: MachineSlice,
  names: readonly string[],
): readonly string[] | SnapError {
  const units: string[] = [];
  for (const word of names) {
    const [name = '', service] = word.split('.');
    const snap = snapOf(slice, name);
    if (!snap) return { kind: 'snap-not-found', message: `snap "${name}" not found`, value: name };
    const all = Object.keys(snap.offer.services ?? {});
    const wanted = service === undefined ? all : all.filter((one) => one === service);
    if (wanted.length === 0) {
      const message =
        service === undefined
          ? `snap "${name}" has no services`
          : `snap "${name}" has no service "${service}"`;
      return { kind: 'app-not-found', message };
    }
    units.push(...wanted.map((one) => serviceUnit(name, one)));
  }
  return units;
}

export function services(draw: MachineDraw, names: readonly string[], doing: Doing): Outcome {
  const units = unitsNamed(draw.seen, names);
  if (isError(units as object)) return units as SnapError;
  const snaps = [...new Set(names.map((word) => word.split('.')[0] ?? ''))];
  const files = snaps.map((name) =>
    unitFiles(name, (snapOf(draw.seen, name) as InstalledSnap).offer),
  );
  const given: RootChanges = Object.assign({}, ...files);
  const manager = managed(draw, given);
  serve(manager, units as readonly string[], doing);
  keep(manager);
  const root = Object.fromEntries(
    Object.entries(manager.root).filter(([path]) => !Object.hasOwn(given, path)),
  );
  return { root };
}

export function isRunning(draw: MachineDraw, unit: string): boolean {
  const { units = {} } = draw.seen;
  const state = units[unit]?.active;
  return state === 'active' || state === 'activating';
}
