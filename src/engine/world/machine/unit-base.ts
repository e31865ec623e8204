/**
 * Units that a machine has before any charm is there: those of Ubuntu's server images that charms ask about.
 * Source: unit files of the packages cron, openssh-server, rsyslog, snapd, ufw, unattended-upgrades, systemd in Ubuntu
 * 22.04 and 24.04, by name, state and what they are started by; read from the packages' lists, not copied.
 * Not modelled: units that only boot a machine, and those of hardware.
 */
import type { ActiveState } from './unit-slice.ts';

export type BaseUnit = {
  readonly description: string;
  readonly command?: string;
  readonly type?: string;
  /** What starts it at boot; absent: nothing does, it is `static`. */
  readonly wantedBy?: string;
  readonly active: ActiveState;
  readonly sub: string;
  /** It can be told to read its configuration anew. */
  readonly reload?: boolean;
  /** Lines of its own section. */
  readonly more?: readonly string[];
};
type Release = '22.04' | '24.04';

function runs(description: string, command: string, wantedBy?: string, type?: string): BaseUnit {
  return {
    description,
    command,
    active: 'active',
    sub: 'running',
    ...(wantedBy === undefined ? {} : { wantedBy }),
    ...(type === undefined ? {} : { type }),
  };
}

function ran(description: string, command: string, wantedBy?: string): BaseUnit {
  return {
    ...runs(description, command, wantedBy, 'oneshot'),
    sub: 'exited',
    more: ['RemainAfterExit=yes'],
  };
}

function timer(description: string, calendar: string): BaseUnit {
  return {
    description,
    wantedBy: 'timers.target',
    active: 'active',
    sub: 'waiting',
    more: [`OnCalendar=${calendar}`],
  };
}

function socket(description: string, listen: string): BaseUnit {
  return {
    description,
    wantedBy: 'sockets.target',
    active: 'active',
    sub: 'running',
    more: [`ListenStream=${listen}`],
  };
}

function target(description: string): BaseUnit {
  return { description, active: 'active', sub: 'active' };
}

const USUAL = 'multi-user.target';
const SYSTEMD = '/lib/systemd';
const BOTH: Readonly<Record<string, BaseUnit>> = {
  'apparmor.service': ran(
    'Load AppArmor profiles',
    '/lib/apparmor/apparmor.systemd reload',
    'sysinit.target',
  ),
  'apt-daily.timer': timer('Daily apt download activities', '*-*-* 6,18:00'),
  'apt-daily-upgrade.timer': timer('Daily apt upgrade and clean activities', '*-*-* 6:00'),
  'cron.service': runs(
    'Regular background program processing daemon',
    '/usr/sbin/cron -f -P',
    USUAL,
  ),
  'dbus.service': runs(
    'D-Bus System Message Bus',
    '/usr/bin/dbus-daemon --system --nofork',
    undefined,
    'notify',
  ),
  'dbus.socket': { ...socket('D-Bus System Message Bus Socket', '/run/dbus/system_bus_socket') },
  'fstrim.timer': timer('Discard unused blocks once a week', 'weekly'),
  'logrotate.timer': timer('Daily rotation of log files', 'daily'),
  'multipathd.service': runs(
    'Device-Mapper Multipath Device Controller',
    '/sbin/multipathd -d -s',
    'sysinit.target',
    'notify',
  ),
  'polkit.service': runs(
    'Authorization Manager',
    '/usr/libexec/polkitd --no-debug',
    undefined,
    'dbus',
  ),
  'rsyslog.service': runs(
    'System Logging Service',
    '/usr/sbin/rsyslogd -n -iNONE',
    USUAL,
    'notify',
  ),
  'snapd.service': runs('Snap Daemon', '/usr/lib/snapd/snapd', USUAL, 'notify'),
  'snapd.socket': socket('Socket activation for snappy daemon', '/run/snapd.socket'),
  'systemd-journald.service': runs(
    'Journal Service',
    `${SYSTEMD}/systemd-journald`,
    undefined,
    'notify',
  ),
  'systemd-logind.service': runs(
    'User Login Management',
    `${SYSTEMD}/systemd-logind`,
    undefined,
    'notify',
  ),
  'systemd-networkd.service': runs(
    'Network Configuration',
    `${SYSTEMD}/systemd-networkd`,
    USUAL,
    'notify',
  ),
  'systemd-resolved.service': runs(
    'Network Name Resolution',
    `${SYSTEMD}/systemd-resolved`,
    USUAL,
    'notify',
  ),
  'systemd-timesyncd.service': runs(
    'Network Time Synchronization',
    `${SYSTEMD}/systemd-timesyncd`,
    'sysinit.target',
    'notify',
  ),
  'systemd-udevd.service': runs(
    'Rule-based Manager for Device Events and Files',
    `${SYSTEMD}/systemd-udevd`,
    undefined,
    'notify',
  ),
  'ufw.service': ran('Uncomplicated firewall', '/lib/ufw/ufw-init start quiet', USUAL),
  'unattended-upgrades.service': runs(
    'Unattended Upgrades Shutdown',
    '/usr/share/unattended-upgrades/unattended-upgrade-shutdown --wait-for-signal',
    USUAL,
  ),
  'basic.target': target('Basic System'),
  'default.target': target('Graphical Interface'),
  'graphical.target': target('Graphical Interface'),
  'local-fs.target': target('Local File Systems'),
  'multi-user.target': target('Multi-User System'),
  'network.target': target('Network'),
  'network-online.target': target('Network is Online'),
  'remote-fs.target': target('Remote File Systems'),
  'sockets.target': target('Socket Units'),
  'sysinit.target': target('System Initialization'),
  'time-sync.target': { ...target('System Time Synchronized'), active: 'inactive', sub: 'dead' },
  'timers.target': target('Timer Units'),
};
const SSH = 'OpenBSD Secure Shell server';
const SSHD = '/usr/sbin/sshd -D $SSHD_OPTS';
const OWN: Readonly<Record<Release, Readonly<Record<string, BaseUnit>>>> = {
  '22.04': { 'ssh.service': { ...runs(SSH, SSHD, USUAL, 'notify'), reload: true } },
  '24.04': {
    'ssh.service': {
      ...runs(SSH, SSHD, undefined, 'notify'),
      reload: true,
    },
    'ssh.socket': socket('OpenBSD Secure Shell server socket', '22'),
  },
};

export function baseUnit(release: Release, name: string): BaseUnit | undefined {
  if (Object.hasOwn(OWN[release], name)) return OWN[release][name];
  return Object.hasOwn(BOTH, name) ? BOTH[name] : undefined;
}

/** The folder that the release says packages' unit files are in; the two are one. */
export function packageFolder(release: Release): string {
  return release === '24.04' ? '/usr/lib/systemd/system' : '/lib/systemd/system';
}

function sectionOf(name: string): string | undefined {
  const type = name.slice(name.lastIndexOf('.') + 1);
  return { service: 'Service', socket: 'Socket', timer: 'Timer' }[type];
}

/** A unit file as a package brings it. */
export function unitText(
  name: string,
  { description, command, type, wantedBy, reload, more = [] }: Omit<BaseUnit, 'active' | 'sub'>,
): string {
  const section = sectionOf(name);
  const own = [
    ...(type === undefined ? [] : [`Type=${type}`]),
    ...(command === undefined ? [] : [`ExecStart=${command}`]),
    ...(reload ? ['ExecReload=/bin/kill -HUP $MAINPID'] : []),
    ...more,
  ];
  const blocks = [
    ['[Unit]', `Description=${description}`],
    ...(section === undefined ? [] : [[`[${section}]`, ...own]]),
    ...(wantedBy === undefined ? [] : [['[Install]', `WantedBy=${wantedBy}`]]),
  ];
  return blocks.map((block) => `${block.join('\n')}\n`).join('\n');
}

type BaseFiles = {
  readonly files: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
};
const known = new Map<Release, BaseFiles>();

/** Unit files of a release, by absolute path, and the links that enable them. */
export function baseUnitFiles(release: Release): BaseFiles {
  const found = known.get(release) ?? made(release);
  known.set(release, found);
  return found;
}

function made(release: Release): BaseFiles {
  const units = Object.entries({ ...BOTH, ...OWN[release] });
  const files = units.map(([name, unit]): [string, string] => [
    `/usr/lib/systemd/system/${name}`,
    unitText(name, unit),
  ]);
  const links = units.flatMap(([name, { wantedBy }]): [string, string][] =>
    wantedBy === undefined
      ? []
      : [[`/etc/systemd/system/${wantedBy}.wants/${name}`, `${packageFolder(release)}/${name}`]],
  );
  return { files: Object.fromEntries(files), links: Object.fromEntries(links) };
}
