/**
 * userdel.
 * Source: userdel(8) of shadow-utils 4.8 and 4.13; recorded from 4.13.
 * Not modelled, refused by name: --root, --prefix.
 */
import { has, readOptions, type OptionTable } from './program-options.ts';
import { look, type Program } from './program.ts';
import * as accounts from './user-accounts.ts';
import { Refused, userProgram, type UserCall } from './user-program.ts';

/** The group that is only this user's goes with it. */
export function dropOwnGroup(call: UserCall, name: string, gid: string): void {
  const { all, said, program } = call;
  const own = accounts.lineOf(all, 'group', name);
  if (!own) return;
  if (own[2] !== gid) {
    said.push(
      `${program}: group ${name} not removed because it is not the primary group of user ${name}.`,
    );
  } else if (accounts.membersOf(own).some((member) => member !== name)) {
    said.push(`${program}: group ${name} not removed because it has other members.`);
  } else if (all.passwd.some(([, , , other]) => other === gid)) {
    said.push(`${program}: group ${name} is the primary group of another user and is not removed.`);
  } else {
    accounts.drop(all, 'group', name);
    accounts.drop(all, 'gshadow', name);
  }
}

function deleteUser(call: UserCall): void {
  const { options, all, draw, said, root, request } = call;
  const [name] = options.words;
  if (name === undefined || options.words.length > 1) throw new Refused(2, '', true);
  const user = accounts.userOf(all, name);
  if (!user) throw new Refused(6, `user '${name}' does not exist`);
  const busy = Object.entries(draw.seen.processes ?? {}).find(([, { user: by }]) => by === name);
  if (busy && !has(options, 'force')) {
    throw new Refused(8, `user ${name} is currently used by process ${busy[0]}`);
  }
  for (const which of ['passwd', 'shadow', 'subuid', 'subgid'] as const)
    accounts.drop(all, which, name);
  for (const [group = ''] of all.group) accounts.leave(all, group, name);
  dropOwnGroup(call, name, user[3] ?? '');
  if (!has(options, 'remove')) return;
  const { found = {} } = request;
  const [mail, home] = [`/var/mail/${name}`, user[5] ?? ''];
  if (found[mail]) root[mail] = { kind: 'removed' };
  else said.push(`userdel: ${name} mail spool (${mail}) not found`);
  if (found[home]) root[home] = { kind: 'removed' };
  else said.push(`userdel: ${name} home directory (${home}) not found`);
}

const USERDEL: OptionTable = {
  f: false,
  h: false,
  r: false,
  R: true,
  P: true,
  Z: false,
  force: false,
  help: false,
  remove: false,
  root: true,
  prefix: true,
  'selinux-user': false,
  extrausers: false,
};
const REMOVING = { f: 'force', h: 'help', r: 'remove', R: 'root', P: 'prefix', Z: 'selinux-user' };

const userdelAt = userProgram({
  program: 'userdel',
  usage: '[options] LOGIN',
  table: USERDEL,
  names: REMOVING,
  run: deleteUser,
});

/** Where its home is, its line says: it is looked at in a second turn. */
export const userdel: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), USERDEL, REMOVING);
  const name = options.words[0] ?? '';
  if (request.found && has(options, 'remove')) {
    const home = accounts.userOf(accounts.readAccounts(request), name)?.[5] ?? '';
    const paths = [`/var/mail/${name}`, ...(home.startsWith('/') ? [home] : [])];
    const second = look(request, paths, 1);
    if (second) return second;
  }
  return userdelAt(draw, request);
};
