/**
 * crontab: tables of users in /var/spool/cron/crontabs.
 * Source: crontab(1) of cron 3.0pl1 (Debian and Ubuntu).
 * Not modelled: running what a table says; -e; most of what is wrong with a table: a line needs five fields and a
 * command.
 */
import { has, readOptions, valueOf } from './program-options.ts';
import { file, inputOf, isRoot, look, reply, textOf, type Program } from './program.ts';
import { readPasswd } from './user-files.ts';

const TABLE = { u: true, l: false, r: false, e: false, i: false, n: false } as const;
const FIELDS =
  /^(?:@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)|(?:[\d*/,a-zA-Z-]+\s+){4}[\d*/,a-zA-Z-]+)\s+\S/;

/** The first line that is none of a table, by number. */
function badLine(text: string): number | null {
  const at = text.split('\n').findIndex((raw) => {
    const line = raw.trim();
    return line !== '' && !line.startsWith('#') && !/^\w+\s*=/.test(line) && !FIELDS.test(line);
  });
  return at < 0 ? null : at;
}

export const crontab: Program = (_draw, request) => {
  const options = readOptions(request.argv.slice(1), TABLE);
  const usage = 'crontab: usage error: unrecognized option\nusage:\tcrontab [-u user] file\n';
  if (options.error) return reply(1, '', usage);
  if (has(options, 'e')) return { kind: 'unsupported', what: 'crontab -e' };
  const [name] = options.words;
  const paths =
    name === undefined || name === '-'
      ? ['/dev/stdin']
      : [name.startsWith('/') ? name : `${request.cwd}/${name}`];
  const reads = !has(options, 'l') && !has(options, 'r');
  const first = look(request, ['/etc/passwd', ...(reads ? paths : [])]);
  if (first) return first;
  const { found = {} } = request;
  const users = readPasswd(textOf(found, '/etc/passwd') ?? '');
  const own = isRoot(request)
    ? 'root'
    : (users.find(({ uid }) => uid === request.user)?.name ?? 'nobody');
  const user = valueOf(options, 'u') ?? own;
  if (user !== own && !isRoot(request)) return reply(1, '', 'must be privileged to use -u\n');
  if (!users.some((one) => one.name === user))
    return reply(1, '', `crontab:  user \`${user}' unknown\n`);
  const path = `/var/spool/cron/crontabs/${user}`;
  if (!reads) {
    const second = look(request, [path], 1);
    if (second) return second;
    const text = textOf(found, path);
    if (text === null) return reply(1, '', `no crontab for ${user}\n`);
    return has(options, 'l')
      ? reply(0, text.replace(/^(?:# (?:DO NOT EDIT|\(.*installed on|\(Cron version).*\n)+/, ''))
      : reply(0, '', '', { [path]: { kind: 'removed' } });
  }
  const text = paths[0] === '/dev/stdin' ? inputOf(request) : textOf(found, paths[0] ?? '');
  if (text === null) return reply(1, '', `${name}: No such file or directory\n`);
  const bad = badLine(text);
  if (bad !== null) {
    const err = `"-":${bad}: bad minute\nerrors in crontab file, can't install.\n`;
    return reply(1, '', err);
  }
  if (text !== '' && !text.endsWith('\n')) {
    return reply(1, '', "new crontab file is missing newline before EOF, can't install.\n");
  }
  return reply(0, '', '', { [path]: file(text, 0o600, { user, group: 'crontab' }) });
};
