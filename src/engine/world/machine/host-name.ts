/**
 * hostname, hostnamectl and timedatectl.
 * Source: hostname(1) (net-tools' and Debian's), hostnamectl(1), timedatectl(1); recorded from Debian 12.
 * Not modelled, refused by name: names from a file, NIS, names of addresses (-f, -i tell what /etc/hosts of the machine
 * would), hardware that hostnamectl tells of, setting the clock.
 */
import { kernelOf } from './kernel.ts';
import { has, readOptions, valueOf, type OptionTable } from './program-options.ts';
import {
  file,
  hostnameOf,
  isRoot,
  look,
  release,
  reply,
  textOf,
  type MachineDraw,
  type Program,
} from './program.ts';
import { stamp } from './systemd-words.ts';

function addressOf({ others }: MachineDraw): string {
  const { juju } = others as {
    readonly juju?: { readonly network?: { readonly address: string } };
  };
  return juju?.network?.address ?? '127.0.1.1';
}

function named(draw: MachineDraw, name: string): void {
  draw.set((slice) => void (slice.hostname = name));
}

const HOSTNAME: OptionTable = {
  a: false,
  A: false,
  d: false,
  f: false,
  F: true,
  i: false,
  I: false,
  s: false,
  y: false,
  b: false,
  V: false,
  h: false,
  alias: false,
  'all-fqdns': false,
  'all-ip-addresses': false,
  boot: false,
  domain: false,
  fqdn: false,
  long: false,
  file: true,
  'ip-address': false,
  short: false,
  nis: false,
  yp: false,
  version: false,
  help: false,
};
const HOSTNAME_NAMES = {
  a: 'alias',
  A: 'all-fqdns',
  d: 'domain',
  f: 'fqdn',
  long: 'fqdn',
  F: 'file',
  i: 'ip-address',
  I: 'all-ip-addresses',
  s: 'short',
  y: 'nis',
  yp: 'nis',
  b: 'boot',
  V: 'version',
  h: 'help',
};

export const hostname: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), HOSTNAME, HOSTNAME_NAMES);
  if (options.error) return reply(255, '', `hostname: ${options.error}\n`);
  const name = hostnameOf(draw);
  const [fresh] = options.words;
  const odd = ['file', 'nis', 'help', 'version', 'boot'].find((one) => has(options, one));
  if (odd !== undefined) return { kind: 'unsupported', what: `hostname --${odd}` };
  if (fresh !== undefined) {
    if (!isRoot(request))
      return reply(1, '', 'hostname: you must be root to change the host name\n');
    if (!/^[A-Za-z0-9.-]{1,64}$/.test(fresh)) {
      return reply(1, '', 'hostname: the specified hostname is invalid\n');
    }
    named(draw, fresh);
    return reply(0);
  }
  if (has(options, 'all-ip-addresses')) return reply(0, `${addressOf(draw)} \n`);
  if (has(options, 'ip-address')) return reply(0, `${addressOf(draw)}\n`);
  if (has(options, 'short')) return reply(0, `${name.split('.')[0]}\n`);
  if (has(options, 'domain')) return reply(0, `${name.split('.').slice(1).join('.')}\n`);
  if (has(options, 'alias')) return reply(0, '\n');
  return reply(0, `${name}${has(options, 'all-fqdns') ? ' ' : ''}\n`);
};

const PRETTY = { '22.04': 'Ubuntu 22.04.5 LTS', '24.04': 'Ubuntu 24.04.3 LTS' } as const;

function hostStatus(draw: MachineDraw, name: string): string {
  const lines = [
    ['Static hostname', name],
    ['Icon name', 'computer-vm'],
    ['Chassis', 'vm'],
    ['Virtualization', 'kvm'],
    ['Operating System', PRETTY[release(draw.seen)]],
    ['Kernel', `Linux ${kernelOf(draw.seen).release}`],
    ['Architecture', 'x86-64'],
  ] as const;
  return lines.map(([key, value]) => `${key.padStart(16)}: ${value}\n`).join('');
}

const CTL: OptionTable = {
  h: false,
  H: true,
  M: true,
  help: false,
  version: false,
  'no-ask-password': false,
  host: true,
  machine: true,
  transient: false,
  static: false,
  pretty: false,
  json: true,
  'no-pager': false,
  'adjust-system-clock': false,
  p: true,
  property: true,
  value: false,
  all: false,
  a: false,
};
const CTL_NAMES = { h: 'help', H: 'host', M: 'machine', p: 'property', a: 'all' };

export const hostnamectl: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), CTL, CTL_NAMES);
  if (options.error) return reply(1, '', `hostnamectl: ${options.error}\n`);
  const [verb = 'status', value] = options.words;
  const known = ['status', 'hostname', 'set-hostname'];
  const odd = ['pretty', 'json', 'host', 'machine'].find((one) => has(options, one));
  if (!known.includes(verb) || odd !== undefined) {
    return { kind: 'unsupported', what: `hostnamectl ${odd === undefined ? verb : `--${odd}`}` };
  }
  const first = look(request, ['/etc/hostname']);
  if (first) return first;
  const set = (textOf(request.found ?? {}, '/etc/hostname') ?? hostnameOf(draw)).trim();
  if (verb === 'status') return reply(0, hostStatus(draw, set));
  if (value === undefined) {
    return verb === 'hostname' ? reply(0, `${set}\n`) : reply(1, '', 'Too few arguments.\n');
  }
  if (!isRoot(request)) {
    return reply(1, '', 'Could not set static hostname: Interactive authentication required.\n');
  }
  named(draw, value);
  return reply(0, '', '', has(options, 'transient') ? {} : { '/etc/hostname': file(`${value}\n`) });
};

function localTime(draw: MachineDraw, zone: string): string {
  const now = stamp(draw.now);
  const rtc = now.replace(/ UTC$/, '');
  const lines = [
    ['Local time', now],
    ['Universal time', now],
    ['RTC time', rtc],
    ['Time zone', `${zone} (UTC, +0000)`],
    ['System clock synchronized', 'yes'],
    ['NTP service', 'active'],
    ['RTC in local TZ', 'no'],
  ] as const;
  return lines.map(([key, value]) => `${key.padStart(25)}: ${value}\n`).join('');
}

/** Zones are names only: the clock tells UTC whatever is set. */
export const timedatectl: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), CTL, CTL_NAMES);
  if (options.error) return reply(1, '', `timedatectl: ${options.error}\n`);
  const [verb = 'status', value] = options.words;
  const zone = draw.seen.timezone ?? 'Etc/UTC';
  if (verb === 'status') return reply(0, localTime(draw, zone));
  if (verb === 'show') {
    const wanted = valueOf(options, 'property')?.split(',');
    const all = [
      ['Timezone', zone],
      ['LocalRTC', 'no'],
      ['CanNTP', 'yes'],
      ['NTP', 'yes'],
      ['NTPSynchronized', 'yes'],
    ];
    const shown = all.filter(([key = '']) => wanted === undefined || wanted.includes(key));
    return reply(
      0,
      shown.map(([key, one]) => (has(options, 'value') ? `${one}\n` : `${key}=${one}\n`)).join(''),
    );
  }
  if (verb === 'set-timezone' && value !== undefined) {
    if (!isRoot(request))
      return reply(1, '', 'Failed to set time zone: Interactive authentication required.\n');
    const path = `/usr/share/zoneinfo/${value}`;
    const first = look(request, [path]);
    if (first) return first;
    if (!request.found?.[path] && !['UTC', 'Etc/UTC'].includes(value)) {
      return reply(
        1,
        '',
        `Failed to set time zone: Invalid or not installed time zone '${value}'\n`,
      );
    }
    draw.set((slice) => void (slice.timezone = value));
    return reply(0, '', '', {
      '/etc/localtime': { kind: 'link', target: `../usr/share/zoneinfo/${value}` },
      '/etc/timezone': file(`${value}\n`),
    });
  }
  if (verb === 'set-ntp' && value !== undefined) return reply(0);
  return { kind: 'unsupported', what: `timedatectl ${verb}` };
};
