/**
 * GET /v1/changes, one of them, waiting for one, and aborting one.
 * Source: pebble daemon/api_changes.go.
 * Not modelled: `data` of changes, which nothing here has.
 */
import type { JsonObject } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { badRequest, failure, quoted, sync } from './answer.ts';
import type { Asked, Handler } from './asked.ts';
import { abortCheck } from './check-plan.ts';
import { aborted } from './exec-run.ts';
import { durationText, parseDuration } from './go-duration.ts';
import { momentText } from './go-time.ts';
import { isWrong, payloadOf } from './payload.ts';
import type { PebbleChange, Task } from './slice.ts';
import { abortedStatus, abortServices, isOfServices } from './tasks.ts';

const LOG_LINES = 10;

function taskInfo(task: Task): JsonObject {
  return {
    id: task.id,
    kind: task.kind,
    summary: task.summary,
    status: task.status,
    ...(task.log.length > 0 ? { log: task.log.slice(-LOG_LINES) } : {}),
    progress: { label: '', done: task.status === 'Do' ? 0 : 1, total: 1 },
    'spawn-time': momentText(task.spawned),
    ...(task.ready === null ? {} : { 'ready-time': momentText(task.ready) }),
    ...(task.data === undefined ? {} : { data: task.data }),
  };
}

function changeInfo(change: PebbleChange): JsonObject {
  return {
    id: change.id,
    kind: change.kind,
    summary: change.summary,
    status: change.status,
    ...(change.tasks.length > 0 ? { tasks: change.tasks.map(taskInfo) } : {}),
    ready: change.ready !== null,
    ...(change.err === null ? {} : { err: change.err }),
    'spawn-time': momentText(change.spawned),
    ...(change.ready === null ? {} : { 'ready-time': momentText(change.ready) }),
  };
}

const SELECT: Readonly<Record<string, (change: PebbleChange) => boolean>> = {
  all: () => true,
  'in-progress': (change) => change.ready === null,
  ready: (change) => change.ready !== null,
};

/** By number; Pebble itself gives them in no order. */
export const getChanges: Handler = ({ container, query }) => {
  const select = query.get('select') || 'in-progress';
  const selected = Object.hasOwn(SELECT, select) ? SELECT[select] : undefined;
  if (!selected) return badRequest('select should be one of: all,in-progress,ready');
  const service = query.get('for') ?? '';
  const shown = Object.values(container.changes)
    .filter((change) => selected(change) && (service === '' || change.services.includes(service)))
    .sort((a, b) => Number(a.id) - Number(b.id));
  return sync(shown.map(changeInfo));
};

/** Hands the change that the path names to `work`, or answers that there is none. */
function withChange(work: (asked: Asked, change: PebbleChange) => ReturnType<Handler>): Handler {
  return (asked) => {
    const [id = ''] = asked.parts;
    const { changes } = asked.container;
    const change = Object.hasOwn(changes, id) ? changes[id] : undefined;
    return change ? work(asked, change) : failure(404, `cannot find change with id ${quoted(id)}`);
  };
}

export const getChange = withChange((_asked, change) => sync(changeInfo(change)));

export const waitChange = withChange(({ query, now, since }, change) => {
  const given = query.get('timeout') ?? '';
  const timeout = given === '' ? 0 : parseDuration(given);
  if (typeof timeout === 'string') return badRequest(`invalid timeout: time: ${timeout}`);
  if (change.ready !== null) return sync(changeInfo(change));
  if (timeout === 0) return { kind: 'wait', until: null };
  const until = since + Math.ceil(timeout / 1e6);
  if (now < until) return { kind: 'wait', until };
  return failure(504, `timed out waiting for change after ${durationText(timeout)}`);
});

/** What is answered is the change on its way to its end. */
function abort({ change: work, now }: Asked, change: PebbleChange): Answer {
  const end = change.kind === 'exec' ? aborted : isOfServices(change) ? abortServices : abortCheck;
  work((container) => end(container, change.id, now));
  const tasks = change.tasks.map((task) => {
    const status = abortedStatus(task.status);
    return { ...task, status, ready: status === 'Hold' ? now : task.ready };
  });
  return sync(changeInfo({ ...change, status: 'Abort', tasks }));
}

export const postChange = withChange((asked, change) => {
  const { body } = asked;
  const payload = payloadOf(body, { action: 'string' });
  if (isWrong(payload)) return badRequest(`cannot decode data from request body: ${payload.wrong}`);
  if (payload.action !== 'abort') return badRequest(`invalid action ${quoted(payload.action)}`);
  if (change.ready === null) return abort(asked, change);
  return badRequest(`cannot abort change ${change.id} with nothing pending`);
});
