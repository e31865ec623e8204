/**
 * Users and groups of the machine as its files have them: read, changed line by line, written back.
 * Source: passwd(5), group(5), shadow(5), gshadow(5), subuid(5), login.defs(5) with Ubuntu's values; ids as
 * shadow-utils gives them out (lib/find_new_uid.c, find_new_gid.c, find_new_sub_uids.c), recorded from 4.13.
 * Not modelled: /etc/login.defs, /etc/default/useradd and /etc/adduser.conf as a charm may have changed them; locks; a
 * password's hash, which no program could check: it tells only whether two passwords are the same.
 */
import type { CommandRequest } from '../../model/request.ts';
import { file, textOf, type MachineDraw, type RootChanges } from './program.ts';

export const ACCOUNT_FILES = {
  passwd: '/etc/passwd',
  group: '/etc/group',
  shadow: '/etc/shadow',
  gshadow: '/etc/gshadow',
  subuid: '/etc/subuid',
  subgid: '/etc/subgid',
} as const;
export type AccountFile = keyof typeof ACCOUNT_FILES;
const NAMES = Object.keys(ACCOUNT_FILES) as AccountFile[];
const SECRET: readonly AccountFile[] = ['shadow', 'gshadow'];

/** Each file as lines of fields. */
export type Accounts = Record<AccountFile, string[][]>;

export const ACCOUNT_PATHS: readonly string[] = Object.values(ACCOUNT_FILES);

export function readAccounts({ found = {} }: CommandRequest): Accounts {
  const lines = (name: AccountFile): string[][] =>
    (textOf(found, ACCOUNT_FILES[name]) ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(':'));
  return Object.fromEntries(NAMES.map((name) => [name, lines(name)])) as Accounts;
}

function written(lines: readonly (readonly string[])[]): string {
  return lines.map((fields) => `${fields.join(':')}\n`).join('');
}

/** The files that differ from what they were. */
export function accountChanges(accounts: Accounts, request: CommandRequest): RootChanges {
  const before = readAccounts(request);
  const changed = NAMES.filter((name) => written(before[name]) !== written(accounts[name]));
  return Object.fromEntries(
    changed.map((name) => {
      const secret = SECRET.includes(name);
      const owner = secret ? { user: 'root', group: 'shadow' } : {};
      return [ACCOUNT_FILES[name], file(written(accounts[name]), secret ? 0o640 : 0o644, owner)];
    }),
  );
}

export function userOf({ passwd }: Accounts, name: string): string[] | undefined {
  return passwd.find(([own]) => own === name);
}

/** A group by its name or number. */
export function groupOf({ group }: Accounts, name: string): string[] | undefined {
  const named = group.find(([own]) => own === name);
  return named ?? (/^\d+$/.test(name) ? group.find(([, , gid]) => gid === name) : undefined);
}

export function lineOf(accounts: Accounts, which: AccountFile, name: string): string[] | undefined {
  return accounts[which].find(([own]) => own === name);
}

/** The first line of a name with some of its fields changed. */
export function change(
  accounts: Accounts,
  which: AccountFile,
  name: string,
  fields: Readonly<Record<number, string>>,
): void {
  const line = lineOf(accounts, which, name);
  for (const [at, value] of Object.entries(fields)) if (line) line[Number(at)] = value;
}

export function drop(accounts: Accounts, which: AccountFile, name: string): void {
  accounts[which] = accounts[which].filter(([own]) => own !== name);
}

export type Range = { readonly least: number; readonly most: number };
export const USERS: Range = { least: 1000, most: 60_000 };
export const SYSTEM: Range = { least: 101, most: 999 };

function used(lines: readonly (readonly string[])[], { least, most }: Range): number[] {
  return lines.map(([, , id]) => Number(id)).filter((id) => id >= least && id <= most);
}

/** The next id as useradd and groupadd give it out: above all of users, below all of the system's. */
export function nextId(
  lines: readonly (readonly string[])[],
  system: boolean,
  range: Range,
): number {
  const taken = used(lines, range);
  const { least, most } = range;
  const next = system ? Math.min(most + 1, ...taken) - 1 : Math.max(least - 1, ...taken) + 1;
  if (next >= least && next <= most) return next;
  const all = Array.from({ length: most - least + 1 }, (_, at) =>
    system ? most - at : least + at,
  );
  return all.find((id) => !taken.includes(id)) ?? least;
}

export function isTaken(lines: readonly (readonly string[])[], id: number): boolean {
  return lines.some(([, , own]) => Number(own) === id);
}

const SUB_FIRST = 100_000;
const SUB_COUNT = 65_536;

/** The first gap that is large enough. */
function nextSub(lines: readonly (readonly string[])[]): number {
  const ranges = lines
    .map(([, start, count]) => [Number(start), Number(count)] as const)
    .sort(([a], [b]) => a - b);
  let next = SUB_FIRST;
  for (const [start, count] of ranges) {
    if (start - next >= SUB_COUNT) return next;
    next = Math.max(next, start + count);
  }
  return next;
}

export function addSubIds(accounts: Accounts, name: string): void {
  for (const which of ['subuid', 'subgid'] as const) {
    accounts[which].sort(([, a], [, b]) => Number(a) - Number(b));
    accounts[which].push([name, String(nextSub(accounts[which])), String(SUB_COUNT)]);
  }
}

export function addGroup(accounts: Accounts, name: string, gid: number): void {
  accounts.group.push([name, 'x', String(gid), '']);
  accounts.gshadow.push([name, '!', '', '']);
}

export function membersOf(line: readonly string[] | undefined): string[] {
  return (line?.[3] ?? '').split(',').filter(Boolean);
}

/** Sets who is a member of a group, in both files. */
export function setMembers(accounts: Accounts, name: string, members: readonly string[]): void {
  for (const which of ['group', 'gshadow'] as const) {
    change(accounts, which, name, { 3: members.join(',') });
  }
}

export function join(accounts: Accounts, group: string, user: string): void {
  const members = membersOf(lineOf(accounts, 'group', group));
  if (!members.includes(user)) setMembers(accounts, group, [...members, user]);
}

export function leave(accounts: Accounts, group: string, user: string): void {
  const members = membersOf(lineOf(accounts, 'group', group));
  if (members.includes(user))
    setMembers(
      accounts,
      group,
      members.filter((one) => one !== user),
    );
}

const DAY = 86_400_000;

export function today({ now }: Pick<MachineDraw, 'now'>): string {
  return String(Math.floor(now / DAY));
}

/** A day as a number of days since 1970; empty: never. null: it is no date. */
export function dayOf(text: string): string | null {
  if (text === '' || text === '-1') return '';
  if (/^\d+$/.test(text)) return text;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? null : String(Math.floor(at / DAY));
}

/** What stands for a password's hash. */
export function hashOf({ blobs }: Pick<MachineDraw, 'blobs'>, password: string): string {
  const digest = blobs.put(new TextEncoder().encode(`password ${password}`));
  return `$6$playbill$${digest.replace(/^sha256:/, '').slice(0, 43)}`;
}
