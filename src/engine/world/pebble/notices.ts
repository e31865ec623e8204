/**
 * Pebble's notices: custom ones that a workload or a charm adds, and one per change that tells how often it changed.
 * No two occur at the same moment, as the trace's clock stands still while nobody waits: each comes a millionth of a
 * second after the one before, so that a client that asks for later ones misses none.
 * Source: pebble internals/daemon/api_notices.go, internals/overlord/state/notices.go.
 * Not modelled: other users than root; that Pebble forgets the oldest of more than a thousand.
 */
import type { Draft } from 'immer';
import type { Json } from '../../model/json.ts';
import type { Answer, Millis } from '../../model/request.ts';
import { badRequest, failure, quoted, sync } from './answer.ts';
import { names, type Asked, type Handler } from './asked.ts';
import { addedTo, membersBefore } from './draft-members.ts';
import { durationText, parseDuration } from './go-duration.ts';
import { decodeJson } from './go-json.ts';
import { micro, momentText, parseMoment } from './go-time.ts';
import { isWrong, payloadOf } from './payload.ts';
import type { Container, Notice, PebbleChange } from './slice.ts';

const NANOSECONDS = 1e6;
const EXPIRE_AFTER = 7 * 24 * 3600e9;
const KEY = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+(\/[a-z0-9]+(-[a-z0-9]+)*)+$/;
const KEY_MAX = 256;
const DATA_MAX = 4096;
const TYPES = ['custom', 'change-update', 'warning'];

/** How often a change has changed its status, from its beginning to what it has now. */
function changesOf({ status, tasks }: PebbleChange): number {
  if (tasks.length === 0) return 2;
  return { Do: 1, Doing: 2, Done: 3, Error: 4 }[status] ?? 3;
}

/** A notice as it stands: that of a change whose statuses are not noted is told by the change. */
function current(container: Container, notice: Notice): Notice {
  const change = notice.type === 'change-update' ? container.changes[notice.key] : undefined;
  if (!change || change.noted !== undefined) return notice;
  const last = change.ready ?? change.spawned;
  return { ...notice, occurrences: changesOf(change), lastOccurred: last, lastRepeated: last };
}

function shown(id: string, notice: Notice): Json {
  const { data } = notice;
  return {
    id,
    'user-id': notice.user,
    type: notice.type,
    key: notice.key,
    'first-occurred': momentText(notice.firstOccurred),
    'last-occurred': momentText(notice.lastOccurred),
    'last-repeated': momentText(notice.lastRepeated),
    occurrences: notice.occurrences,
    ...(Object.keys(data).length === 0 ? {} : { 'last-data': data }),
    ...(notice.repeatAfter === 0 ? {} : { 'repeat-after': durationText(notice.repeatAfter) }),
    'expire-after': durationText(EXPIRE_AFTER),
  };
}

type Known = readonly [string, Notice];

/** By when they last repeated, as Pebble lists them; those that have not occurred for a week are left out. */
function inOrder(container: Container, now: Millis): readonly Known[] {
  return Object.entries(container.notices)
    .map(([id, notice]): Known => [id, current(container, notice)])
    .filter(([, notice]) => notice.lastOccurred + EXPIRE_AFTER / NANOSECONDS >= now)
    .sort(([a, one], [b, two]) => one.lastRepeated - two.lastRepeated || Number(a) - Number(b));
}

type Filter = {
  readonly user: number | null;
  readonly types: readonly string[];
  readonly keys: readonly string[];
  readonly after: Millis | null;
};

function fits([, notice]: Known, { user, types, keys, after }: Filter): boolean {
  return (
    (user === null || notice.user === null || notice.user === user) &&
    (types.length === 0 || types.includes(notice.type)) &&
    (keys.length === 0 || keys.includes(notice.key)) &&
    (after === null || notice.lastRepeated > after)
  );
}

const ROOT = 0;

/** Which users' notices: root's own and everybody's unless asked otherwise; null means all. */
function userFilter(query: URLSearchParams): number | null | Answer {
  let user: number | null = ROOT;
  if (query.has('user-id')) {
    const given = names(query, 'user-id');
    const bad = (why: string): Answer => badRequest(`invalid "user-id" filter: ${why}`);
    const [id = ''] = given;
    if (given.length !== 1) return bad('must only include one "user-id"');
    if (!/^-?\d+$/.test(id)) return bad(`strconv.ParseInt: parsing ${quoted(id)}: invalid syntax`);
    user = Number(id);
    if (user < 0 || user > 0xffffffff) return bad(`user ID is not a valid uint32: ${id}`);
  }
  if (!query.has('users')) return user;
  if (query.has('user-id')) return badRequest('cannot use both "users" and "user-id" parameters');
  return query.get('users') === 'all' ? null : badRequest('invalid "users" filter: must be "all"');
}

function afterFilter(query: URLSearchParams): Millis | null | Answer {
  const text = query.get('after') ?? '';
  if (text === '') return null;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? parseMoment(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const why = `parsing time ${quoted(text)} as ${quoted('2006-01-02T15:04:05Z07:00')}`;
  return badRequest(`invalid "after" timestamp: ${why}: cannot parse ${quoted(text)} as "2006"`);
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null;
}

function found({ container, now }: Asked, filter: Filter): readonly Json[] {
  return inOrder(container, now)
    .filter((known) => fits(known, filter))
    .map(([id, notice]) => shown(id, notice));
}

/** With a timeout it waits for a notice that fits, and answers none when none came. */
export const getNotices: Handler = (asked) => {
  const { query, now, since } = asked;
  const user = userFilter(query);
  if (isAnswer(user)) return user;
  const given = names(query, 'types');
  const types = given.filter((type) => TYPES.includes(type));
  if (given.length > 0 && types.length === 0) return sync([]);
  const after = afterFilter(query);
  if (isAnswer(after)) return after;
  const timeout = query.get('timeout') ?? '';
  const wait = timeout === '' ? 0 : parseDuration(timeout);
  if (typeof wait === 'string') return badRequest(`invalid timeout: time: ${wait}`);
  const listed = found(asked, { user, types, keys: names(query, 'keys'), after });
  const until = since + wait / NANOSECONDS;
  return listed.length === 0 && now < until ? { kind: 'wait', until } : sync(listed);
};

export const getNotice: Handler = ({ container, parts }) => {
  const id = parts[0] ?? '';
  const notice = Object.hasOwn(container.notices, id) ? container.notices[id] : undefined;
  if (!notice) return failure(404, `cannot find notice with ID ${quoted(id)}`);
  return sync(shown(id, current(container, notice)));
};

type Occurrence = {
  readonly type: string;
  readonly key: string;
  readonly user: number | null;
  readonly data: Readonly<Record<string, string>>;
  /** In nanoseconds. */
  readonly repeatAfter: number;
  readonly now: Millis;
};

const SOONEST: Millis = 0.001;

type Notices = Draft<Container['notices']>;
/** When the last notice occurred that was added to notices while they were changed. */
const latest = new WeakMap<Notices, Millis>();

function lastOf(notices: Container['notices']): Millis {
  let last = -Infinity;
  for (const { lastOccurred } of Object.values(notices)) last = Math.max(last, lastOccurred);
  return last;
}

/** Now, or just after the last notice. */
function momentAfter(notices: Notices, now: Millis): Millis {
  const last = latest.get(notices) ?? lastOf(membersBefore(notices));
  const moment = Math.max(micro(now), micro(last + SOONEST));
  latest.set(notices, moment);
  return moment;
}

/** The id of the notice of that type, key and user, which never change. */
function knownId(container: Draft<Container>, { type, key, user }: Occurrence): string | undefined {
  const { notices } = container;
  const before = membersBefore(notices);
  const fits = (one: Draft<Notice> | Notice): boolean =>
    one.key === key && one.type === type && one.user === user;
  const added = addedTo(container, 'notices').find((id) => fits(notices[id]!));
  const isNew = type === 'change-update' && addedTo(container, 'changes').includes(key);
  if (added !== undefined || isNew) return added;
  return Object.keys(before).find((id) => fits(before[id]!));
}

/** Adds a notice, or lets a known one occur again. The notice's id. */
export function addNotice(container: Draft<Container>, occurrence: Occurrence): string {
  const { now: asked, ...of } = occurrence;
  const now = momentAfter(container.notices, asked);
  const known = knownId(container, occurrence);
  if (known === undefined) {
    const id = String(container.nextNotice);
    container.nextNotice += 1;
    const times = { firstOccurred: now, lastOccurred: now, lastRepeated: now };
    container.notices[id] = { ...of, ...times, occurrences: 1 };
    return id;
  }
  const notice = container.notices[known]!;
  const again = of.repeatAfter === 0 || now > notice.lastRepeated + of.repeatAfter / NANOSECONDS;
  if (again) notice.lastRepeated = now;
  Object.assign(notice, { ...of, lastOccurred: now, occurrences: notice.occurrences + 1 });
  return known;
}

/** The data of a notice, or why it is none, in the words of Go's decoder. */
function dataOf(body: Uint8Array): Readonly<Record<string, string>> | Answer {
  const decoded = decodeJson(new TextDecoder().decode(body));
  const whole = 'wrong' in decoded ? {} : (decoded.value as { data?: Json });
  const { data } = whole;
  if (data === undefined || data === null) return {};
  if (new TextEncoder().encode(JSON.stringify(data)).length > DATA_MAX)
    return badRequest(`total size of data must be ${DATA_MAX} bytes or less`);
  const bad = (kind: string, type: string): Answer =>
    badRequest(
      `cannot decode notice data: json: cannot unmarshal ${kind} into Go value of type ${type}`,
    );
  if (Array.isArray(data)) return bad('array', 'map[string]string');
  if (typeof data !== 'object') return bad(kindOf(data), 'map[string]string');
  const odd = Object.values(data).find((value) => typeof value !== 'string' && value !== null);
  if (odd !== undefined) return bad(kindOf(odd), 'string');
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value ?? '')]));
}

function kindOf(value: Json | undefined): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function isData(value: object): value is Readonly<Record<string, string>> {
  return !('kind' in value && 'code' in value);
}

export const postNotices: Handler = ({ body, change, now }) => {
  const shapes = { action: 'string', type: 'string', key: 'string', 'repeat-after': 'string' };
  const payload = payloadOf(body, shapes as { [Name in keyof typeof shapes]: 'string' });
  if (isWrong(payload)) return badRequest(`cannot decode request body: ${payload.wrong}`);
  const { action, type, key, 'repeat-after': again } = payload;
  if (action !== 'add') return badRequest(`invalid action ${quoted(action)}`);
  if (type !== 'custom')
    return badRequest(`invalid type ${quoted(type)} (can only add "custom" notices)`);
  if (!KEY.test(key))
    return badRequest(`invalid key ${quoted(key)} (must be in "example.com/path" format)`);
  if (key.length > KEY_MAX) return badRequest(`key must be ${KEY_MAX} bytes or less`);
  const repeatAfter = again === '' ? 0 : parseDuration(again);
  if (typeof repeatAfter === 'string') {
    return badRequest(`invalid repeat-after: time: ${repeatAfter}`);
  }
  const data = dataOf(body);
  if (!isData(data)) return data;
  let id = '';
  change((container) => {
    id = addNotice(container, { type, key, user: ROOT, data, repeatAfter, now });
  });
  return sync({ id });
};
