/**
 * What a machine's root begins as, by its release: files and folders that every machine of Ubuntu has, made here, so
 * that they are the same on every host. Programs are the host's.
 * Source: hier(7); base-files, systemd's tmpfiles.d, and the files that the modules beside this one name.
 * Not modelled: files of packages other than units (dpkg's lists of files are empty), boot loader, kernel, /sys.
 */
import type { Blobs } from '../../../model/counterpart.ts';
import type { Base } from '../../../model/dispatch.ts';
import type { RootChange } from '../../../model/request.ts';
import { statusText } from '../dpkg-status.ts';
import { basePackages } from '../package-base.ts';
import { release as releaseOf } from '../program.ts';
import type { MachineSlice } from '../slice.ts';
import { baseUnitFiles } from '../unit-base.ts';
import { accountTexts, type Release } from './accounts.ts';
import { etcTexts } from './etc-texts.ts';

type Entries = Record<string, RootChange>;

/** path, mode in octal, and user:group where they are not root's. */
const FOLDERS = `
etc/apt/apt.conf.d 755
etc/apt/keyrings 755
etc/apt/preferences.d 755
etc/apt/sources.list.d 755
etc/apt/trusted.gpg.d 755
etc/cron.d 755
etc/cron.daily 755
etc/cron.hourly 755
etc/cron.monthly 755
etc/cron.weekly 755
etc/default 755
etc/init.d 755
etc/logrotate.d 755
etc/modprobe.d 755
etc/modules-load.d 755
etc/profile.d 755
etc/rsyslog.d 755
etc/security/limits.d 755
etc/ssh/sshd_config.d 755
etc/sudoers.d 750
etc/sysctl.d 755
etc/systemd/network 755
etc/systemd/system 755
etc/tmpfiles.d 755
etc/udev/rules.d 755
etc/update-motd.d 755
home/ubuntu 750 1000:1000
home/ubuntu/.ssh 700 1000:1000
root/.ssh 700
run/lock 1777
run/systemd/system 755
run/user 755
snap 755
usr/lib/systemd/system 755
usr/share/keyrings 755
var/backups 755
var/cache/apt/archives/partial 700
var/crash 1777
var/lib/apt/lists/partial 700
var/lib/dpkg/alternatives 755
var/lib/dpkg/info 755
var/lib/dpkg/triggers 755
var/lib/dpkg/updates 755
var/lib/systemd 755
var/log/apt 755
var/log/journal 2755 root:systemd-journal
var/spool/cron/crontabs 1730 root:crontab`;

/** Groups whose ids are not the same on every Ubuntu are told by number. */
const BY_NUMBER = ['systemd-journal', 'crontab'];

const MODES: Readonly<Record<string, readonly [number, string]>> = {
  'etc/shadow': [0o640, 'shadow'],
  'etc/gshadow': [0o640, 'shadow'],
};

const encoder = new TextEncoder();

function file(text: string, mode = 0o644, group = 'root', user = 'root'): RootChange {
  return { kind: 'file', mode, bytes: encoder.encode(text), user, group };
}

function groupId(name: string, groups: string): string {
  const line = groups.split('\n').find((one) => one.startsWith(`${name}:`));
  return line?.split(':')[2] ?? name;
}

function folders(groups: string): Entries {
  const entries: Entries = {};
  for (const row of FOLDERS.trim().split('\n')) {
    const [path = '', mode = '', owner = 'root:root'] = row.split(' ');
    const [user = '', group = ''] = owner.split(':');
    const own = BY_NUMBER.includes(group) ? groupId(group, groups) : group;
    entries[path] = { kind: 'dir', mode: Number.parseInt(mode, 8), user, group: own };
  }
  return entries;
}

function made(release: Release, status: string): Entries {
  const accounts = accountTexts(release);
  const units = baseUnitFiles(release);
  const entries = folders(accounts['etc/group'] ?? '');
  for (const [path, text] of Object.entries({ ...etcTexts(release), ...accounts })) {
    const [mode, group] = MODES[path] ?? [0o644, 'root'];
    entries[path] = file(text, mode, group);
  }
  for (const [path, text] of Object.entries(units.files)) entries[path.slice(1)] = file(text);
  for (const [path, target] of Object.entries(units.links)) {
    entries[path.slice(1)] = { kind: 'link', target };
  }
  entries['etc/localtime'] = { kind: 'link', target: '/usr/share/zoneinfo/Etc/UTC' };
  entries['etc/sudoers'] = file('root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n', 0o440);
  entries['etc/machine-id'] = file('00000000000000000000000000000001\n', 0o444);
  entries['var/lib/dpkg/status'] = file(status);
  for (const name of ['available', 'diversions', 'statoverride', 'lock', 'lock-frontend']) {
    entries[`var/lib/dpkg/${name}`] = file('');
  }
  const syslog = groupId('syslog', accounts['etc/passwd'] ?? '');
  for (const name of ['syslog', 'auth.log', 'kern.log']) {
    entries[`var/log/${name}`] = file('', 0o640, 'adm', syslog);
  }
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const known = new Map<Release, Base>();

/** The root's beginning for a machine; made once for each release. A root of the tree's own lies over it. */
export function baseRoot(slice: MachineSlice, blobs: Blobs): Base {
  const release = releaseOf(slice);
  const found = known.get(release) ?? {
    key: `ubuntu@${release}`,
    entries: made(release, statusText(basePackages(slice), blobs)),
  };
  known.set(release, found);
  if (!slice.given) return found;
  const { digest } = slice.given;
  return { ...found, key: `${found.key} ${digest}`, listing: digest };
}
