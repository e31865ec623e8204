/**
 * adduser and addgroup of Debian: the friendlier way to the same files.
 * Source: adduser(8) of adduser 3.118 and 3.137; recorded from 3.134.
 * Not modelled: /etc/adduser.conf, passwords typed in (as with --disabled-password: the account has none), quotas.
 */
import { has, valueOf, type Options } from './program-options.ts';
import { release } from './program.ts';
import * as accounts from './user-accounts.ts';
import { makeHome } from './user-add.ts';
import { Ends, HOMES, fail, programOf, say, type Call } from './user-debian.ts';

function firstFree(
  taken: (id: number) => boolean,
  [least, most]: readonly [number, number],
): number {
  for (let id = least; id <= most; id += 1) if (!taken(id)) return id;
  return most;
}

const SYSTEM = [100, 999] as const;
const USERS = [1000, 59_999] as const;

function freeUid({ all, options }: Call, system: boolean): number {
  const asked = valueOf(options, 'uid');
  if (asked !== undefined) return Number(asked);
  const users = (id: number): boolean => accounts.isTaken(all.passwd, id);
  if (system) return firstFree(users, SYSTEM);
  return firstFree((id) => users(id) || accounts.isTaken(all.group, id), USERS);
}

function freeGid({ all }: Call, system: boolean): number {
  return firstFree((id) => accounts.isTaken(all.group, id), system ? SYSTEM : USERS);
}

const NAME = /^[a-z][-a-z0-9_]*\$?$/;

function checkName(call: Call, name: string): void {
  const relaxed = ['force-badname', 'allow-badname', 'allow-bad-names', 'allow-all-names'];
  if (NAME.test(name) || relaxed.some((option) => has(call.options, option))) return;
  fail(
    call,
    1,
    'Please enter a username matching the regular expression\n' +
      '            configured via the NAME_REGEX configuration variable.  Use the\n' +
      "            `--allow-bad-names' option to relax this check or reconfigure\n" +
      '            NAME_REGEX in configuration.',
  );
}

function groupNamed(call: Call): string[] | undefined {
  const { all, options } = call;
  const asked = valueOf(options, 'ingroup') ?? valueOf(options, 'gid');
  if (asked === undefined) return undefined;
  const group = accounts.groupOf(all, asked);
  if (!group) fail(call, 1, `The group \`${asked}' does not exist.`);
  return group;
}

function push(
  call: Call,
  line: {
    name: string;
    uid: number;
    gid: string;
    gecos: string;
    home: string;
    shell: string;
    system: boolean;
  },
): void {
  const { all, draw } = call;
  const { name, uid, gid, gecos, home, shell, system } = line;
  all.passwd.push([name, 'x', String(uid), gid, gecos, home, shell]);
  const age = system ? ['', '', ''] : ['0', '99999', '7'];
  all.shadow.push([name, '!', accounts.today(draw), ...age, '', '', '']);
}

function home(
  call: Call,
  { name, path, gid, system }: { name: string; path: string; gid: string; system: boolean },
): void {
  const { options, request, root, program } = call;
  if (path === '/nonexistent') return say(call, 'info', "Not creating `/nonexistent'.");
  if (has(options, 'no-create-home'))
    return say(call, 'info', `Not creating home directory \`${path}'.`);
  if (request.found?.[path]) {
    const there = `The home directory \`${path}' already exists.`;
    return say(call, system ? 'info' : 'warn', `${there}  Not touching this directory.`);
  }
  say(call, 'info', `Creating home directory \`${path}' ...`);
  const mode = system ? 0o755 : 0o750;
  const skel = system ? '/nowhere' : '/etc/skel';
  makeHome({ request, root, said: [], program }, { path, name, gid, mode, skel });
  if (!system) say(call, 'info', "Copying files from `/etc/skel' ...");
}

function addSystemUser(call: Call, name: string): void {
  const { all, options, request } = call;
  const known = accounts.userOf(all, name);
  if (known) {
    const [, , uid] = known;
    if (Number(uid) > SYSTEM[1]) {
      fail(call, 1, `The user \`${name}' already exists, but is not a system user.`);
    }
    say(call, 'info', `The system user \`${name}' already exists. Exiting.`);
    throw new Ends(0);
  }
  checkName(call, name);
  const uid = freeUid(call, true);
  const path = valueOf(options, 'home') ?? '/nonexistent';
  if (has(options, 'no-create-home') && !request.found?.[path] && path !== '/nonexistent') {
    say(
      call,
      'warn',
      `Warning: The home dir ${path} you specified can't be accessed: No such file or directory`,
    );
  }
  say(call, 'info', `Adding system user \`${name}' (UID ${uid}) ...`);
  let group = groupNamed(call) ?? ['nogroup', 'x', '65534'];
  if (has(options, 'group')) {
    const gid = freeGid(call, true);
    say(call, 'info', `Adding new group \`${name}' (GID ${gid}) ...`);
    if (!accounts.lineOf(all, 'group', name)) accounts.addGroup(all, name, gid);
    group = accounts.lineOf(all, 'group', name) ?? group;
  }
  const [groupName = '', , gid = ''] = group;
  say(call, 'info', `Adding new user \`${name}' (UID ${uid}) with group \`${groupName}' ...`);
  const gecos = gecosOf(options);
  const shell = valueOf(options, 'shell') ?? '/usr/sbin/nologin';
  push(call, { name, uid, gid, gecos, home: path, shell, system: true });
  home(call, { name, path, gid, system: true });
}

function gecosOf(options: Options): string {
  const said = valueOf(options, 'gecos') ?? valueOf(options, 'comment') ?? '';
  return has(options, 'system') || said === ''
    ? said
    : [...said.split(','), '', '', ''].slice(0, 4).join(',');
}

function addOrdinaryUser(call: Call, name: string): void {
  const { all, options } = call;
  if (accounts.userOf(all, name)) fail(call, 1, `The user \`${name}' already exists.`);
  checkName(call, name);
  const uid = freeUid(call, false);
  say(call, 'info', `Adding user \`${name}' ...`);
  const asked = groupNamed(call);
  if (!asked && accounts.lineOf(all, 'group', name)) {
    fail(call, 1, `The group \`${name}' already exists.`);
  }
  if (!asked) {
    const gid = accounts.isTaken(all.group, uid) ? freeGid(call, false) : uid;
    say(call, 'info', `Adding new group \`${name}' (${gid}) ...`);
    accounts.addGroup(all, name, gid);
  }
  const [groupName = name, , gid = String(uid)] =
    asked ?? accounts.lineOf(all, 'group', name) ?? [];
  say(call, 'info', `Adding new user \`${name}' (${uid}) with group \`${groupName} (${gid})' ...`);
  const path = valueOf(options, 'home') ?? `${HOMES}/${name}`;
  const shell = valueOf(options, 'shell') ?? '/bin/bash';
  push(call, { name, uid, gid, gecos: gecosOf(options), home: path, shell, system: false });
  accounts.addSubIds(all, name);
  home(call, { name, path, gid, system: false });
  addExtraGroups(call, name);
}

/** Of 22.04 none are added as usual. */
function addExtraGroups(call: Call, name: string): void {
  if (release(call.draw.seen) === '22.04') return;
  say(call, 'info', `Adding new user \`${name}' to supplemental / extra groups \`users' ...`);
  addToGroup(call, name, 'users', false);
}

function addToGroup(call: Call, user: string, group: string, ends = true): void {
  const { all } = call;
  if (!accounts.userOf(all, user)) fail(call, 1, `The user \`${user}' does not exist.`);
  const line = accounts.lineOf(all, 'group', group);
  if (!line) {
    if (ends) fail(call, 1, `The group \`${group}' does not exist.`);
    return say(call, 'warn', `The group \`${group}' does not exist.`);
  }
  if (accounts.membersOf(line).includes(user)) {
    say(call, 'warn', `The user \`${user}' is already a member of \`${group}'.`);
    return;
  }
  say(call, 'info', `Adding user \`${user}' to group \`${group}' ...`);
  accounts.join(all, group, user);
  if (ends) say(call, 'info', 'Done.');
}

function addGroup(call: Call, name: string): void {
  const { all, options } = call;
  const system = has(options, 'system');
  if (accounts.lineOf(all, 'group', name)) {
    if (!system) fail(call, 1, `The group \`${name}' already exists.`);
    say(call, 'warn', `The group \`${name}' already exists as a system group. Exiting.`);
    throw new Ends(0);
  }
  checkName(call, name);
  const asked = valueOf(options, 'gid');
  if (asked !== undefined && accounts.isTaken(all.group, Number(asked))) {
    fail(call, 1, `The GID \`${asked}' is already in use.`);
  }
  const gid = asked === undefined ? freeGid(call, system) : Number(asked);
  say(call, 'info', `Adding group \`${name}' (GID ${gid}) ...`);
  accounts.addGroup(all, name, gid);
  say(call, 'info', 'Done.');
}

function adds(call: Call): void {
  const { program, options } = call;
  const { words } = options;
  const [first, second] = words;
  if (first === undefined || words.length > 2) fail(call, 1, 'Only one or two names allowed.');
  const grouping = program === 'addgroup' || (has(options, 'group') && !has(options, 'system'));
  if (second !== undefined) {
    if (program === 'addgroup')
      fail(call, 1, 'addgroup with two arguments is an unspecified operation.');
    addToGroup(call, first, second);
  } else if (grouping) addGroup(call, first);
  else if (has(options, 'system')) addSystemUser(call, first);
  else addOrdinaryUser(call, first);
}

export const adduser = programOf('adduser', adds);
export const addgroup = programOf('addgroup', adds);
