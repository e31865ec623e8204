/**
 * groupadd, groupmod, groupdel and gpasswd.
 * Source: groupadd(8), groupmod(8), groupdel(8), gpasswd(1) of shadow-utils 4.8 and 4.13; recorded from 4.13.
 * Not modelled, refused by name: --root, --prefix, passwords of groups that are typed in.
 */
import { has, valueOf, type OptionTable } from './program-options.ts';
import type { Program } from './program.ts';
import * as accounts from './user-accounts.ts';
import { rangeOf } from './user-add.ts';
import { Refused, isValidName, userProgram, type UserCall } from './user-program.ts';

function onlyWord({ options }: UserCall): string {
  const [name] = options.words;
  if (name === undefined || options.words.length > 1) throw new Refused(2, '', true);
  return name;
}

function known({ all }: UserCall, name: string): string[] {
  const group = accounts.lineOf(all, 'group', name);
  if (!group) throw new Refused(6, `group '${name}' does not exist`);
  return group;
}

function freeGid({ options, all }: UserCall, gid: string): void {
  if (!/^\d+$/.test(gid)) throw new Refused(3, `invalid group ID '${gid}'`);
  if (!has(options, 'non-unique') && accounts.isTaken(all.group, Number(gid))) {
    throw new Refused(4, `GID '${gid}' already exists`);
  }
}

function add(call: UserCall): void {
  const { options, all } = call;
  const name = onlyWord(call);
  if (!isValidName(name)) throw new Refused(3, `'${name}' is not a valid group name`);
  const force = has(options, 'force');
  if (accounts.lineOf(all, 'group', name)) {
    if (force) return;
    throw new Refused(9, `group '${name}' already exists`);
  }
  const system = has(options, 'system');
  const next = (): number => accounts.nextId(all.group, system, rangeOf(options, 'GID', system));
  const asked = valueOf(options, 'gid');
  const taken = asked !== undefined && accounts.isTaken(all.group, Number(asked));
  if (asked !== undefined && !(force && taken)) freeGid(call, asked);
  const gid = asked === undefined || (force && taken) ? next() : Number(asked);
  accounts.addGroup(all, name, gid);
  const users = (valueOf(options, 'users') ?? '').split(',').filter(Boolean);
  for (const user of users) {
    if (!accounts.userOf(all, user)) throw new Refused(6, `Invalid member username ${user}`);
    accounts.join(all, name, user);
  }
  const password = valueOf(options, 'password');
  if (password !== undefined) accounts.change(all, 'gshadow', name, { 1: password });
}

const ADD: OptionTable = {
  f: false,
  g: true,
  h: false,
  K: true,
  o: false,
  p: true,
  r: false,
  R: true,
  P: true,
  U: true,
  force: false,
  gid: true,
  help: false,
  key: true,
  'non-unique': false,
  password: true,
  system: false,
  root: true,
  prefix: true,
  users: true,
};
const ADD_NAMES = {
  f: 'force',
  g: 'gid',
  h: 'help',
  K: 'key',
  o: 'non-unique',
  p: 'password',
  r: 'system',
  R: 'root',
  P: 'prefix',
  U: 'users',
};
export const groupadd: Program = userProgram({
  program: 'groupadd',
  usage: '[options] GROUP',
  table: ADD,
  names: ADD_NAMES,
  run: add,
});

function modify(call: UserCall): void {
  const { options, all } = call;
  const name = onlyWord(call);
  known(call, name);
  const fresh = valueOf(options, 'new-name');
  const gid = valueOf(options, 'gid');
  const [, , before = ''] = known(call, name);
  if (gid !== undefined && gid !== before) freeGid(call, gid);
  if (fresh !== undefined && fresh !== name && accounts.lineOf(all, 'group', fresh)) {
    throw new Refused(9, `group '${fresh}' already exists`);
  }
  if (gid !== undefined) {
    accounts.change(all, 'group', name, { 2: gid });
    for (const user of all.passwd) if (user[3] === before) user[3] = gid;
  }
  const password = valueOf(options, 'password');
  if (password !== undefined) accounts.change(all, 'gshadow', name, { 1: password });
  if (fresh === undefined) return;
  for (const which of ['group', 'gshadow'] as const)
    accounts.change(all, which, name, { 0: fresh });
}

export const groupmod: Program = userProgram({
  program: 'groupmod',
  usage: '[options] GROUP',
  table: {
    g: true,
    h: false,
    n: true,
    o: false,
    p: true,
    R: true,
    P: true,
    a: false,
    U: true,
    gid: true,
    help: false,
    'new-name': true,
    'non-unique': false,
    password: true,
    root: true,
    prefix: true,
    append: false,
    users: true,
  },
  names: {
    g: 'gid',
    h: 'help',
    n: 'new-name',
    o: 'non-unique',
    p: 'password',
    R: 'root',
    P: 'prefix',
  },
  run: modify,
});

function remove(call: UserCall): void {
  const { all, options } = call;
  const name = onlyWord(call);
  const [, , gid] = known(call, name);
  const user = all.passwd.find(([, , , own]) => own === gid);
  if (user && !has(options, 'force')) {
    throw new Refused(8, `cannot remove the primary group of user '${user[0]}'`);
  }
  accounts.drop(all, 'group', name);
  accounts.drop(all, 'gshadow', name);
}

export const groupdel: Program = userProgram({
  program: 'groupdel',
  usage: '[options] GROUP',
  table: {
    h: false,
    R: true,
    P: true,
    f: false,
    help: false,
    root: true,
    prefix: true,
    force: false,
  },
  names: { h: 'help', R: 'root', P: 'prefix', f: 'force' },
  run: remove,
});

function gpasswdOf(call: UserCall): string {
  const { options, all } = call;
  const [group] = options.words;
  if (group === undefined) throw new Refused(2, '', true);
  const user = valueOf(options, 'add') ?? valueOf(options, 'delete');
  if (has(options, 'add') && !accounts.userOf(all, user ?? '')) {
    throw new Refused(3, `user '${user}' does not exist`);
  }
  const line = accounts.lineOf(all, 'group', group);
  if (!line) throw new Refused(3, `group '${group}' does not exist in /etc/group`);
  if (has(options, 'add')) {
    accounts.join(all, group, user ?? '');
    return `Adding user ${user} to group ${group}\n`;
  }
  if (has(options, 'delete')) {
    const out = `Removing user ${user} from group ${group}\n`;
    if (!accounts.membersOf(line).includes(user ?? ''))
      throw new Refused(3, `user '${user}' is not a member of '${group}'`, false, out);
    accounts.leave(all, group, user ?? '');
    return out;
  }
  const members = valueOf(options, 'members');
  if (members !== undefined) accounts.setMembers(all, group, members.split(',').filter(Boolean));
  else if (!has(options, 'remove-password') && !has(options, 'restrict'))
    throw new Refused(2, '', true);
  return '';
}

export const gpasswd: Program = userProgram({
  program: 'gpasswd',
  usage: '[option] GROUP',
  table: {
    a: true,
    d: true,
    h: false,
    Q: true,
    r: false,
    R: false,
    A: true,
    M: true,
    add: true,
    delete: true,
    help: false,
    root: true,
    'remove-password': false,
    restrict: false,
    administrators: true,
    members: true,
  },
  names: {
    a: 'add',
    d: 'delete',
    h: 'help',
    Q: 'root',
    r: 'remove-password',
    R: 'restrict',
    A: 'administrators',
    M: 'members',
  },
  run: gpasswdOf,
});
