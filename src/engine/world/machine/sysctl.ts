/**
 * sysctl: kernel parameters that are read and set.
 * Source: sysctl(8) of procps 3.3 and 4.0; recorded from 4.0. Values are those of a small Ubuntu machine.
 * Not modelled, refused by name: a parameter that is not in the table below, -a, -r; what the kernel makes of a value.
 */
import { has, readOptions, valueOf, type OptionTable } from './program-options.ts';
import {
  hostnameOf,
  isRoot,
  look,
  reply,
  textOf,
  type MachineDraw,
  type Program,
} from './program.ts';
import type { CommandRequest } from '../../model/request.ts';

const VALUES: Readonly<Record<string, string>> = {
  'fs.aio-max-nr': '65536',
  'fs.file-max': '9223372036854775807',
  'fs.inotify.max_user_instances': '128',
  'fs.inotify.max_user_watches': '29372',
  'fs.nr_open': '1048576',
  'fs.protected_hardlinks': '1',
  'fs.protected_symlinks': '1',
  'fs.suid_dumpable': '2',
  'kernel.core_pattern': 'core',
  'kernel.dmesg_restrict': '1',
  'kernel.keys.maxbytes': '20000',
  'kernel.keys.maxkeys': '200',
  'kernel.kptr_restrict': '1',
  'kernel.msgmax': '8192',
  'kernel.msgmnb': '16384',
  'kernel.panic': '0',
  'kernel.panic_on_oops': '0',
  'kernel.pid_max': '4194304',
  'kernel.printk': '4\t4\t1\t7',
  'kernel.randomize_va_space': '2',
  'kernel.sem': '32000\t1024000000\t500\t32000',
  'kernel.shmall': '18446744073692774399',
  'kernel.shmmax': '18446744073692774399',
  'kernel.shmmni': '4096',
  'kernel.sysrq': '176',
  'kernel.threads-max': '30962',
  'kernel.unprivileged_userns_clone': '1',
  'kernel.yama.ptrace_scope': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.core.default_qdisc': 'fq_codel',
  'net.core.netdev_max_backlog': '1000',
  'net.core.optmem_max': '131072',
  'net.core.rmem_default': '212992',
  'net.core.rmem_max': '212992',
  'net.core.somaxconn': '4096',
  'net.core.wmem_default': '212992',
  'net.core.wmem_max': '212992',
  'net.ipv4.conf.all.accept_redirects': '1',
  'net.ipv4.conf.all.accept_source_route': '0',
  'net.ipv4.conf.all.arp_announce': '0',
  'net.ipv4.conf.all.arp_ignore': '0',
  'net.ipv4.conf.all.forwarding': '0',
  'net.ipv4.conf.all.log_martians': '0',
  'net.ipv4.conf.all.rp_filter': '2',
  'net.ipv4.conf.all.secure_redirects': '1',
  'net.ipv4.conf.all.send_redirects': '1',
  'net.ipv4.conf.default.accept_redirects': '1',
  'net.ipv4.conf.default.accept_source_route': '1',
  'net.ipv4.conf.default.rp_filter': '2',
  'net.ipv4.conf.default.send_redirects': '1',
  'net.ipv4.icmp_echo_ignore_broadcasts': '1',
  'net.ipv4.ip_forward': '0',
  'net.ipv4.ip_local_port_range': '32768\t60999',
  'net.ipv4.ip_nonlocal_bind': '0',
  'net.ipv4.neigh.default.gc_thresh1': '128',
  'net.ipv4.neigh.default.gc_thresh2': '512',
  'net.ipv4.neigh.default.gc_thresh3': '1024',
  'net.ipv4.tcp_congestion_control': 'cubic',
  'net.ipv4.tcp_fin_timeout': '60',
  'net.ipv4.tcp_keepalive_intvl': '75',
  'net.ipv4.tcp_keepalive_probes': '9',
  'net.ipv4.tcp_keepalive_time': '7200',
  'net.ipv4.tcp_max_syn_backlog': '256',
  'net.ipv4.tcp_max_tw_buckets': '16384',
  'net.ipv4.tcp_mem': '45456\t60608\t90912',
  'net.ipv4.tcp_rmem': '4096\t131072\t6291456',
  'net.ipv4.tcp_slow_start_after_idle': '1',
  'net.ipv4.tcp_syncookies': '1',
  'net.ipv4.tcp_timestamps': '1',
  'net.ipv4.tcp_tw_reuse': '2',
  'net.ipv4.tcp_wmem': '4096\t16384\t4194304',
  'net.ipv6.conf.all.accept_ra': '1',
  'net.ipv6.conf.all.disable_ipv6': '0',
  'net.ipv6.conf.all.forwarding': '0',
  'net.ipv6.conf.default.disable_ipv6': '0',
  'net.ipv6.conf.lo.disable_ipv6': '0',
  'net.netfilter.nf_conntrack_max': '65536',
  'vm.dirty_background_ratio': '10',
  'vm.dirty_ratio': '20',
  'vm.max_map_count': '65530',
  'vm.min_free_kbytes': '67584',
  'vm.nr_hugepages': '0',
  'vm.overcommit_memory': '0',
  'vm.overcommit_ratio': '50',
  'vm.panic_on_oom': '0',
  'vm.swappiness': '60',
  'vm.vfs_cache_pressure': '100',
  'vm.zone_reclaim_mode': '0',
  'vm.hugetlb_shm_group': '0',
  'vm.compaction_proactiveness': '20',
};
/** Where parameters of the kernel are: one that is nowhere here is none. */
const ROOTS = /^(?:fs|kernel|net|vm|user|dev|abi|debug|crypto)\./;

type Outcome = { out: string; err: string; code: number; set: Record<string, string> };
type Asked = {
  readonly draw: MachineDraw;
  readonly outcome: Outcome;
  readonly quiet: boolean;
  readonly ignore: boolean;
  readonly bare: boolean;
  readonly names: boolean;
  readonly newline: boolean;
};

class Unknown extends Error {}

function dotted(key: string): string {
  return key.includes('/') && !key.split('/')[0]?.includes('.') ? key.replaceAll('/', '.') : key;
}

function valueAt({ draw, outcome }: Asked, key: string): string | undefined {
  if (key === 'kernel.hostname') return hostnameOf(draw);
  const set = outcome.set[key] ?? draw.seen.sysctl?.[key];
  return set ?? (Object.hasOwn(VALUES, key) ? VALUES[key] : undefined);
}

/** Says of a parameter that it is not there; one that may be is refused by name. */
function absent(asked: Asked, key: string): void {
  const { outcome, ignore } = asked;
  if (ROOTS.test(key)) throw new Unknown(key);
  if (ignore) return;
  outcome.code = 1;
  outcome.err += `sysctl: cannot stat /proc/sys/${key.replaceAll('.', '/')}: No such file or directory\n`;
}

function show(asked: Asked, key: string, value: string): void {
  const { outcome, bare, names, newline } = asked;
  const text = names ? key : bare ? value : `${key} = ${value}`;
  outcome.out += newline ? `${text}\n` : text;
}

function read(asked: Asked, given: string): void {
  const key = dotted(given);
  const value = valueAt(asked, key);
  if (value === undefined) absent(asked, key);
  else show(asked, key, value);
}

function write(asked: Asked, given: string, value: string): void {
  const key = dotted(given);
  const { outcome, quiet } = asked;
  if (valueAt(asked, key) === undefined) return absent(asked, key);
  outcome.set[key] = value.replace(/[ \t]+/g, '\t');
  if (!quiet) show(asked, key, value);
}

/** One file of settings, line by line; `-` before a key: it may be missing. */
function load(asked: Asked, path: string, text: string): void {
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const equals = line.indexOf('=');
    if (equals < 0) {
      if (!line.startsWith('-'))
        asked.outcome.err += `sysctl: ${path}(${at + 1}): invalid syntax, continuing...\n`;
      continue;
    }
    const key = line.slice(0, equals).trim();
    write(
      key.startsWith('-') ? { ...asked, ignore: true } : asked,
      key.replace(/^-/, ''),
      line.slice(equals + 1).trim(),
    );
  }
}

const TABLE: OptionTable = {
  a: false,
  A: false,
  X: false,
  b: false,
  e: false,
  N: false,
  n: false,
  p: 'maybe',
  f: 'maybe',
  r: true,
  q: false,
  w: false,
  o: false,
  x: false,
  d: false,
  h: false,
  V: false,
  all: false,
  deprecated: false,
  'dry-run': false,
  binary: false,
  ignore: false,
  names: false,
  values: false,
  load: 'maybe',
  system: false,
  pattern: true,
  quiet: false,
  write: false,
  help: false,
  version: false,
};
const NAMES = {
  a: 'all',
  A: 'all',
  X: 'all',
  b: 'binary',
  e: 'ignore',
  N: 'names',
  n: 'values',
  p: 'load',
  f: 'load',
  r: 'pattern',
  q: 'quiet',
  w: 'write',
  h: 'help',
  d: 'help',
  V: 'version',
};
const FOLDERS = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

/** All files of settings in the order of their names; the first folder of several wins. */
function systemFiles({ found = {} }: CommandRequest): readonly string[] {
  const byName = new Map<string, string>();
  for (const folder of FOLDERS.toReversed()) {
    for (const path of Object.keys(found)) {
      const name = path.slice(folder.length + 1);
      if (path.startsWith(`${folder}/`) && path.endsWith('.conf') && !name.includes('/'))
        byName.set(name, path);
    }
  }
  const sorted = [...byName.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return found['/etc/sysctl.conf']?.kind === 'file' ? [...sorted, '/etc/sysctl.conf'] : sorted;
}

function applied(
  asked: Asked,
  request: CommandRequest,
  words: readonly string[],
  how: { write: boolean; load?: string; system: boolean },
): void {
  const { found = {} } = request;
  const { outcome } = asked;
  if (how.system) {
    const paths = systemFiles(request);
    if (!asked.quiet) outcome.out += paths.map((path) => `* Applying ${path} ...\n`).join('');
    for (const path of paths) load({ ...asked, ignore: true }, path, textOf(found, path) ?? '');
    return;
  }
  if (how.load !== undefined) {
    const paths = [
      ...(how.load === '' && words.length > 0 ? [] : [how.load || '/etc/sysctl.conf']),
      ...words,
    ];
    for (const path of paths) {
      const text = textOf(found, path);
      if (text === null) {
        outcome.code = 1;
        outcome.err += `sysctl: cannot open "${path}": No such file or directory\n`;
      } else load(asked, path, text);
    }
    return;
  }
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) write(asked, word.slice(0, equals), word.slice(equals + 1));
    else if (how.write) {
      outcome.code = 1;
      outcome.err += 'sysctl: command line(0): invalid syntax, continuing...\n';
    } else read(asked, word);
  }
}

export const sysctl: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), TABLE, NAMES);
  const usage = '\nUsage:\n sysctl [options] [variable[=value] ...]\n';
  if (options.error) return reply(1, '', `sysctl: ${options.error}\n${usage}`);
  const odd = ['all', 'pattern', 'help', 'version', 'dry-run'].find((one) => has(options, one));
  if (odd !== undefined) return { kind: 'unsupported', what: `sysctl --${odd}` };
  const { words } = options;
  const file = valueOf(options, 'load');
  const system = has(options, 'system');
  if (words.length === 0 && file === undefined && !system) return reply(1, '', usage);
  const paths = system
    ? [...FOLDERS.map((folder) => `${folder}/*`), '/etc/sysctl.conf']
    : file === undefined
      ? []
      : [file || '/etc/sysctl.conf', ...words];
  const first =
    paths.length > 0
      ? look(
          request,
          paths.filter((path) => path.startsWith('/')),
        )
      : null;
  if (first) return first;
  const outcome: Outcome = { out: '', err: '', code: 0, set: {} };
  const asked: Asked = {
    draw,
    outcome,
    quiet: has(options, 'quiet'),
    ignore: has(options, 'ignore'),
    bare: has(options, 'values') || has(options, 'binary'),
    names: has(options, 'names'),
    newline: !has(options, 'binary'),
  };
  try {
    applied(asked, request, words, {
      write: has(options, 'write'),
      ...(file === undefined ? {} : { load: file }),
      system,
    });
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    return { kind: 'unsupported', what: `sysctl ${error.message}` };
  }
  const keys = Object.keys(outcome.set);
  if (keys.length > 0 && !isRoot(request)) {
    const err = keys.map((key) => `sysctl: permission denied on key "${key}"\n`).join('');
    return reply(1, '', err);
  }
  if (keys.length > 0)
    draw.set((slice) => void (slice.sysctl = { ...slice.sysctl, ...outcome.set }));
  return reply(outcome.code, outcome.out, outcome.err);
};
