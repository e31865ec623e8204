/**
 * adduser, addgroup, deluser and delgroup of Debian: the friendlier way to the same files.
 * Source: adduser(8), deluser(8) of adduser 3.118 (22.04) and 3.137 (24.04); recorded from 3.134 of Debian 12. 3.137
 * says the same with the kind of message before it (`info: `, `warn: `, `fatal: `), as its changelog tells.
 * Not modelled: /etc/adduser.conf, /etc/deluser.conf, passwords typed in (as with --disabled-password: the account has
 * none), quotas, backups, --remove-all-files.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import { has, readOptions, valueOf, type Options, type OptionTable } from './program-options.ts';
import {
  isRoot,
  look,
  release,
  reply,
  type MachineDraw,
  type Program,
  type RootChanges,
} from './program.ts';
import * as accounts from './user-accounts.ts';
import { makeHome } from './user-add.ts';

const TABLE: OptionTable = {
  h: false,
  q: false,
  system: false,
  group: false,
  home: true,
  shell: true,
  'no-create-home': false,
  uid: true,
  gid: true,
  firstuid: true,
  lastuid: true,
  firstgid: true,
  lastgid: true,
  ingroup: true,
  gecos: true,
  comment: true,
  'disabled-password': false,
  'disabled-login': false,
  'force-badname': false,
  'allow-badname': false,
  'allow-bad-names': false,
  'allow-all-names': false,
  quiet: false,
  debug: false,
  conf: true,
  add_extra_groups: false,
  'add-extra-groups': false,
  help: false,
  version: false,
  'encrypt-home': false,
  'remove-home': false,
  'remove-all-files': false,
  backup: false,
  'backup-to': true,
  force: false,
  'only-if-empty': false,
  'no-preserve-root': false,
  verbose: false,
  stdoutmsglevel: true,
  stderrmsglevel: true,
  logmsglevel: true,
};

type Level = 'info' | 'warn' | 'fatal';
type Call = {
  readonly draw: MachineDraw;
  readonly request: CommandRequest;
  readonly program: string;
  readonly options: Options;
  readonly all: accounts.Accounts;
  readonly root: RootChanges;
  out: string;
  err: string;
};

/** Ends the program after what was said. */
class Ends extends Error {
  readonly code: number;
  constructor(code: number) {
    super('');
    this.code = code;
  }
}

function say(call: Call, level: Level, text: string): void {
  const named = release(call.draw.seen) === '24.04';
  if (level === 'info') {
    if (!has(call.options, 'quiet')) call.out += `${named ? 'info: ' : ''}${text}\n`;
    return;
  }
  call.err += `${named ? `${level}: ` : `${call.program}: `}${text}\n`;
}

function fail(call: Call, code: number, text: string): never {
  say(call, 'fatal', text);
  throw new Ends(code);
}

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
  const path = valueOf(options, 'home') ?? `/home/${name}`;
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

function removeUser(call: Call, name: string): void {
  const { all, options, root, request } = call;
  const user = accounts.userOf(all, name);
  if (!user) {
    if (has(options, 'system')) {
      say(call, 'warn', `The user \`${name}' does not exist, but --system was given. Exiting.`);
      throw new Ends(0);
    }
    fail(call, 2, `The user \`${name}' does not exist.`);
  }
  const path = user[5] ?? '';
  if (has(options, 'remove-home')) {
    say(call, 'info', 'Looking for files to backup/remove ...');
    say(call, 'info', 'Removing files ...');
    if (request.found?.[path]) root[path] = { kind: 'removed' };
  }
  say(call, 'info', `Removing user \`${name}' ...`);
  for (const which of ['passwd', 'shadow', 'subuid', 'subgid'] as const)
    accounts.drop(all, which, name);
  for (const [group = ''] of all.group) accounts.leave(all, group, name);
  const own = accounts.lineOf(all, 'group', name);
  const used = all.passwd.some(([, , , gid]) => gid === own?.[2]);
  if (own?.[2] === user[3] && !used) removeLines(call, name);
  say(call, 'info', 'Done.');
}

function removeLines({ all }: Call, group: string): void {
  accounts.drop(all, 'group', group);
  accounts.drop(all, 'gshadow', group);
}

function removeGroup(call: Call, name: string): void {
  const { all } = call;
  const group = accounts.lineOf(all, 'group', name);
  if (!group) fail(call, 3, `The group \`${name}' does not exist.`);
  say(call, 'info', `Removing group \`${name}' ...`);
  const user = all.passwd.find(([, , , gid]) => gid === group[2]);
  if (user) {
    call.err += `groupdel: cannot remove the primary group of user '${user[0]}'\n`;
    fail(call, 1, `\`/sbin/groupdel ${name}' returned error code 8. Exiting.`);
  }
  removeLines(call, name);
  say(call, 'info', 'Done.');
}

function removeFromGroup(call: Call, user: string, group: string): void {
  const { all } = call;
  if (!accounts.userOf(all, user)) fail(call, 2, `The user \`${user}' does not exist.`);
  const line = accounts.lineOf(all, 'group', group);
  if (!line) fail(call, 3, `The group \`${group}' does not exist.`);
  if (!accounts.membersOf(line).includes(user)) {
    fail(call, 6, `The user \`${user}' is not a member of group \`${group}'.`);
  }
  say(call, 'info', `Removing user \`${user}' from group \`${group}' ...`);
  accounts.leave(all, group, user);
  say(call, 'info', 'Done.');
}

function removes(call: Call): void {
  const { program, options } = call;
  const [first, second] = options.words;
  if (first === undefined || options.words.length > 2)
    fail(call, 1, 'Only one or two names allowed.');
  if (second !== undefined) removeFromGroup(call, first, second);
  else if (program === 'delgroup' || has(options, 'group')) removeGroup(call, first);
  else removeUser(call, first);
}

function homePaths(request: CommandRequest, options: Options): readonly string[] {
  const [name = ''] = options.words;
  const known = request.found
    ? accounts.userOf(accounts.readAccounts(request), name)?.[5]
    : undefined;
  const path = valueOf(options, 'home') ?? known ?? `/home/${name}`;
  return path.startsWith('/') ? [path] : [];
}

function programOf(program: string, run: (call: Call) => void): Program {
  return (draw, request): Answer => {
    const options = readOptions(request.argv.slice(1), TABLE, { h: 'help', q: 'quiet' });
    if (options.error) return reply(1, '', `${program}: ${options.error}\n`);
    const first = look(request, [...accounts.ACCOUNT_PATHS, '/etc/skel/**']);
    const second = first ?? look(request, homePaths(request, options), 1);
    if (second) return second;
    if (!isRoot(request)) {
      return reply(1, '', `${program}: Only root may add a user or group to the system.\n`);
    }
    const all = accounts.readAccounts(request);
    const call: Call = { draw, request, program, options, all, root: {}, out: '', err: '' };
    let code = 0;
    try {
      run(call);
    } catch (error) {
      if (!(error instanceof Ends)) throw error;
      code = error.code;
    }
    const root = code === 0 ? { ...accounts.accountChanges(all, request), ...call.root } : {};
    return reply(code, call.out, call.err, root);
  };
}

export const adduser = programOf('adduser', adds);
export const addgroup = programOf('addgroup', adds);
export const deluser = programOf('deluser', removes);
export const delgroup = programOf('delgroup', removes);
