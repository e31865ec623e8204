/**
 * The snap program.
 * Source: snap(8); texts of snapd cmd/snap (cmd_snap_op.go, cmd_list.go, cmd_services.go, cmd_get.go, cmd_alias.go);
 * options as jessevdk/go-flags reads them (parser.go, convert.go).
 * Not modelled: `snap find`, snapshots, tasks and changes as they pass; assertions are taken and forgotten.
 */
import type { Json } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { isRoot, look, reply, type MachineDraw, type Program } from './program.ts';
import { dataLooks } from './snap-data.ts';
import * as life from './snap-life.ts';
import * as settings from './snap-settings.ts';
import { connections, failed, get, info, list, services, type Options } from './snap-telling.ts';
import type { InstalledSnap } from './snap-slice.ts';

const VALUED = [
  'channel',
  'revision',
  'cohort',
  'name',
  'n',
  'hold',
  'last',
  'abs-time',
  'transaction',
];
const RISK_FLAGS = ['stable', 'candidate', 'beta', 'edge'];

/** What an option says without its quotes; null when they do not end. */
function unquoted(value: string): string | null {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return null;
  }
}

function optionsIn(argv: readonly string[]): Options {
  const words: string[] = [];
  const flags = new Set<string>();
  const values: Record<string, string> = {};
  let odd: string | undefined;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    const [, name = '', , joined] = /^--?([^=]+)(=(.*))?$/s.exec(word) ?? [];
    const apart = joined === undefined && VALUED.includes(name) && name !== 'hold';
    const value = apart ? (argv[(at += 1)] ?? '') : joined;
    if (!word.startsWith('-') || word === '-') words.push(word);
    else if (value === undefined) flags.add(name);
    else {
      values[name] = unquoted(value) ?? value;
      if (unquoted(value) === null) odd = name;
    }
  }
  return { words, flags, values, ...(odd === undefined ? {} : { odd }) };
}

function wantedOf({ flags, values, data }: Options): life.Wanted {
  const risk = RISK_FLAGS.find((flag) => flags.has(flag));
  const channel = values['channel'] ?? risk;
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(values['revision'] === undefined ? {} : { revision: values['revision'] }),
    classic: flags.has('classic'),
    devmode: flags.has('devmode'),
    ...(data ? { data } : {}),
  };
}

/** Text in lines of a terminal's width, as snapd fills them: all but the first are indented. */
function filled(text: string): string {
  const width = 79 - 'error: '.length;
  return text
    .split('\n\n')
    .map((paragraph) => {
      const lines: string[] = [''];
      for (const word of paragraph.split(/\s+/).filter(Boolean)) {
        const last = lines.at(-1) ?? '';
        if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
        else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
      }
      return lines.join('\n       ');
    })
    .join('\n\n       ');
}

/** An error of snapd in the program's words. */
function words(name: string, { kind, message }: life.SnapError, { values }: Options): string {
  switch (kind) {
    case 'snap-not-found':
      return `snap "${name}" not found`;
    case 'snap-needs-classic':
      return (
        `This revision of snap "${name}" was published using classic confinement and thus may perform ` +
        'arbitrary system changes outside of the security sandbox that snaps are usually confined to, ' +
        'which may put your system at risk.\n\n' +
        'If you understand and want to proceed repeat the command including --classic.'
      );
    case 'snap-channel-not-available':
      return `snap "${name}" not available on channel "${values['channel']}" (see 'snap info ${name}')`;
    case 'snap-revision-not-available':
      return `snap "${name}" revision ${values['revision']} not available (see 'snap info ${name}')`;
    default:
      return message;
  }
}

/** `lxd (5.21/stable) 5.21.2 from Canonical installed`. */
function told({ seen }: MachineDraw, name: string, verb: string): string {
  const { tracking, version, offer } = life.snapOf(seen, name) as InstalledSnap;
  const channel = tracking === 'latest/stable' ? '' : ` (${tracking.replace(/^latest\//, '')})`;
  return `${name}${channel} ${version} from ${offer.publisher} ${verb}\n`;
}

type Run = (draw: MachineDraw, options: Options) => Answer;

/** Each snap in turn; the first that is refused ends it. */
function each(
  verb: string,
  act: (draw: MachineDraw, name: string, wanted: life.Wanted) => life.Outcome,
  harmless: readonly string[],
): Run {
  return (draw, options) => {
    if (options.words.length === 0)
      return failed('the required argument `<snap> (at least 1 argument)` was not provided');
    let [out, err] = ['', ''];
    const root = {};
    for (const name of options.words) {
      const done = act(draw, name, wantedOf(options));
      if (!life.isError(done)) {
        Object.assign(root, done.root);
        out += verb === 'removed' ? `${name} removed\n` : told(draw, name, verb);
        continue;
      }
      if (!harmless.includes(done.kind))
        return reply(1, out, `error: ${filled(words(name, done, options))}\n`, root);
      err += harmlessText(name, done);
    }
    return reply(0, out, err, root);
  };
}

function harmlessText(name: string, { kind, message }: life.SnapError): string {
  if (kind === 'snap-already-installed')
    return `snap "${name}" is already installed, see 'snap help refresh'\n`;
  if (kind === 'snap-no-update-available') return `snap "${name}" has no updates available\n`;
  return `${message}\n`;
}

const refreshEach = each('refreshed', life.refresh, ['snap-no-update-available']);

function refresh(draw: MachineDraw, options: Options): Answer {
  const { flags, values } = options;
  if (flags.has('hold') || values['hold'] !== undefined) return held(draw, options);
  if (flags.has('unhold')) return unheld(draw, options);
  if (flags.has('list') || flags.has('time'))
    return { kind: 'unsupported', what: 'snap refresh --list' };
  if (options.words.length > 0) return refreshEach(draw, options);
  const names = Object.keys(draw.seen.snaps ?? {});
  const later = names.filter((name) => {
    const snap = life.snapOf(draw.seen, name) as InstalledSnap;
    const offer = life.offerOf(draw.seen, name);
    return offer && life.releaseIn(offer, snap.tracking)?.revision !== snap.revision;
  });
  if (later.length === 0) return reply(0, '', 'All snaps up to date.\n');
  return refreshEach(draw, { ...options, words: later });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** A duration as Go has them, as the moment when it is over. */
function momentAfter({ now }: MachineDraw, text: string): string | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text) return null;
  const seconds = { h: 3600, m: 60, s: 1 } as const;
  const span = parts.reduce((sum, [, many, unit]) => sum + Number(many) * seconds[unit as 'h'], 0);
  return new Date(now + span * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

function held(draw: MachineDraw, { words: names, values }: Options): Answer {
  const said = values['hold'] ?? 'forever';
  const until = said === 'forever' ? said : momentAfter(draw, said);
  if (until === null) {
    return failed('hold value must be a number of hours, minutes or seconds, or "forever"');
  }
  if (names.length === 0) return { kind: 'unsupported', what: 'snap refresh --hold of all snaps' };
  for (const name of names) {
    const done = settings.hold(draw, name, until);
    if (life.isError(done)) return failed(done.message);
  }
  const when = until === 'forever' ? 'indefinitely' : `until ${until}`;
  return reply(
    0,
    `General refreshes of ${quoted(names)} held ${when}
`,
  );
}

function unheld(draw: MachineDraw, { words: names }: Options): Answer {
  for (const name of names) {
    const done = settings.hold(draw, name, null);
    if (life.isError(done)) return failed(done.message);
  }
  return reply(
    0,
    `Removed general refresh hold of ${quoted(names)}
`,
  );
}

function serviceVerb(verb: life.ServiceVerb, said: string): Run {
  return (draw, { words: names, flags }) => {
    if (names.length === 0)
      return failed('the required argument `<service> (at least 1 argument)` was not provided');
    const enable = flags.has('enable');
    const done = life.services(draw, names, { verb, enable, disable: flags.has('disable') });
    return life.isError(done) ? failed(done.message) : reply(0, `${said}\n`, '', done.root);
  };
}

/** A value as JSON, or else as text; undefined when it has to be JSON and is not. */
function parsed(text: string, flags: ReadonlySet<string>): Json | undefined {
  if (flags.has('s')) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return flags.has('t') ? undefined : text;
  }
}

function set(draw: MachineDraw, { words: [name = '', ...pairs], flags }: Options): Answer {
  const values: Record<string, Json> = {};
  for (const pair of pairs) {
    const [, key, text] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    const away = key === undefined && pair.endsWith('!');
    if (key === undefined && !away)
      return failed(`invalid configuration: "${pair}" (want key=value)`);
    const value = away ? null : parsed(text ?? '', flags);
    if (value === undefined) return failed('failed to parse JSON: invalid character');
    values[key ?? pair.slice(0, -1)] = value;
  }
  const done = settings.configure(draw, name, values);
  return life.isError(done) ? failed(done.message) : reply(0);
}

function unset(draw: MachineDraw, { words: [name = '', ...keys] }: Options): Answer {
  const done = settings.configure(draw, name, Object.fromEntries(keys.map((key) => [key, null])));
  return life.isError(done) ? failed(done.message) : reply(0);
}

function alias(draw: MachineDraw, { words: [app = '', other = ''] }: Options): Answer {
  const [name = '', inner = name] = app.split('.');
  const done = settings.alias(draw, name, inner, other);
  return life.isError(done)
    ? failed(done.message)
    : reply(0, `Added:\n  - ${app} as ${other}\n`, '', done.root);
}

function unalias(draw: MachineDraw, { words: [other = ''] }: Options): Answer {
  const done = settings.unalias(draw, other);
  if (life.isError(done)) return failed(done.message);
  return reply(0, `Removed:\n  - ${done.of} as ${other}\n`, '', done.root);
}

function endOf(word: string): settings.End {
  const [snap = '', name = ''] = word.split(':');
  return { snap, name };
}

function connection(act: typeof settings.connect): Run {
  return (draw, { words: [plug = '', slot = ''] }) => {
    const done = act(draw, endOf(plug), endOf(slot));
    return life.isError(done) ? failed(done.message) : reply(0, '', '', done.root);
  };
}

const COMMANDS: Readonly<Record<string, Run>> = {
  install: each('installed', life.install, ['snap-already-installed']),
  remove: each('removed', (draw, name) => life.remove(draw, name), ['snap-not-installed']),
  refresh,
  list,
  info,
  services,
  start: serviceVerb('start', 'Started.'),
  stop: serviceVerb('stop', 'Stopped.'),
  restart: serviceVerb('restart', 'Restarted.'),
  set,
  unset,
  get,
  alias,
  unalias,
  connect: connection(settings.connect),
  disconnect: connection(settings.disconnect),
  connections,
  ack: () => reply(0),
  wait: () => reply(0),
};
const TELLING = ['list', 'info', 'services', 'connections', 'wait'];

export const snap: Program = (draw, request) => {
  const { words: all, ...rest } = optionsIn(request.argv.slice(1));
  const [name = '', ...more] = all;
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!run) return { kind: 'unsupported', what: `snap ${name}`.trim() };
  if (!TELLING.includes(name) && !isRoot(request)) {
    return failed('access denied (try with sudo)');
  }
  if (rest.odd !== undefined) {
    return failed(`invalid argument for flag \`--${rest.odd}' (expected string): invalid syntax`);
  }
  const looks = name === 'refresh' ? dataLooks(draw.seen, more) : [];
  const first = looks.length > 0 ? look(request, looks) : null;
  return first ?? run(draw, { ...rest, words: more, data: request.found ?? {} });
};
