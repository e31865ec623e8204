/**
 * usermod.
 * Source: usermod(8) of shadow-utils 4.8 and 4.13 (src/usermod.c); recorded from 4.13.
 * Not modelled, refused by name: ranges of subordinate ids, --root, --prefix, -Z. Files of a user whose id changes keep
 * their owner.
 */
import { has, readOptions, valueOf, type OptionTable } from './program-options.ts';
import { look, type Program } from './program.ts';
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

const USERMOD: OptionTable = {
  a: false,
  b: false,
  c: true,
  d: true,
  e: true,
  f: true,
  g: true,
  G: true,
  h: false,
  l: true,
  L: false,
  m: false,
  o: false,
  p: true,
  r: false,
  R: true,
  P: true,
  s: true,
  u: true,
  U: false,
  v: true,
  V: true,
  w: true,
  W: true,
  Z: true,
  append: false,
  badname: false,
  comment: true,
  home: true,
  expiredate: true,
  inactive: true,
  gid: true,
  groups: true,
  help: false,
  login: true,
  lock: false,
  'move-home': false,
  'non-unique': false,
  password: true,
  remove: false,
  root: true,
  prefix: true,
  shell: true,
  uid: true,
  unlock: false,
  'add-subuids': true,
  'del-subuids': true,
  'add-subgids': true,
  'del-subgids': true,
  'selinux-user': true,
};
const NAMES = {
  a: 'append',
  b: 'badname',
  c: 'comment',
  d: 'home',
  e: 'expiredate',
  f: 'inactive',
  g: 'gid',
  G: 'groups',
  h: 'help',
  l: 'login',
  L: 'lock',
  m: 'move-home',
  o: 'non-unique',
  p: 'password',
  r: 'remove',
  R: 'root',
  P: 'prefix',
  s: 'shell',
  u: 'uid',
  U: 'unlock',
  v: 'add-subuids',
  V: 'del-subuids',
  w: 'add-subgids',
  W: 'del-subgids',
  Z: 'selinux-user',
};

function checkTogether({ options }: UserCall): void {
  const only = (flag: string, letter: string, other: string, needed: string): void => {
    if (has(options, flag) && !has(options, other)) {
      throw new Refused(2, `${letter} flag is only allowed with the ${needed} flag`, true);
    }
  };
  only('append', '-a', 'groups', '-G');
  only('remove', '-r', 'groups', '-G');
  only('move-home', '-m', 'home', '-d');
  only('non-unique', '-o', 'uid', '-u');
  const passwords = ['lock', 'unlock', 'password'].filter((name) => has(options, name));
  if (passwords.length > 1) throw new Refused(2, 'the -L, -p, and -U flags are exclusive', true);
}

function changeGroups(call: UserCall, name: string): void {
  const { options, all } = call;
  const list = valueOf(options, 'groups');
  if (list === undefined) return;
  const groups = groupsIn(call, list);
  if (!has(options, 'append') && !has(options, 'remove')) {
    for (const [own = ''] of all.group) if (!groups.includes(own)) accounts.leave(all, own, name);
  }
  for (const group of groups) {
    if (has(options, 'remove')) accounts.leave(all, group, name);
    else accounts.join(all, group, name);
  }
}

function changePassword({ options, all, said }: UserCall, name: string): void {
  const hash = accounts.lineOf(all, 'shadow', name)?.[1] ?? '';
  const set = (value: string): void => accounts.change(all, 'shadow', name, { 1: value });
  const password = valueOf(options, 'password');
  if (password !== undefined) set(password);
  if (has(options, 'lock') && !hash.startsWith('!')) set(`!${hash}`);
  if (!has(options, 'unlock') || !hash.startsWith('!')) return;
  if (hash !== '!') return set(hash.slice(1));
  said.push(
    "usermod: unlocking the user's password would result in a passwordless account.",
    "You should set a password with usermod -p to unlock this user's password.",
  );
}

function newUid({ options, all }: UserCall, name: string): string | undefined {
  const uid = valueOf(options, 'uid');
  if (uid === undefined) return undefined;
  if (!/^\d+$/.test(uid)) throw new Refused(3, `invalid user ID '${uid}'`);
  const others = all.passwd.filter(([own]) => own !== name);
  if (!has(options, 'non-unique') && accounts.isTaken(others, Number(uid))) {
    throw new Refused(4, `UID '${uid}' already exists`);
  }
  return uid;
}

function rename({ all }: UserCall, name: string, fresh: string): void {
  for (const which of ['passwd', 'shadow'] as const) {
    accounts.change(all, which, name, { 0: fresh });
  }
  for (const [group = '', , , members = ''] of all.group) {
    const list = members.split(',').filter(Boolean);
    if (!list.includes(name)) continue;
    accounts.setMembers(
      all,
      group,
      list.map((one) => (one === name ? fresh : one)),
    );
  }
}

/** What is in the old home is in the new one, and belongs to the user. */
function moveHome(
  { request, root }: UserCall,
  from: string,
  to: string,
  owner: { user: string; group: string },
): void {
  const { found = {} } = request;
  const home = found[from];
  if (!home || home.kind !== 'dir' || from === to) return;
  if (found[to]) throw new Refused(12, `directory ${to} exists`);
  root[to] = { ...home, ...owner };
  for (const [path, entry] of Object.entries(found)) {
    if (!path.startsWith(`${from}/`) || entry.kind === 'other') continue;
    root[`${to}${path.slice(from.length)}`] = { ...entry, ...owner };
  }
  root[from] = { kind: 'removed' };
}

function changeShadow({ options, all }: UserCall, name: string): void {
  const expires = valueOf(options, 'expiredate');
  const day = expires === undefined ? undefined : accounts.dayOf(expires);
  if (day === null) throw new Refused(3, `invalid date '${expires}'`);
  if (day !== undefined) accounts.change(all, 'shadow', name, { 7: day });
  const inactive = valueOf(options, 'inactive');
  if (inactive !== undefined)
    accounts.change(all, 'shadow', name, { 6: inactive === '-1' ? '' : inactive });
}

const WHOLE = [
  'comment',
  'home',
  'expiredate',
  'inactive',
  'gid',
  'groups',
  'login',
  'lock',
  'password',
  'shell',
  'uid',
  'unlock',
];

function changeUser(call: UserCall): string {
  const { options, all } = call;
  const [name] = options.words;
  const odd = ['add-subuids', 'del-subuids', 'add-subgids', 'del-subgids'].find((one) =>
    has(options, one),
  );
  if (odd !== undefined) throw new Refused(2, `--${odd} is not simulated`, true);
  checkField('field', valueOf(options, 'comment'));
  checkShell(call);
  const gid = valueOf(options, 'gid');
  const group = gid === undefined ? undefined : accounts.groupOf(all, gid);
  if (gid !== undefined && !group) throw new Refused(6, `group '${gid}' does not exist`);
  const groups = valueOf(options, 'groups');
  if (groups !== undefined) groupsIn(call, groups);
  if (name === undefined || options.words.length > 1) throw new Refused(2, '', true);
  const user = accounts.userOf(all, name);
  if (!user) throw new Refused(6, `user '${name}' does not exist`);
  if (!WHOLE.some((one) => has(options, one))) throw new Refused(2, 'no options', true);
  checkTogether(call);
  const login = valueOf(options, 'login');
  if (login !== undefined && !isValidName(login))
    throw new Refused(3, `invalid user name '${login}': use --badname to ignore`);
  if (login !== undefined && accounts.userOf(all, login)) {
    throw new Refused(9, `user '${login}' already exists`);
  }
  const before = JSON.stringify(all);
  const uid = newUid(call, name);
  const fields = {
    ...(uid === undefined ? {} : { 2: uid }),
    ...(group ? { 3: group[2] ?? '' } : {}),
    ...(has(options, 'comment') ? { 4: valueOf(options, 'comment') ?? '' } : {}),
    ...(has(options, 'home') ? { 5: valueOf(options, 'home') ?? '' } : {}),
    ...(has(options, 'shell') ? { 6: valueOf(options, 'shell') ?? '' } : {}),
  };
  if (has(options, 'move-home')) {
    const owner = { user: fields[2] ?? user[2] ?? name, group: fields[3] ?? user[3] ?? name };
    moveHome(call, user[5] ?? '', fields[5] ?? '', owner);
  }
  accounts.change(all, 'passwd', name, fields);
  changeShadow(call, name);
  changePassword(call, name);
  changeGroups(call, name);
  if (login !== undefined) rename(call, name, login);
  const touched = ['groups', 'unlock', 'lock', 'password'].some((one) => has(options, one));
  return JSON.stringify(all) === before && !touched ? 'usermod: no changes\n' : '';
}

const at = userProgram({
  program: 'usermod',
  usage: '[options] LOGIN',
  table: USERMOD,
  names: NAMES,
  paths({ argv }) {
    const shell = valueOf(readOptions(argv.slice(1), USERMOD, NAMES), 'shell');
    return shell?.startsWith('/') ? [shell] : [];
  },
  run: changeUser,
});

/** Where its home is, its line says: it is looked at in a second turn. */
export const usermod: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), USERMOD, NAMES);
  if (request.found && has(options, 'move-home')) {
    const from = accounts.userOf(accounts.readAccounts(request), options.words[0] ?? '')?.[5] ?? '';
    const to = valueOf(options, 'home') ?? '';
    const paths = [from, `${from}/**`, to].filter((path) => /^\/[^*]/.test(path));
    const second = look(request, paths, 1);
    if (second) return second;
  }
  return at(draw, request);
};
