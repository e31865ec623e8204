/**
 * The files that say which users and groups a machine has, as lines with fields.
 * Source: passwd(5), group(5), shadow(5), gshadow(5), subuid(5).
 */
export type PasswdLine = {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
};
export type GroupLine = {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
};

function lines(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}

export function readPasswd(text: string): PasswdLine[] {
  return lines(text).map(([name = '', , uid, gid, gecos = '', home = '', shell = '']) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    gecos,
    home,
    shell,
  }));
}

export function readGroups(text: string): GroupLine[] {
  return lines(text).map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter(Boolean),
  }));
}
