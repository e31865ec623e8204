/**
 * deluser and delgroup of Debian.
 * Source: deluser(8) of adduser 3.118 and 3.137; recorded from 3.134.
 * Not modelled: /etc/deluser.conf, backups, --remove-all-files.
 */
import { has } from './program-options.ts';
import * as accounts from './user-accounts.ts';
import { Ends, fail, programOf, say, type Call } from './user-debian.ts';

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

export const deluser = programOf('deluser', removes);
export const delgroup = programOf('delgroup', removes);
