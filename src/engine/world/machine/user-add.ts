/**
 * useradd.
 * Source: useradd(8) of shadow-utils 4.8 and 4.13 (src/useradd.c); recorded from 4.13.
 * Not modelled, refused by name: --root, --prefix, -Z. -D shows defaults and changes none.
 */
import { has, readOptions, valueOf, type Options, type OptionTable } from './program-options.ts';
import type { Program } from './program.ts';
import * as accounts from './user-accounts.ts';
import {
  Refused,
  checkField,
  checkShell,
  groupsIn,
  isValidName,
  userProgram,
  type UserCall,
} from './user-program.ts';

const USERADD: OptionTable = {
  b: true,
  c: true,
  d: true,
  D: false,
  e: true,
  f: true,
  F: false,
  g: true,
  G: true,
  h: false,
  k: true,
  K: true,
  l: false,
  m: false,
  M: false,
  N: false,
  o: false,
  p: true,
  r: false,
  R: true,
  P: true,
  s: true,
  u: true,
  U: false,
  Z: true,
  badname: false,
  'base-dir': true,
  comment: true,
  'home-dir': true,
  home: true,
  defaults: false,
  expiredate: true,
  inactive: true,
  gid: true,
  groups: true,
  help: false,
  skel: true,
  key: true,
  'no-log-init': false,
  'create-home': false,
  'no-create-home': false,
  'no-user-group': false,
  'non-unique': false,
  password: true,
  system: false,
  root: true,
  prefix: true,
  shell: true,
  uid: true,
  'user-group': false,
  'selinux-user': true,
  'add-subids-for-system': false,
  'btrfs-subvolume-home': false,
};
const USERADD_NAMES = {
  b: 'base-dir',
  c: 'comment',
  d: 'home',
  'home-dir': 'home',
  D: 'defaults',
  e: 'expiredate',
  f: 'inactive',
  g: 'gid',
  G: 'groups',
  h: 'help',
  k: 'skel',
  K: 'key',
  m: 'create-home',
  M: 'no-create-home',
  N: 'no-user-group',
  o: 'non-unique',
  p: 'password',
  r: 'system',
  R: 'root',
  P: 'prefix',
  s: 'shell',
  u: 'uid',
  U: 'user-group',
  Z: 'selinux-user',
};

const DEFAULTS =
  'GROUP=100\nHOME=/home\nINACTIVE=-1\nEXPIRE=\nSHELL=/bin/sh\nSKEL=/etc/skel\nCREATE_MAIL_SPOOL=no\nLOG_INIT=yes\n';

function uidOf(call: UserCall, system: boolean): number {
  const { options, all } = call;
  const asked = valueOf(options, 'uid');
  if (asked === undefined)
    return accounts.nextId(all.passwd, system, rangeOf(options, 'UID', system));
  if (!/^\d+$/.test(asked)) throw new Refused(3, `invalid user ID '${asked}'`);
  return Number(asked);
}

/** The range of ids, with what `-K UID_MIN=3000` makes of it. */
export function rangeOf(options: Options, kind: 'UID' | 'GID', system: boolean): accounts.Range {
  const { least, most } = system ? accounts.SYSTEM : accounts.USERS;
  const keys = Object.fromEntries(
    options.given
      .filter(({ name }) => name === 'key')
      .map(({ value }) => value.split('=') as [string, string]),
  ) as Readonly<Record<string, string>>;
  const prefix = system ? 'SYS_' : '';
  return {
    least: Number(keys[`${prefix}${kind}_MIN`] ?? least),
    most: Number(keys[`${prefix}${kind}_MAX`] ?? most),
  };
}

function checkOptions(call: UserCall): void {
  const { options } = call;
  if (has(options, 'user-group') && has(options, 'gid')) {
    throw new Refused(2, 'options -U and -g conflict', true);
  }
  checkField('comment', valueOf(options, 'comment'));
  const home = valueOf(options, 'home');
  if (home !== undefined && (!home.startsWith('/') || home.includes(':'))) {
    throw new Refused(3, `invalid home directory '${home}'`);
  }
  const expires = valueOf(options, 'expiredate');
  if (expires !== undefined && accounts.dayOf(expires) === null) {
    throw new Refused(3, `invalid date '${expires}'`);
  }
}

/** The primary group: as asked for, the usual one, or one of its own, which is made. */
function primaryGroup(call: UserCall, name: string, uid: number): string {
  const { options, all } = call;
  const asked = valueOf(options, 'gid');
  if (asked !== undefined) return accounts.groupOf(all, asked)?.[2] ?? '';
  if (has(options, 'no-user-group')) return '100';
  const system = has(options, 'system');
  const free = !accounts.isTaken(all.group, uid);
  const gid = free ? uid : accounts.nextId(all.group, system, rangeOf(options, 'GID', system));
  accounts.addGroup(all, name, gid);
  return String(gid);
}

/** Makes a home with what the skeleton has. */
export function makeHome(
  { request, root, said, program }: Pick<UserCall, 'request' | 'root' | 'said' | 'program'>,
  {
    path,
    name,
    gid,
    mode,
    skel = '/etc/skel',
  }: { path: string; name: string; gid: string; mode: number; skel?: string },
): void {
  const { found = {} } = request;
  if (found[path]) {
    said.push(`${program}: warning: the home directory ${path} already exists.`);
    said.push(`${program}: Not copying any file from skel directory into it.`);
    return;
  }
  const owner = { user: name, group: gid };
  root[path] = { kind: 'dir', mode, ...owner };
  for (const [from, entry] of Object.entries(found)) {
    if (!from.startsWith(`${skel}/`)) continue;
    const to = `${path}${from.slice(skel.length)}`;
    if (entry.kind !== 'other') root[to] = { ...entry, ...owner };
  }
}

function addUser(call: UserCall): string {
  const { options, all, draw } = call;
  if (has(options, 'defaults')) return DEFAULTS;
  const [name] = options.words;
  checkOptions(call);
  const asked = valueOf(options, 'uid');
  if (asked !== undefined && !/^\d+$/.test(asked))
    throw new Refused(3, `invalid user ID '${asked}'`);
  const gid = valueOf(options, 'gid');
  if (gid !== undefined && !accounts.groupOf(all, gid)) {
    throw new Refused(6, `group '${gid}' does not exist`);
  }
  const groups = groupsIn(call, valueOf(options, 'groups') ?? '');
  checkShell(call);
  if (name === undefined || options.words.length > 1) throw new Refused(2, '', true);
  if (!has(options, 'badname') && !isValidName(name)) {
    throw new Refused(3, `invalid user name '${name}': use --badname to ignore`);
  }
  if (accounts.userOf(all, name)) throw new Refused(9, `user '${name}' already exists`);
  const own = gid === undefined && !has(options, 'no-user-group');
  if (own && accounts.lineOf(all, 'group', name)) {
    throw new Refused(
      9,
      `group ${name} exists - if you want to add this user to that group, use -g.`,
    );
  }
  const system = has(options, 'system');
  const uid = uidOf(call, system);
  if (!has(options, 'non-unique') && accounts.isTaken(all.passwd, uid)) {
    throw new Refused(4, `UID ${uid} is not unique`);
  }
  const home = valueOf(options, 'home') ?? `${valueOf(options, 'base-dir') ?? '/home'}/${name}`;
  const primary = primaryGroup(call, name, uid);
  const shell = valueOf(options, 'shell') ?? '/bin/sh';
  all.passwd.push([
    name,
    'x',
    String(uid),
    primary,
    valueOf(options, 'comment') ?? '',
    home,
    shell,
  ]);
  const age = system ? ['', '', ''] : ['0', '99999', '7'];
  const inactive = valueOf(options, 'inactive') ?? '';
  const expires = accounts.dayOf(valueOf(options, 'expiredate') ?? '') ?? '';
  const hash = valueOf(options, 'password') ?? '!';
  all.shadow.push([
    name,
    hash,
    accounts.today(draw),
    ...age,
    inactive === '-1' ? '' : inactive,
    expires,
    '',
  ]);
  for (const group of groups) accounts.join(all, group, name);
  if (!system || has(options, 'add-subids-for-system')) accounts.addSubIds(all, name);
  if (has(options, 'create-home') && !has(options, 'no-create-home')) {
    const skel = valueOf(options, 'skel');
    makeHome(call, {
      path: home,
      name,
      gid: primary,
      mode: 0o750,
      ...(skel === undefined ? {} : { skel }),
    });
  }
  return '';
}

function homePaths(argv: readonly string[]): readonly string[] {
  const options = readOptions(argv.slice(1), USERADD, USERADD_NAMES);
  const skel = valueOf(options, 'skel') ?? '/etc/skel';
  const home =
    valueOf(options, 'home') ?? `${valueOf(options, 'base-dir') ?? '/home'}/${options.words[0]}`;
  const shell = valueOf(options, 'shell');
  return [`${skel}/**`, home, ...(shell === undefined ? [] : [shell])].filter((path) =>
    path.startsWith('/'),
  );
}

export const useradd: Program = userProgram({
  program: 'useradd',
  usage: '[options] LOGIN',
  table: USERADD,
  names: USERADD_NAMES,
  paths: ({ argv }) => homePaths(argv),
  run: addUser,
});
