/**
 * GET and POST /v1/services: what runs, and changes that start, stop, restart and replan.
 * Source: pebble daemon/api_services.go and servstate/manager.go (Services, DefaultServiceNames,
 * Replan).
 */
import type { Draft } from 'immer';
import type { Answer } from '../../model/request.ts';
import { accepted, badRequest, failure, quoted, sync } from './answer.ts';
import { names, type Asked, type Handler } from './asked.ts';
import { replanChecks } from './check-plan.ts';
import { membersBefore } from './draft-members.ts';
import { momentText } from './go-time.ts';
import { stableText, type Json } from '../../model/json.ts';
import { planOfContainer } from './layer-list.ts';
import { lanes } from './order.ts';
import { entryOf, FormatError, namesOf, text, type Entries } from './plan.ts';
import { isWrong, payloadOf } from './payload.ts';
import type { Container, Task } from './slice.ts';
import { addChange, run } from './tasks.ts';

type Lanes = readonly (readonly string[])[];
/** What a request comes to: lanes to stop, then lanes to start, and what its summary speaks of. */
type Work = {
  readonly stop: Lanes;
  readonly start: Lanes;
  /** The services that were asked for. */
  readonly asked: readonly string[];
  /** How many services the summary counts. */
  readonly count: number;
};

export const getServices: Handler = ({ container, query }) => {
  const { services } = planOfContainer(container);
  const wanted = names(query, 'names');
  const shown = namesOf(services).filter((name) => wanted.length === 0 || wanted.includes(name));
  return sync(
    shown.map((name) => {
      const state = Object.hasOwn(container.services, name) ? container.services[name] : undefined;
      return {
        name,
        startup: text(services[name]!, 'startup') === 'enabled' ? 'enabled' : 'disabled',
        current: state?.current ?? 'inactive',
        ...(typeof state?.since === 'number' ? { 'current-since': momentText(state.since) } : {}),
      };
    }),
  );
};

function enabled(services: Entries): readonly string[] {
  return namesOf(services).filter((name) => text(services[name]!, 'startup') === 'enabled');
}

function counted(work: Lanes): number {
  return work.flat().length;
}

function started(services: Entries, asked: readonly string[]): Work {
  const start = lanes(services, asked, 'start');
  return { stop: [], start, asked, count: counted(start) };
}

function stopped(services: Entries, asked: readonly string[]): Work {
  const stop = lanes(services, asked, 'stop');
  return { stop, start: [], asked, count: counted(stop) };
}

/** Only what was asked for is stopped, but all it requires is started. */
function restarted(services: Entries, asked: readonly string[]): Work {
  const stop = lanes(services, asked, 'stop')
    .map((lane) => lane.filter((name) => asked.includes(name)))
    .filter((lane) => lane.length > 0);
  return { ...started(services, asked), stop };
}

/** Services that ran with another configuration than the plan's, and all that are enabled. */
function replanned(services: Entries, container: Container): Work {
  const changed = Object.keys(container.services).filter((name) => {
    const { running } = container.services[name]!;
    const config = services[name];
    return running !== config && stableText(running) !== stableText(config);
  });
  const on = enabled(services);
  const wanted = namesOf(services).filter((name) => changed.includes(name) || on.includes(name));
  const stop = changed.length === 0 ? [] : lanes(services, changed, 'stop');
  const start = wanted.length === 0 ? [] : lanes(services, wanted, 'start');
  const asked = [...new Set([...stop.flat(), ...start.flat()])].sort();
  return { stop, start, asked, count: asked.length };
}

function workFor(asked: Asked, action: string, services: readonly string[]): Work | null {
  const plan = planOfContainer(asked.container).services;
  switch (action) {
    case 'start':
      return started(plan, services);
    case 'autostart':
      return started(plan, lanes(plan, enabled(plan), 'start').flat());
    case 'stop':
      return stopped(plan, services);
    case 'restart':
      return restarted(plan, services);
    case 'replan':
      return replanned(plan, asked.container);
    default:
      return null;
  }
}

function summary(action: string, { asked, count }: Work): string {
  const title = `${action.charAt(0).toUpperCase()}${action.slice(1)}`;
  if (count === 0) return `${title} - no services`;
  const first = `${title} service ${quoted(asked[0] ?? '')}`;
  return count === 1 ? first : `${first} and ${count - 1} more`;
}

type Numbered = {
  readonly container: Draft<Container>;
  readonly now: number;
  /** The number of its first lane. */
  readonly lane: number;
};

function tasksOf(kind: 'start' | 'stop', work: Lanes, numbered: Numbered): Draft<Task>[] {
  const { container, now } = numbered;
  const title = kind === 'start' ? 'Start' : 'Stop';
  return work.flatMap((services, lane) =>
    services.map((service, index) => {
      const id = container.nextTask;
      container.nextTask += 1;
      return {
        id: String(id),
        kind,
        summary: `${title} service ${quoted(service)}`,
        status: 'Do',
        log: [],
        lane: numbered.lane + lane,
        waits: index === 0 ? [] : [String(id - 1)],
        service,
        until: null,
        spawned: now,
        ready: null,
      };
    }),
  );
}

/** Pebble runs services that are to be replanned by the plan's word from then on, whatever becomes of them. */
function takePlan(container: Draft<Container>): void {
  const { services } = planOfContainer(container as Container);
  const known = membersBefore(container.services);
  for (const name of Object.keys(known)) {
    const config = entryOf(services, name);
    if (!config || known[name]!.running === config) continue;
    container.services[name]!.running = config as Draft<Json>;
  }
}

function spawn(asked: Asked, action: string, work: Work): Answer {
  const { now } = asked;
  let id = '';
  asked.change((container) => {
    if (action === 'replan') takePlan(container);
    const stop = tasksOf('stop', work.stop, { container, now, lane: 0 });
    const start = tasksOf('start', work.start, { container, now, lane: work.stop.length });
    for (const task of start) task.waits.push(...stop.map((one) => one.id));
    const making = { kind: action, summary: summary(action, work), services: work.asked };
    if (action === 'replan') replanChecks(container, now);
    id = addChange(container, { ...making, tasks: [...stop, ...start] }, now);
    run(container, now);
  });
  return accepted(id);
}

/** What is wrong with the names that came with an action, or null. */
function refused(action: string, services: readonly string[]): Answer | null {
  if (action === 'replan' || action === 'autostart') {
    return services.length > 0 ? badRequest(`${action} accepts no service names`) : null;
  }
  return services.length === 0 ? badRequest(`must specify services for ${action} action`) : null;
}

export const postServices: Handler = (asked) => {
  const payload = payloadOf(asked.body, { action: 'string', services: '[]string' });
  if (isWrong(payload)) return badRequest(`cannot decode data from request body: ${payload.wrong}`);
  const { action, services } = payload;
  const refusal = refused(action, services);
  if (refusal) return refusal;
  if (action === 'autostart' && enabled(planOfContainer(asked.container).services).length === 0) {
    return failure(400, 'no default services', 'no-default-services');
  }
  try {
    const work = workFor(asked, action, services);
    return work ? spawn(asked, action, work) : badRequest(`invalid action ${quoted(action)}`);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return badRequest(`cannot ${action} services: ${error.message}`);
  }
};

export const oneService: Handler = () => badRequest('not implemented');
