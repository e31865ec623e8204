/**
 * ufw: rules of the firewall as ufw keeps and tells them; no packet is held up.
 * Source: ufw(8) 0.36 of Debian and Ubuntu (frontend.py and backend_iptables.py: what it says, how rows are laid out).
 * Not modelled, refused by name: interfaces, routes, insert and prepend, most profiles, logging levels, show and app;
 * the files of rules under /etc/ufw are not written.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import { inputOf, isRoot, look, reply, type MachineDraw, type Program } from './program.ts';
import type { Firewall, FirewallRule } from './unit-slice.ts';

const USUAL: Firewall = { enabled: false, incoming: 'deny', outgoing: 'allow', rules: [] };
const ACTIONS = ['allow', 'deny', 'reject', 'limit'] as const;
const SERVICES: Readonly<Record<string, string>> = {
  ssh: '22/tcp',
  http: '80/tcp',
  https: '443/tcp',
  smtp: '25/tcp',
  domain: '53',
  ftp: '21/tcp',
  ntp: '123/udp',
  imap2: '143/tcp',
  imaps: '993/tcp',
  ldap: '389',
  mysql: '3306/tcp',
  postgresql: '5432/tcp',
  snmp: '161',
};
const PROFILES = [
  'OpenSSH',
  'Apache',
  'Apache Full',
  'Nginx Full',
  'Nginx HTTP',
  'Nginx HTTPS',
  'Postfix',
  'CUPS',
];
const PORTS = /^\d{1,5}(?:[:,]\d{1,5})*(?:\/(?:tcp|udp))?$/;

class Bad extends Error {}

type Parsed = { rule: FirewallRule; families: readonly ('v4' | 'v6')[] };

function portOf(text: string): string {
  if (PORTS.test(text)) {
    const numbers = text.split('/')[0]?.split(/[:,]/).map(Number) ?? [];
    if (numbers.some((port) => port < 1 || port > 65_535)) throw new Bad('Bad port');
    if (numbers.length > 1 && !text.includes('/')) {
      throw new Bad("Must specify 'tcp' or 'udp' with multiple ports");
    }
    return text;
  }
  if (Object.hasOwn(SERVICES, text)) return SERVICES[text] ?? text;
  if (PROFILES.includes(text)) return text;
  throw new Bad(
    /^[A-Za-z0-9]/.test(text) ? "Could not find a profile matching '" + text + "'" : 'Bad port',
  );
}

function familyOf(address: string): 'v4' | 'v6' | null {
  if (address === 'any') return null;
  if (/^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/.test(address)) return 'v4';
  if (/^[0-9a-f:]+(?:\/\d{1,3})?$/i.test(address) && address.includes(':')) return 'v6';
  throw new Bad(`Bad source address`);
}

type Ends = {
  from: string;
  fromPort: string;
  to: string;
  toPort: string;
  proto: string;
  comment: string;
};

/** `proto tcp from A port B to C port D comment TEXT`, in any order. */
function readEnds(words: string[]): Ends {
  const ends: Ends = { from: 'any', fromPort: '', to: 'any', toPort: '', proto: '', comment: '' };
  let side: 'from' | 'to' = 'to';
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = words.shift();
    if (value === undefined) throw new Bad('Wrong number of arguments');
    if (word === 'from' || word === 'to') {
      side = word;
      ends[word] = value;
    } else if (word === 'port' || word === 'app')
      ends[side === 'from' ? 'fromPort' : 'toPort'] = portOf(value);
    else if (word === 'proto') ends.proto = value;
    else if (word === 'comment') ends.comment = value;
    else throw new Bad('Invalid syntax');
  }
  return ends;
}

function place(address: string, port: string, proto: string): string {
  const joined = proto !== '' && port !== '' && !port.includes('/') ? `${port}/${proto}` : port;
  if (address === 'any') return joined === '' ? 'Anywhere' : joined;
  return joined === '' ? address : `${address} ${joined}`;
}

function parseRule(action: FirewallRule['action'], given: readonly string[]): Parsed {
  const words = [...given];
  const direction =
    words[0] === 'in' || words[0] === 'out' ? (words.shift() as 'in' | 'out') : 'in';
  if (words[0] === 'on') throw new Bad('unsupported');
  const simple = words.length > 0 && !['from', 'to', 'proto', 'port'].includes(words[0] ?? '');
  const first = simple ? portOf(words.shift() ?? '') : '';
  const ends = readEnds(words);
  const families = [familyOf(ends.from), familyOf(ends.to)].filter((family) => family !== null);
  const rule = {
    action,
    direction,
    to: place(ends.to, first || ends.toPort, ends.proto),
    from: place(ends.from, ends.fromPort, ends.proto),
    ...(ends.comment === '' ? {} : { comment: ends.comment }),
  };
  return { rule, families: families.length > 0 ? [families[0] ?? 'v4'] : ['v4', 'v6'] };
}

function inV6(rule: FirewallRule): FirewallRule {
  const marked = (text: string): string =>
    text === 'Anywhere' || PORTS.test(text) || PROFILES.includes(text) ? `${text} (v6)` : text;
  return {
    ...rule,
    to: marked(rule.to),
    from: rule.from === 'Anywhere' ? 'Anywhere (v6)' : rule.from,
  };
}

function sameRule(a: FirewallRule, b: FirewallRule): boolean {
  return a.to === b.to && a.from === b.from && a.direction === b.direction;
}

function save(draw: MachineDraw, change: Partial<Firewall>): void {
  draw.set((slice) => {
    slice.firewall = { ...USUAL, ...slice.firewall, ...change } as NonNullable<
      typeof slice.firewall
    >;
  });
}

function firewallOf(draw: MachineDraw): Firewall {
  return draw.seen.firewall ?? USUAL;
}

function added(draw: MachineDraw, { rule, families }: Parsed): string {
  const { enabled, rules } = firewallOf(draw);
  let list = [...rules];
  const said = families.map((family) => {
    const own = family === 'v6' ? inV6(rule) : rule;
    const tail = family === 'v6' ? ' (v6)' : '';
    const known = list.findIndex((one) => sameRule(one, own));
    if (known >= 0 && JSON.stringify(list[known]) === JSON.stringify(own)) {
      return `Skipping adding existing rule${tail}\n`;
    }
    const before =
      family === 'v4'
        ? list.findIndex(({ to, from }) => to.endsWith('(v6)') || from.endsWith('(v6)'))
        : -1;
    if (known >= 0) list[known] = own;
    else if (before >= 0) list = [...list.slice(0, before), own, ...list.slice(before)];
    else list.push(own);
    if (!enabled) return `Rules updated${tail}\n`;
    return known >= 0 ? `Rule updated${tail}\n` : `Rule added${tail}\n`;
  });
  save(draw, { rules: list });
  return said.join('');
}

function deleted(draw: MachineDraw, { rule, families }: Parsed): string {
  const { enabled, rules } = firewallOf(draw);
  let list = rules;
  const said = families.map((family) => {
    const own = family === 'v6' ? inV6(rule) : rule;
    const tail = family === 'v6' ? ' (v6)' : '';
    const left = list.filter((one) => !(sameRule(one, own) && one.action === own.action));
    if (left.length === list.length) return `Could not delete non-existent rule${tail}\n`;
    list = left;
    return enabled ? `Rule deleted${tail}\n` : `Rules updated${tail}\n`;
  });
  save(draw, { rules: list });
  return said.join('');
}

function statusText(firewall: Firewall, how: string): string {
  const { enabled, rules, incoming, outgoing } = firewall;
  if (!enabled) return 'Status: inactive\n';
  const counted = how === 'numbered';
  const row = ({ action, direction, to, from, comment }: FirewallRule, at: number): string => {
    const shown =
      direction === 'in' && !counted && how !== 'verbose' ? '' : direction.toUpperCase();
    const what = `${action.toUpperCase()} ${shown}`;
    const out = counted && direction === 'out' ? ' (out)' : '';
    const count = counted ? `[${String(at + 1).padStart(2)}] ` : '';
    return `${count}${to.padEnd(26)} ${what.padEnd(12)}${from.padEnd(26)}${out}${comment ? ` # ${comment}` : ''}\n`;
  };
  const indent = counted ? '     ' : '';
  const head = (a: string, b: string, c: string): string =>
    `${indent}${a.padEnd(26)} ${b.padEnd(12)}${c}\n`;
  const table =
    rules.length === 0
      ? ''
      : `\n\n${head('To', 'Action', 'From')}${head('--', '------', '----')}${rules.map(row).join('')}`;
  if (how !== 'verbose') return `Status: active${table}\n`;
  const policy = `Default: ${incoming} (incoming), ${outgoing} (outgoing), disabled (routed)`;
  return `Status: active\nLogging: on (low)\n${policy}\nNew profiles: skip${table}\n`;
}

function setDefault(
  draw: MachineDraw,
  [policy = '', direction = 'incoming']: readonly string[],
): string {
  if (!['allow', 'deny', 'reject'].includes(policy)) throw new Bad('Invalid syntax');
  const way = { incoming: 'incoming', outgoing: 'outgoing', in: 'incoming', out: 'outgoing' }[
    direction
  ];
  if (way === undefined) throw new Bad('unsupported');
  save(draw, { [way]: policy });
  return `Default ${way} policy changed to '${policy}'\n(be sure to update your rules accordingly)\n`;
}

const PROMPTS: Readonly<Record<string, string>> = {
  enable: 'Command may disrupt existing ssh connections. Proceed with operation (y|n)? ',
  reset: 'Resetting all rules to installed defaults. Proceed with operation (y|n)? ',
};

/** What is typed in where nobody said --force; null: it has to be asked for. */
function confirmed(request: CommandRequest): boolean | null {
  if (look(request, ['/dev/stdin'], 0)) return null;
  return /^y(?:es)?$/i.test(inputOf(request).split('\n')[0]?.trim() ?? '');
}

function remove(draw: MachineDraw, words: readonly string[], force: boolean): string {
  const [first = ''] = words;
  const { rules } = firewallOf(draw);
  if (!/^\d+$/.test(first) || words.length > 1) {
    if (!(ACTIONS as readonly string[]).includes(first)) throw new Bad('Invalid syntax');
    return deleted(draw, parseRule(first as FirewallRule['action'], words.slice(1)));
  }
  const at = Number(first) - 1;
  if (!rules[at]) throw new Bad(`Could not find rule '${first}'`);
  if (!force) throw new Bad('unsupported');
  save(draw, { rules: rules.filter((_, index) => index !== at) });
  return /\(v6\)/.test(rules[at]?.to ?? '') ? 'Rule deleted (v6)\n' : 'Rule deleted\n';
}

function run(draw: MachineDraw, words: readonly string[], force: boolean): string {
  const [verb = '', ...rest] = words;
  const firewall = firewallOf(draw);
  if ((ACTIONS as readonly string[]).includes(verb)) {
    if (rest.length === 0) throw new Bad('Wrong number of arguments');
    return added(draw, parseRule(verb as FirewallRule['action'], rest));
  }
  switch (verb) {
    case 'rule':
      return run(draw, rest, force);
    case 'delete':
      return remove(draw, rest, force);
    case 'enable':
      save(draw, { enabled: true });
      return 'Firewall is active and enabled on system startup\n';
    case 'disable':
      save(draw, { enabled: false });
      return 'Firewall stopped and disabled on system startup\n';
    case 'reload':
      return firewall.enabled ? 'Firewall reloaded\n' : 'Firewall not enabled (skipping reload)\n';
    case 'reset':
      save(draw, { ...USUAL });
      return '';
    case 'status':
      return statusText(firewall, rest[0] ?? '');
    case 'default':
      return setDefault(draw, rest);
    case 'version':
      return 'ufw 0.36.2\nCopyright 2008-2023 Canonical Ltd.\n';
    default:
      throw new Bad(
        ['insert', 'prepend', 'route', 'logging', 'app', 'show'].includes(verb)
          ? 'unsupported'
          : 'Invalid syntax',
      );
  }
}

export const ufw: Program = (draw, request): Answer => {
  const flags = request.argv.slice(1).filter((word) => word.startsWith('--'));
  const words = request.argv.slice(1).filter((word) => !word.startsWith('--'));
  if (flags.includes('--version')) return reply(0, run(draw, ['version'], false));
  if (flags.includes('--dry-run') || flags.includes('--help')) {
    return { kind: 'unsupported', what: `ufw ${flags[0]}` };
  }
  if (!isRoot(request)) return reply(1, '', 'ERROR: You need to be root to run this script\n');
  const force = flags.includes('--force');
  const [verb = ''] = words;
  let prompt = '';
  if (!force && Object.hasOwn(PROMPTS, verb)) {
    const yes = confirmed(request);
    if (yes === null) return { kind: 'look', paths: ['/dev/stdin'] };
    prompt = PROMPTS[verb] ?? '';
    if (!yes) return reply(0, `${prompt}Aborted\n`);
  }
  try {
    return reply(0, `${prompt}${run(draw, words, force)}`);
  } catch (error) {
    if (!(error instanceof Bad)) throw error;
    if (error.message === 'unsupported')
      return { kind: 'unsupported', what: `ufw ${words.join(' ')}` };
    return reply(1, '', `ERROR: ${error.message}\n`);
  }
};
