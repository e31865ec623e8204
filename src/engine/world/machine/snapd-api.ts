/**
 * snapd's REST API on its socket, as clients of charms speak it.
 * Source: snapd daemon/api_*.go and client/errors.go for kinds and codes.
 * Not modelled: changes that take time: each is done when it is asked for; uploads, assertions, users, snapshots.
 */
import type { Json, JsonObject } from '../../model/json.ts';
import type { Answer, HttpRequest, Reply } from '../../model/request.ts';
import type { MachineDraw } from './program.ts';
import * as life from './snap-life.ts';
import * as settings from './snap-settings.ts';
import type { InstalledSnap, OfferedSnap } from './snap-slice.ts';

export const SNAPD_SOCKET = '/run/snapd.socket';

const STATUS: Readonly<Record<number, string>> = {
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  404: 'Not Found',
};
const NOT_FOUND = [
  ...[
    'snap-not-found',
    'app-not-found',
    'snap-channel-not-available',
    'snap-revision-not-available',
  ],
];

function answer(code: number, body: JsonObject): Reply {
  const whole = { 'status-code': code, status: STATUS[code] ?? '', ...body };
  return {
    kind: 'reply',
    code,
    out: JSON.stringify(whole),
    headers: { 'content-type': 'application/json' },
  };
}

function sync(result: Json): Reply {
  return answer(200, { type: 'sync', result });
}

function refused({ kind, message, value }: life.SnapError): Reply {
  const code = NOT_FOUND.includes(kind) ? 404 : 400;
  const result = {
    message,
    ...(kind === '' ? {} : { kind }),
    ...(value === undefined ? {} : { value }),
  };
  return answer(code, { type: 'error', result });
}

/** A change that is over already; what it leaves in the root goes with the answer. */
function begun(draw: MachineDraw, done: life.Outcome): Reply {
  if (life.isError(done)) return refused(done);
  const change = life.counted(draw);
  const reply = answer(202, { type: 'async', result: null, change });
  return Object.keys(done.root).length > 0 ? { ...reply, root: done.root } : reply;
}

function absent(name: string): Reply {
  return refused({ kind: 'snap-not-found', message: 'snap not installed', value: name });
}

function appsOf(
  draw: MachineDraw,
  name: string,
  { services = {}, commands = [] }: OfferedSnap,
): Json {
  const programs = commands.flatMap(({ command }) =>
    'like' in command ? [] : command.slice(0, 1),
  );
  const daemons = Object.keys(services).map((service) => ({
    snap: name,
    name: service,
    daemon: services[service]?.type ?? 'simple',
    'daemon-scope': 'system',
    enabled: true,
    active: life.isRunning(draw, life.serviceUnit(name, service)),
  }));
  const plain = [...new Set(programs)].map((program) => ({
    snap: name,
    name: program.startsWith(`${name}.`) ? program.slice(name.length + 1) : program,
  }));
  return [...plain, ...daemons];
}

function described(draw: MachineDraw, name: string, snap: InstalledSnap): JsonObject {
  const { version, revision, tracking, classic, devmode, held, offer } = snap;
  return {
    id: `${name}-id`,
    name,
    title: name,
    summary: offer.summary,
    description: offer.summary,
    type: 'app',
    status: 'active',
    version,
    revision: String(revision),
    channel: tracking.replace(/^latest\//, ''),
    'tracking-channel': tracking,
    confinement: classic ? 'classic' : 'strict',
    devmode: devmode === true,
    private: false,
    publisher: {
      id: offer.publisher.toLowerCase(),
      username: offer.publisher.toLowerCase(),
      'display-name': offer.publisher,
    },
    apps: appsOf(draw, name, offer),
    ...(held === undefined ? {} : { hold: holdTime(draw, held) }),
  };
}

/** For good is as long as Go can count nanoseconds. */
function holdTime(draw: MachineDraw, held: string): string {
  const FOREVER_YEARS = 292;
  if (held !== 'forever') return held;
  const now = new Date(draw.now);
  now.setUTCFullYear(now.getUTCFullYear() + FOREVER_YEARS);
  return now.toISOString();
}

function offered(
  name: string,
  { channels, confinement, publisher, summary }: OfferedSnap,
): JsonObject {
  const all = Object.entries(channels).map(([channel, { version, revision }]) => [
    channel,
    {
      revision: String(revision),
      confinement,
      version,
      channel,
      size: 0,
      epoch: { read: [0], write: [0] },
    },
  ]);
  const [first] = Object.values(channels);
  return {
    id: `${name}-id`,
    name,
    summary,
    version: first?.version ?? '',
    revision: String(first?.revision ?? 0),
    confinement,
    channel: 'stable',
    publisher: { username: publisher.toLowerCase(), 'display-name': publisher },
    channels: Object.fromEntries(all) as JsonObject,
  };
}

type Asked = {
  readonly draw: MachineDraw;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
};

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function actOn(name: string, { draw, body }: Asked): Answer {
  const { channel, revision, classic, devmode, time } = body;
  const wanted: life.Wanted = {
    ...(textOf(channel) === undefined ? {} : { channel: channel as string }),
    ...(textOf(revision) === undefined ? {} : { revision: revision as string }),
    ...(classic === true ? { classic: true } : {}),
    ...(devmode === true ? { devmode: true } : {}),
  };
  switch (body['action']) {
    case 'install':
      return begun(draw, life.install(draw, name, wanted));
    case 'refresh':
      return begun(draw, life.refresh(draw, name, wanted));
    case 'remove':
      return life.snapOf(draw.seen, name)
        ? begun(draw, life.remove(draw, name))
        : refused({ ...life.notInstalled(name), kind: 'snap-not-found' });
    case 'hold':
      return begun(draw, settings.hold(draw, name, textOf(time) ?? 'forever'));
    case 'unhold':
      return begun(
        draw,
        life.snapOf(draw.seen, name) ? settings.hold(draw, name, null) : { root: {} },
      );
    default:
      return { kind: 'unsupported', what: `snapd's ${String(body['action'])}` };
  }
}

function configuration(name: string, { draw, query, body }: Asked, method: string): Answer {
  const config = settings.configOf(draw.seen, name);
  if (method === 'PUT')
    return config ? begun(draw, settings.configure(draw, name, body)) : absent(name);
  const keys = query.get('keys')?.split(',').filter(Boolean);
  if (!keys) return sync(config ?? {});
  const found: Record<string, Json> = {};
  for (const key of keys) {
    const value = settings.valueIn(config ?? {}, key);
    if (value === undefined) {
      const message = `snap "${name}" has no "${key}" configuration option`;
      return refused({ kind: 'option-not-found', message, value: { SnapName: name, Key: key } });
    }
    found[key] = value;
  }
  return sync(found);
}

function snaps(asked: Asked, method: string): Answer {
  const { draw, path } = asked;
  const [name, part] = path;
  const all = Object.entries(draw.seen.snaps ?? {});
  if (name === undefined) return sync(all.map(([one, snap]) => described(draw, one, snap)));
  if (part === 'conf') return configuration(name, asked, method);
  if (method === 'POST') return actOn(name, asked);
  const snap = life.snapOf(draw.seen, name);
  return snap ? sync(described(draw, name, snap)) : absent(name);
}

function apps(asked: Asked, method: string): Answer {
  const { draw, body, query } = asked;
  if (method === 'GET') {
    const names = query.get('names')?.split(',').filter(Boolean);
    const chosen = Object.entries(draw.seen.snaps ?? {}).filter(
      ([name]) => !names || names.includes(name),
    );
    const missing = names?.find((name) => !life.snapOf(draw.seen, name));
    if (missing !== undefined) return absent(missing);
    const found = chosen.flatMap(([name, { offer }]) => appsOf(draw, name, offer) as Json[]);
    const only = query.get('select') === 'service';
    return sync(only ? found.filter((one) => (one as JsonObject)['daemon'] !== undefined) : found);
  }
  const verb = textOf(body['action']);
  if (verb !== 'start' && verb !== 'stop' && verb !== 'restart') {
    return { kind: 'unsupported', what: `snapd's ${String(body['action'])} of services` };
  }
  const names = (body['names'] as string[] | undefined) ?? [];
  const doing = {
    verb,
    enable: body['enable'] === true,
    disable: body['disable'] === true,
  } as const;
  return begun(draw, life.services(draw, names, doing));
}

function aliases({ draw, body }: Asked): Answer {
  const other = textOf(body['alias']) ?? '';
  if (body['action'] === 'unalias') return begun(draw, settings.unalias(draw, other));
  if (body['action'] !== 'alias')
    return { kind: 'unsupported', what: `snapd's ${String(body['action'])}` };
  return begun(
    draw,
    settings.alias(draw, textOf(body['snap']) ?? '', textOf(body['app']) ?? '', other),
  );
}

function endIn(list: Json | undefined, key: 'plug' | 'slot'): settings.End {
  const first = (Array.isArray(list) ? list[0] : undefined) as JsonObject | undefined;
  return { snap: textOf(first?.['snap']) ?? '', name: textOf(first?.[key]) ?? '' };
}

function interfaces({ draw, body }: Asked): Answer {
  const [plug, slot] = [endIn(body['plugs'], 'plug'), endIn(body['slots'], 'slot')];
  if (body['action'] === 'connect') return begun(draw, settings.connect(draw, plug, slot));
  if (body['action'] === 'disconnect') return begun(draw, settings.disconnect(draw, plug, slot));
  return { kind: 'unsupported', what: `snapd's ${String(body['action'])} of interfaces` };
}

function changes({ draw, path: [id = ''] }: Asked): Answer {
  const made = draw.seen.snapChanges ?? 0;
  if (!(Number(id) >= 1 && Number(id) <= made)) {
    const result = { message: `cannot find change with id "${id}"` };
    return answer(404, { type: 'error', result });
  }
  const at = new Date(draw.now).toISOString();
  return sync({
    id,
    kind: 'change',
    summary: '...',
    status: 'Done',
    ready: true,
    tasks: [],
    'spawn-time': at,
    'ready-time': at,
    data: {},
  });
}

/** Lines of the journal, each a record of its own. Source: RFC 7464. */
function logs({ draw, query }: Asked): Answer {
  const names = query.get('names')?.split(',').filter(Boolean) ?? [];
  const units = life.unitsNamed(draw.seen, names);
  if (!Array.isArray(units)) return refused(units as life.SnapError);
  const wanted = (draw.seen.journal ?? []).filter(({ unit }) =>
    units.length > 0 ? units.includes(unit) : unit.startsWith('snap.'),
  );
  const most = Number(query.get('n') ?? 10);
  const shown = most < 0 ? wanted : wanted.slice(-most);
  const lines = shown.map(({ at, by, pid, text }) => {
    const entry = {
      timestamp: new Date(at).toISOString(),
      message: text,
      sid: by,
      pid: String(pid),
    };
    return `\u001e${JSON.stringify(entry)}\n`;
  });
  return {
    kind: 'reply',
    code: 200,
    out: lines.join(''),
    headers: { 'content-type': 'application/json-seq' },
  };
}

function find({ draw, query }: Asked): Answer {
  const name = query.get('name') ?? query.get('q') ?? '';
  const offer = life.offerOf(draw.seen, name);
  if (!offer) return refused({ kind: 'snap-not-found', message: 'snap not found', value: name });
  return sync([offered(name, offer)]);
}

function systemInfo({ draw }: Asked): Answer {
  const version = draw.seen.base === 'ubuntu@24.04' ? '24.04' : '22.04';
  return sync({
    series: '16',
    version: '2.63',
    'os-release': { id: 'ubuntu', 'version-id': version },
    'on-classic': true,
    architecture: 'amd64',
    confinement: 'strict',
  });
}

const ROUTES: Readonly<Record<string, (asked: Asked, method: string) => Answer>> = {
  snaps,
  apps,
  aliases,
  interfaces,
  changes,
  logs,
  find,
  'system-info': systemInfo,
};

export function snapd(draw: MachineDraw, { method, url, body }: HttpRequest): Answer {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [, version, route = '', ...path] = pathname.split('/').map(decodeURIComponent);
  const run = version === 'v2' && Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
  if (!run) return { kind: 'unsupported', what: `snapd's ${method} ${pathname}` };
  const text = new TextDecoder().decode(body);
  try {
    const parsed = text === '' ? {} : (JSON.parse(text) as JsonObject);
    return run({ draw, path, query: searchParams, body: parsed }, method);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refused({
      kind: '',
      message: `cannot decode request body into an action: ${error.message}`,
    });
  }
}
