/**
 * Users and groups of a container: root, and whoever its /etc/passwd and /etc/group name.
 * Source: pebble osutil.NormalizeUidGid; passwd(5), group(5).
 */
import type { Blobs } from '../../model/counterpart.ts';
import { lookup } from '../../files/path.ts';
import type { Dir } from '../../files/tree.ts';

type User = {
  readonly name: string;
  readonly id: number;
  readonly group: number;
  readonly home: string;
};
export type Users = {
  readonly users: readonly User[];
  readonly groups: readonly { readonly name: string; readonly id: number }[];
};
/** As requests give them: null and empty when not given. */
export type Wanted = {
  readonly 'user-id': number | null;
  readonly user: string;
  readonly 'group-id': number | null;
  readonly group: string;
};
/** null: whoever Pebble runs as. */
export type Ids = { readonly user: number; readonly group: number } | null;

const ROOT: Users = {
  users: [{ name: 'root', id: 0, group: 0, home: '/root' }],
  groups: [{ name: 'root', id: 0 }],
};

function lines(root: Dir, path: string, blobs: Blobs): readonly (readonly string[])[] {
  const file = lookup(root, path);
  if (file?.kind !== 'file') return [];
  const source = new TextDecoder().decode(blobs.get(file.digest));
  return source.split('\n').map((line) => line.split(':'));
}

/** Who is known in a container. */
export function usersOf(root: Dir, blobs: Blobs): Users {
  const users = lines(root, '/etc/passwd', blobs)
    .filter((fields) => fields.length >= 7)
    .map(([name = '', , id, group, , home = '']) => ({
      name,
      id: Number(id),
      group: Number(group),
      home,
    }));
  const groups = lines(root, '/etc/group', blobs)
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , id]) => ({ name, id: Number(id) }));
  return {
    users: users.length > 0 ? users : ROOT.users,
    groups: groups.length > 0 ? groups : ROOT.groups,
  };
}

function named(
  kind: 'user' | 'group',
  known: readonly { readonly name: string; readonly id: number }[],
  wanted: Wanted,
): number | null | string {
  const name = wanted[kind];
  const id = wanted[`${kind}-id`];
  if (name === '') return id;
  const found = known.find((one) => one.name === name);
  if (!found) return `${kind}: unknown ${kind} ${name}`;
  if (id === null || id === found.id) return found.id;
  const upper = kind === 'user' ? 'UID' : 'GID';
  return `${kind} ${JSON.stringify(name)} ${upper} (${found.id}) does not match ${kind}-id (${id})`;
}

/**
 * The ids that are meant, or why they cannot be: Pebble's message. `users` null: only root is
 * known.
 */
export function ids(users: Users | null, wanted: Wanted): Ids | string {
  const known = users ?? ROOT;
  const user = named('user', known.users, wanted);
  if (typeof user === 'string') return user;
  const group = named('group', known.groups, wanted);
  if (typeof group === 'string') return group;
  if (user === null) return group === null ? null : 'must specify user, not just group';
  if (group !== null) return { user, group };
  const primary = known.users.find((one) => one.id === user);
  return primary ? { user, group: primary.group } : `user: unknown userid ${user}`;
}

/** The name of an id, or its digits when nobody has it: how entries of a tree carry it. */
export function nameOf(
  known: readonly { readonly name: string; readonly id: number }[],
  id: number,
): string {
  return known.find((one) => one.id === id)?.name ?? String(id);
}

/** The id and, when there is one, the name of what an entry of a tree carries. */
export function idOf(
  known: readonly { readonly name: string; readonly id: number }[],
  name: string,
): { readonly id: number; readonly name: string } {
  const found = known.find((one) => one.name === name);
  if (found) return found;
  return /^\d+$/.test(name) ? { id: Number(name), name: '' } : { id: 0, name };
}
