/**
 * What adduser and deluser of Debian have in common: options, how they say what they do.
 * Source: adduser(8), deluser(8) of adduser 3.118 (22.04) and 3.137 (24.04); recorded from 3.134 of Debian 12. 3.137
 * says the same with the kind of message before it (`info: `, `warn: `, `fatal: `), as its changelog tells.
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

/** Where homes are, as usual. */
export const HOMES = '/home';

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
export type Call = {
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
export class Ends extends Error {
  readonly code: number;
  constructor(code: number) {
    super('');
    this.code = code;
  }
}

export function say(call: Call, level: Level, text: string): void {
  const named = release(call.draw.seen) === '24.04';
  if (level === 'info') {
    if (!has(call.options, 'quiet')) call.out += `${named ? 'info: ' : ''}${text}\n`;
    return;
  }
  call.err += `${named ? `${level}: ` : `${call.program}: `}${text}\n`;
}

export function fail(call: Call, code: number, text: string): never {
  say(call, 'fatal', text);
  throw new Ends(code);
}

function homePaths(request: CommandRequest, options: Options): readonly string[] {
  const [name = ''] = options.words;
  const known = request.found
    ? accounts.userOf(accounts.readAccounts(request), name)?.[5]
    : undefined;
  const path = valueOf(options, 'home') ?? known ?? `${HOMES}/${name}`;
  return path.startsWith('/') ? [path] : [];
}

export function programOf(program: string, run: (call: Call) => void): Program {
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
