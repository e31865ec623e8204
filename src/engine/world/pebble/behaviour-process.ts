/**
 * The process of a service: which phase it is in, what comes of it by itself and when, what it has printed.
 * Source: pebble internals/overlord/servstate/handlers.go (serviceData, transition, startInternal) and manager.go
 * (stateToStatus).
 */
import type { Draft } from 'immer';
import type { Json } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';
import { backoffLimit, exitCode, programOf } from './behaviour-program.ts';
import { printed } from './log-text.ts';
import type { Container, Phase, ServiceProcess, ServiceState, ServiceTimer } from './slice.ts';

export type Process = Draft<ServiceProcess>;
export type Live = Draft<ServiceState> & { process: Process };
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

function newProcess(phase: Phase): Process {
  return { phase, timers: [], backoffs: 0, backoff: 0, restarting: false, starts: 0, log: '' };
}

/** The service of that name that Pebble knows, or null when it was never started. */
export function liveService(container: Draft<Container>, name: string): Live | null {
  const service = Object.hasOwn(container.services, name) ? container.services[name] : undefined;
  if (!service) return null;
  service.process ??= newProcess(PHASE[service.current]);
  return service as Live;
}

/** A service that is started for the first time. */
export function addService({ container, name }: Here, running: Json): Live {
  container.services[name] = {
    current: 'error',
    since: null,
    running: running as Draft<Json>,
    process: newProcess('initial'),
  };
  return container.services[name] as Live;
}

export function moveTo(service: Live, phase: Phase, at: Millis, restarting = false): void {
  const status = STATUS[phase];
  if (service.current !== status || service.since === null) service.since = at;
  service.current = status;
  service.process.phase = phase;
  service.process.restarting = restarting;
}

export function setTimer({ process }: Live, timer: ServiceTimer): void {
  process.timers.push(timer);
}

export function clearTimers({ process }: Live, what: readonly ServiceTimer['what'][]): void {
  process.timers = process.timers.filter((timer) => !what.includes(timer.what));
}

/** The process exits by then, unless it does so earlier. */
export function exitsBy(service: Live, at: Millis, code: number): void {
  const known = service.process.timers.find(({ what }) => what === 'exit');
  if (known && known.at <= at) return;
  clearTimers(service, ['exit']);
  setTimer(service, { what: 'exit', at, code });
}

export function print(service: Live, { name, at }: Here, text: string, anew = false): void {
  const { process } = service;
  process.log = printed(process.log, { service: name, text, at }, anew);
}

/** Sets off a process that behaves as the tree says. */
export function spawnProcess(service: Live, here: Here): void {
  const { exits, after, output } = programOf(here.container as Container, here.name);
  const { process } = service;
  process.starts += 1;
  print(service, here, output, true);
  if (exits !== undefined) exitsBy(service, here.at + after, exitCode(exits));
  if (process.backoffs > 0)
    setTimer(service, { what: 'reset', at: here.at + backoffLimit(service as ServiceState) });
}
