/**
 * System users that packages make when they come, as `adduser --system --group` in their scripts does. They stay when
 * the package goes, as Debian's do.
 * Source: adduser(8); Debian Policy 9.2; deb-sysusers.
 * Not modelled: what the scripts print of it.
 */
import type { CommandRequest } from '../../model/request.ts';
import type { Plan } from './package-plan.ts';
import type { PackageUser } from './package-slice.ts';
import type { MachineDraw, RootChanges } from './program.ts';
import * as accounts from './user-accounts.ts';

const FIRST = 100;
const HOMELESS = '/nonexistent';

function usersIn({
  installs,
}: Pick<Plan, 'installs'>): readonly (readonly [string, PackageUser])[] {
  return installs.flatMap(({ to }) => Object.entries(to.users ?? {}));
}

/** What has to be looked at before users can be made. */
export function userLooks(plan: Pick<Plan, 'installs'>): readonly string[] {
  const users = usersIn(plan);
  const homes = users.flatMap(([, { home }]) => (home === undefined ? [] : [home]));
  return users.length === 0 ? [] : [...accounts.ACCOUNT_PATHS, ...homes];
}

function free(lines: readonly (readonly string[])[]): number {
  let id = FIRST;
  while (accounts.isTaken(lines, id)) id += 1;
  return id;
}

function add(
  all: accounts.Accounts,
  draw: MachineDraw,
  [name, user]: readonly [string, PackageUser],
) {
  const { home = HOMELESS, shell = '/usr/sbin/nologin', comment = '', groups = [] } = user;
  if (!accounts.userOf(all, name)) {
    if (!accounts.lineOf(all, 'group', name)) accounts.addGroup(all, name, free(all.group));
    const gid = accounts.lineOf(all, 'group', name)?.[2] ?? '';
    all.passwd.push([name, 'x', String(free(all.passwd)), gid, comment, home, shell]);
    all.shadow.push([name, '!', accounts.today(draw), '', '', '', '', '', '']);
  }
  for (const group of groups) {
    if (!accounts.lineOf(all, 'group', group)) accounts.addGroup(all, group, free(all.group));
    accounts.join(all, group, name);
  }
}

export type MadeUsers = {
  readonly root: RootChanges;
  /** The same, but that what belongs to one of these users does so by number. */
  readonly owned: (root: RootChanges) => RootChanges;
};

/** Makes those that are not there yet. Nothing where the machine has no users at all. */
export function madeUsers(draw: MachineDraw, request: CommandRequest, plan: Plan): MadeUsers {
  const users = usersIn(plan);
  const { found = {} } = request;
  if (users.length === 0 || !found[accounts.ACCOUNT_FILES.passwd]) {
    return { root: {}, owned: (root) => root };
  }
  const all = accounts.readAccounts(request);
  for (const one of users) add(all, draw, one);
  const own = new Set(users.map(([name]) => name));
  const uid = (name: string): string => accounts.userOf(all, name)?.[2] ?? name;
  const gid = (name: string): string => accounts.lineOf(all, 'group', name)?.[2] ?? name;
  const homes: RootChanges = {};
  for (const [name, { home }] of users) {
    if (home === undefined || found[home]) continue;
    homes[home] = { kind: 'dir', mode: 0o755, user: uid(name), group: gid(name) };
  }
  return {
    root: { ...accounts.accountChanges(all, request), ...homes },
    owned: (root) =>
      Object.fromEntries(
        Object.entries(root).map(([path, change]) => {
          if (change.kind === 'removed') return [path, change];
          const { user, group } = change;
          return [
            path,
            {
              ...change,
              ...(user !== undefined && own.has(user) ? { user: uid(user) } : {}),
              ...(group !== undefined && own.has(group) ? { group: gid(group) } : {}),
            },
          ];
        }),
      ),
  };
}
