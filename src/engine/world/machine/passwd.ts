/**
 * passwd, chpasswd and chsh.
 * Source: passwd(1), chpasswd(8) of shadow-utils 4.8 and 4.13; recorded from 4.13.
 * Not modelled: who may choose which password; a hash that a program could check (user-accounts.ts).
 */
import { has, readOptions, valueOf, type OptionTable } from './program-options.ts';
import { inputOf, isRoot, look, release, reply, type Program } from './program.ts';
import * as accounts from './user-accounts.ts';
import { Refused, userProgram, type UserCall } from './user-program.ts';

const PASSWD: OptionTable = {
  a: false,
  d: false,
  e: false,
  h: false,
  i: true,
  k: false,
  l: false,
  n: true,
  q: false,
  r: true,
  R: true,
  S: false,
  u: false,
  w: true,
  x: true,
  all: false,
  delete: false,
  expire: false,
  help: false,
  inactive: true,
  lock: false,
  mindays: true,
  quiet: false,
  root: true,
  status: false,
  unlock: false,
  warndays: true,
  maxdays: true,
};
const NAMES = {
  a: 'all',
  d: 'delete',
  e: 'expire',
  h: 'help',
  i: 'inactive',
  l: 'lock',
  n: 'mindays',
  q: 'quiet',
  R: 'root',
  S: 'status',
  u: 'unlock',
  w: 'warndays',
  x: 'maxdays',
};

function dateOf(days: string, old: boolean): string {
  const [year = '', month = '', day = ''] = new Date(Number(days) * 86_400_000)
    .toISOString()
    .slice(0, 10)
    .split('-');
  return old ? `${month}/${day}/${year}` : `${year}-${month}-${day}`;
}

function statusOf(line: readonly string[], old: boolean): string {
  const [name, hash = '', days = '0', least, most, warn, inactive] = line;
  const state = hash === '' ? 'NP' : /^[!*]/.test(hash) ? 'L' : 'P';
  const or = (value: string | undefined): string =>
    value === undefined || value === '' ? '-1' : value;
  return `${name} ${state} ${dateOf(days, old)} ${or(least)} ${or(most)} ${or(warn)} ${or(inactive)}\n`;
}

const AGES = [
  ['mindays', 3],
  ['maxdays', 4],
  ['warndays', 5],
  ['inactive', 6],
] as const;

function change(call: UserCall, name: string): void {
  const { options, all, draw } = call;
  const hash = accounts.lineOf(all, 'shadow', name)?.[1] ?? '';
  const set = (fields: Readonly<Record<number, string>>): void =>
    accounts.change(all, 'shadow', name, fields);
  if (has(options, 'delete')) set({ 1: '', 2: accounts.today(draw) });
  if (has(options, 'lock') && !hash.startsWith('!')) set({ 1: `!${hash}` });
  if (has(options, 'unlock')) {
    if (/^!+$/.test(hash)) {
      throw new Refused(
        3,
        'unlocking the password would result in a passwordless account.\n' +
          'You should set a password with usermod -p to unlock the password of this account.',
      );
    }
    set({ 1: hash.replace(/^!/, '') });
  }
  if (has(options, 'expire')) set({ 2: '0' });
  for (const [option, at] of AGES) {
    const value = valueOf(options, option);
    if (value !== undefined) set({ [at]: value });
  }
}

/** Typed in twice, or once after another that does not count. */
function typed(call: UserCall, name: string): string {
  const { request, all, draw, said } = call;
  const [first = '', second = first] = inputOf(request).split('\n');
  if (first === '')
    throw new Refused(10, 'Authentication token manipulation error\npasswd: password unchanged');
  said.push('New password: Retype new password: ');
  if (second !== first) {
    throw new Refused(10, 'Authentication token manipulation error\npasswd: password unchanged');
  }
  accounts.change(all, 'shadow', name, {
    1: accounts.hashOf(draw, first),
    2: accounts.today(draw),
  });
  said.push('passwd: password updated successfully');
  return '';
}

function run(call: UserCall): string {
  const { options, all, draw } = call;
  const name = options.words[0] ?? 'root';
  if (options.words.length > 1) throw new Refused(2, '', true);
  const old = release(draw.seen) === '22.04';
  if (has(options, 'status') && has(options, 'all')) {
    return all.shadow.map((line) => statusOf(line, old)).join('');
  }
  if (!accounts.userOf(all, name)) throw new Refused(1, `user '${name}' does not exist`);
  if (has(options, 'status')) {
    return statusOf(accounts.lineOf(all, 'shadow', name) ?? [name], old);
  }
  const changing = ['delete', 'lock', 'unlock', 'expire', ...AGES.map(([option]) => option)];
  if (!changing.some((option) => has(options, option))) return typed(call, name);
  change(call, name);
  if (has(options, 'quiet')) return '';
  return old ? 'passwd: password expiry information changed.\n' : 'passwd: password changed.\n';
}

export const passwd: Program = userProgram({
  program: 'passwd',
  usage: '[options] [LOGIN]',
  table: PASSWD,
  names: NAMES,
  paths: () => ['/dev/stdin'],
  run,
});

/** Another login shell. */
export const chsh: Program = userProgram({
  program: 'chsh',
  usage: '[options] [LOGIN]',
  table: { s: true, h: false, R: true, shell: true, help: false, root: true },
  names: { s: 'shell', h: 'help', R: 'root' },
  run({ options, all }) {
    const [name = 'root'] = options.words;
    const shell = valueOf(options, 'shell');
    if (shell === undefined) throw new Refused(1, 'a shell that is typed in is not simulated');
    if (!accounts.userOf(all, name)) throw new Refused(1, `user '${name}' does not exist`);
    accounts.change(all, 'passwd', name, { 6: shell });
  },
});

const CHPASSWD: OptionTable = {
  c: true,
  e: false,
  h: false,
  m: false,
  R: true,
  s: true,
  P: true,
  'crypt-method': true,
  encrypted: false,
  help: false,
  md5: false,
  root: true,
  'sha-rounds': true,
  prefix: true,
};

/** `name:password` a line; one that is wrong undoes all. */
export const chpasswd: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), CHPASSWD, {
    e: 'encrypted',
    R: 'root',
    P: 'prefix',
  });
  if (options.error) return reply(1, '', `chpasswd: ${options.error}\n`);
  if (has(options, 'root') || has(options, 'prefix'))
    return { kind: 'unsupported', what: 'chpasswd --root' };
  const first = look(request, [...accounts.ACCOUNT_PATHS, '/dev/stdin']);
  if (first) return first;
  if (!isRoot(request)) return reply(1, '', 'chpasswd: Permission denied.\n');
  const all = accounts.readAccounts(request);
  const lines = inputOf(request).replace(/\n$/, '').split('\n');
  let err = '';
  for (const [at, line] of lines.entries()) {
    const colon = line.indexOf(':');
    const [name, password] = [line.slice(0, colon), line.slice(colon + 1)];
    if (colon < 0) err += `chpasswd: line ${at + 1}: missing new password\n`;
    else if (!accounts.userOf(all, name))
      err += `chpasswd: line ${at + 1}: user '${name}' does not exist\n`;
    else {
      const hash = has(options, 'encrypted') ? password : accounts.hashOf(draw, password);
      accounts.change(all, 'shadow', name, { 1: hash, 2: accounts.today(draw) });
    }
  }
  if (err !== '') return reply(1, '', `${err}chpasswd: error detected, changes ignored\n`);
  return reply(0, '', '', accounts.accountChanges(all, request));
};
