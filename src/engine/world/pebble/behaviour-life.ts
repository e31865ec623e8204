/**
 * The life of a service and its process: which phase it is in, what comes of it by itself and when, what it has
 * printed.
 * Source: pebble internals/overlord/servstate/handlers.go (serviceData, transition, startInternal) and manager.go
 * (stateToStatus).
 */
import type { Draft } from 'immer';
import type { Json } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';
import { backoffLimit, exitCode, programOf } from './behaviour-program.ts';
import { printed } from './log-text.ts';
import type { Container, Phase, ServiceLife, ServiceState, ServiceTimer } from './slice.ts';

type Life = Draft<ServiceLife>;
export type Live = Draft<ServiceState> & { life: Life };
/** A service of a container that is being changed, at a moment. */
export type Here = {
  readonly container: Draft<Container>;
  readonly name: string;
  readonly at: Millis;
};

const STATUS: Readonly<Record<Phase, ServiceState['current']>> = {
  initial: 'error',
  starting: 'active',
  running: 'active',
  terminating: 'inactive',
  killing: 'inactive',
  stopped: 'inactive',
  backoff: 'backoff',
  exited: 'error',
};
const PHASE: Readonly<Record<ServiceState['current'], Phase>> = {
  active: 'running',
  inactive: 'stopped',
  backoff: 'backoff',
  error: 'exited',
};

function newLife(phase: Phase): Life {
  return { phase, timers: [], backoffs: 0, backoff: 0, restarting: false, starts: 0, log: '' };
}

/** The service of that name that Pebble knows, or null when it was never started. */
export function liveService(container: Draft<Container>, name: string): Live | null {
  const service = Object.hasOwn(container.services, name) ? container.services[name] : undefined;
  if (!service) return null;
  service.life ??= newLife(PHASE[service.current]);
  return service as Live;
}

/** A service that is started for the first time. */
export function addService({ container, name }: Here, running: Json): Live {
  container.services[name] = {
    current: 'error',
    since: null,
    running: running as Draft<Json>,
    life: newLife('initial'),
  };
  return container.services[name] as Live;
}

export function moveTo(service: Live, phase: Phase, at: Millis, restarting = false): void {
  const status = STATUS[phase];
  if (service.current !== status || service.since === null) service.since = at;
  service.current = status;
  service.life.phase = phase;
  service.life.restarting = restarting;
}

export function setTimer({ life }: Live, timer: ServiceTimer): void {
  life.timers.push(timer);
}

export function clearTimers({ life }: Live, what: readonly ServiceTimer['what'][]): void {
  life.timers = life.timers.filter((timer) => !what.includes(timer.what));
}

/** The process exits by then, unless it does so earlier. */
export function exitsBy(service: Live, at: Millis, code: number): void {
  const known = service.life.timers.find(({ what }) => what === 'exit');
  if (known && known.at <= at) return;
  clearTimers(service, ['exit']);
  setTimer(service, { what: 'exit', at, code });
}

export function print(service: Live, { name, at }: Here, text: string, anew = false): void {
  const { life } = service;
  life.log = printed(life.log, { service: name, text, at }, anew);
}

/** Sets off a process that behaves as the tree says. */
export function spawnProcess(service: Live, here: Here): void {
  const { exits, after, output, run } = programOf(here.container as Container, here.name);
  const { life } = service;
  life.starts += 1;
  print(service, here, output, true);
  if (exits !== undefined) exitsBy(service, here.at + after, exitCode(exits));
  if (run === 'real') life.real = 'wanted';
  if (life.backoffs > 0)
    setTimer(service, { what: 'reset', at: here.at + backoffLimit(service as ServiceState) });
}
