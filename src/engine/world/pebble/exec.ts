/**
 * POST /v1/exec: a program is to be executed. What is wrong is said at once; the program starts when its websockets
 * are connected.
 * Source: pebble internals/daemon/api_exec.go, internals/overlord/cmdstate/request.go.
 * Not modelled: terminals.
 */
import { castDraft } from 'immer';
import type { Answer } from '../../model/request.ts';
import { accepted, badRequest, failure, quoted } from './answer.ts';
import type { Asked, Handler } from './asked.ts';
import { noteChange } from './change-notices.ts';
import { environmentOf, inContext, workingDirOf, type Context } from './exec-context.ts';
import { soughtPath } from './exec-real.ts';
import { isExecutable, ruleFor } from './exec-rules.ts';
import { parseDuration } from './go-duration.ts';
import { planOfContainer } from './layer-list.ts';
import { isWrong, payloadOf, type Members } from './payload.ts';
import type { Execution } from './slice.ts';
import { ids, nameOf, usersOf } from './users.ts';

const SHAPES = {
  command: '[]string',
  'service-context': 'string',
  environment: 'map[string]string',
  'working-dir': 'string',
  timeout: 'string',
  'user-id': 'int',
  user: 'string',
  'group-id': 'int',
  group: 'string',
  terminal: 'bool',
  interactive: 'bool',
  'split-stderr': 'bool',
  width: 'int',
  height: 'int',
} as const;
type Payload = Members<typeof SHAPES>;

function unsupported(what: string): Answer {
  return { kind: 'unsupported', what };
}

type Setting = Pick<Execution, 'environment' | 'workingDir' | 'owner'>;

/** What surrounds the program, or what is wrong with what was asked. */
function settingOf({ container, blobs }: Asked, payload: Payload): Setting | Answer {
  const asked: Context = {
    environment: payload.environment,
    wanted: payload,
    workingDir: payload['working-dir'],
  };
  const service = payload['service-context'];
  const context = inContext(asked, service, planOfContainer(container).services);
  if (!context) return badRequest(`context service ${quoted(service)} not found`);
  const { root } = container;
  const known = usersOf(root, blobs);
  const who = ids(known, context.wanted);
  if (typeof who === 'string') return badRequest(who);
  if (payload.interactive && !payload.terminal)
    return failure(500, 'cannot call exec: cannot use interactive mode without a terminal');
  const environment = environmentOf(context.environment, who, root, blobs);
  const place = workingDirOf(root, context.workingDir, environment['HOME'] ?? '');
  if ('wrong' in place) return failure(500, `cannot call exec: ${place.wrong}`);
  const owner = who && {
    user: nameOf(known.users, who.user),
    group: nameOf(known.groups, who.group),
  };
  return { environment, workingDir: place.dir, ...(owner ? { owner } : {}) };
}

function spawn(asked: Asked, payload: Payload, execution: Execution): Answer {
  const { container, now } = asked;
  const [program = ''] = payload.command;
  const task = String(container.nextTask);
  const { change: id, environment, workingDir } = execution;
  const summary = `Execute command ${quoted(program)}`;
  asked.change((draft) => {
    draft.nextChange += 1;
    draft.nextTask += 1;
    const times = { spawned: now, ready: null };
    const bare = { lane: 0, waits: [], service: '', until: null, log: [] };
    draft.changes[id] = {
      id,
      kind: 'exec',
      summary,
      status: 'Doing',
      err: null,
      tasks: [{ id: task, kind: 'exec', summary, status: 'Doing', ...bare, ...times }],
      services: [],
      ...times,
    };
    draft.executions = { ...draft.executions, [task]: castDraft(execution) };
    const given = { command: [...payload.command], environment: { ...payload.environment } };
    const real = execution.rule.run === 'real' ? ({ real: true } as const) : {};
    const executed = { task, ...given, workingDir: payload['working-dir'], ...real, exit: null };
    draft.executed = [...(draft.executed ?? []), executed];
    noteChange(draft, draft.changes[id], { statuses: ['Do', 'Doing'], at: now });
  });
  return accepted(id, { environment, 'task-id': task, 'working-dir': workingDir });
}

/** The host is asked whether there is such a program; then this request is asked again. */
function seek({ change }: Asked, program: string): Answer {
  change((draft) => void (draft.sought = { program }));
  return { kind: 'wait', until: null };
}

export const postExec: Handler = (asked) => {
  const payload = payloadOf(asked.body, SHAPES, 'execPayload');
  if (isWrong(payload)) return badRequest(`cannot decode request body: ${payload.wrong}`);
  const { command, timeout: given } = payload;
  const [program] = command;
  if (program === undefined) return badRequest('must specify command');
  const timeout = given === '' ? 0 : parseDuration(given);
  if (typeof timeout === 'string') return badRequest(`invalid timeout: time: ${timeout}`);
  const { container, now } = asked;
  const rule = program === '' ? null : ruleFor(container, command);
  const real = rule?.run === 'real';
  const path = real ? soughtPath(container, program) : null;
  if (path === undefined) return seek(asked, program);
  if (real) asked.change((draft) => void delete draft.sought);
  if (real ? path === null : !rule && !isExecutable(container, program))
    return badRequest(`cannot find executable ${quoted(program)}`);
  const setting = settingOf(asked, payload);
  if ('kind' in setting) return setting;
  if (payload.terminal) return unsupported('pebble exec with a terminal');
  if (!rule) return unsupported(`pebble exec ${program}`);
  const stderr = payload['split-stderr'] ? { stderr: 'awaited' as const } : {};
  return spawn(asked, payload, {
    ...setting,
    change: String(container.nextChange),
    command,
    rule,
    timeout,
    sockets: { control: 'awaited', stdio: 'awaited', ...stderr },
    stdin: '',
    stdinEnded: false,
    signals: [],
    asked: now,
    started: null,
    ending: null,
    ended: false,
    frames: [],
  });
};
