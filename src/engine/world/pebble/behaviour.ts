/**
 * Services as they live: started, stopped, killed when they do not stop, restarted when they exit, after a back-off
 * that grows. Times that were set before a service was started anew still run out, as in Pebble.
 * Source: pebble internals/overlord/servstate/handlers.go, state-diagram.dot.
 * Not modelled: a process that even SIGKILL does not end; what Pebble's own end makes of the container, which stays as
 * it is, unreachable, until the tree restarts it. A restart comes no sooner than a millisecond after the exit.
 */
import type { Draft } from 'immer';
import type { Json } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';
import {
  checkAction,
  exitAction,
  exitCode,
  killDelay,
  nextBackoff,
  programOf,
} from './behaviour-program.ts';
import * as life from './behaviour-life.ts';
import type { Here, Live } from './behaviour-life.ts';
import { remember } from './history.ts';
import { diedOf, signalNumber } from './signal-numbers.ts';
import type { Container, Reaction, ServiceEvent, ServiceState, ServiceTimer } from './slice.ts';

const OKAY_DELAY: Millis = 1000;
/** The end of a task that waited for a service. `error`: why it failed. */
export type Told = {
  readonly task: 'start' | 'stop';
  readonly service: string;
  readonly error: string | null;
};
/** What a task finds when it begins: it waits, or it is over at once, with something to say. */
export type Begun = { readonly waits: boolean; readonly says?: string; readonly fails?: string };

function tell({ container, name, at }: Here, event: Omit<ServiceEvent, 'at' | 'service'>): void {
  const isRun = event.what === 'started' || event.what === 'restarted';
  const real = isRun && programOf(container as Container, name).run === 'real';
  remember(container, { at, service: name, ...event, ...(real ? { real } : {}) });
}

function says(name: string, what: string): string {
  return `Service ${JSON.stringify(name)} ${what}.`;
}

export function startService(here: Here, config: Json, by: string): Begun {
  const { container, name, at } = here;
  const known = life.liveService(container, name);
  const service = known ?? life.addService(here, config);
  service.running = config as Draft<Json>;
  const { phase } = service.life;
  if (phase === 'starting' || phase === 'running')
    return { waits: false, says: says(name, 'already started') };
  if (phase === 'terminating' || phase === 'killing')
    return { waits: false, fails: `cannot start service while ${phase}` };
  service.life.backoffs = 0;
  service.life.backoff = 0;
  life.moveTo(service, 'initial', at);
  life.spawnProcess(service, here);
  life.moveTo(service, 'starting', at);
  life.setTimer(service, { what: 'okay', at: at + OKAY_DELAY });
  tell(here, { what: 'started', by });
  return { waits: true };
}

/** A start that is told to stop: its process is killed, and nobody minds how it ends. */
export function abortStart(here: Here): void {
  const service = life.liveService(here.container, here.name);
  if (service?.life.phase !== 'starting') return;
  life.clearTimers(service, ['exit', 'reset']);
  tell(here, { what: 'killed', by: 'abort' });
  tell(here, { what: 'exited', code: diedOf('SIGKILL') });
  life.moveTo(service, 'stopped', here.at);
}

/** `told`: the start that this stop cuts short. */
export function stopService(here: Here, by: string): Begun & { readonly told: readonly Told[] } {
  const { container, name, at } = here;
  const over = (what: string): Begun & { told: [] } => ({
    waits: false,
    says: says(name, what),
    told: [],
  });
  const service = life.liveService(container, name);
  if (!service) return over('has never been started');
  switch (service.life.phase) {
    case 'terminating':
    case 'killing':
      return over('already stopping');
    case 'stopped':
      return over('already stopped');
    case 'exited':
      life.moveTo(service, 'stopped', at);
      return over('had already exited');
    case 'backoff':
      life.moveTo(service, 'stopped', at);
      tell(here, { what: 'stopped', by });
      return { waits: false, told: [] };
    default: {
      const started = service.life.phase === 'starting';
      terminate(service, here);
      tell(here, { what: 'stopped', by });
      const error = 'stopped before the 1s okay delay';
      return { waits: true, told: started ? [{ task: 'start', service: name, error }] : [] };
    }
  }
}

/** SIGTERM, and a while later SIGKILL. */
function terminate(service: Live, here: Here, restarting = false): void {
  receive(service, here, 'SIGTERM');
  life.moveTo(service, 'terminating', here.at, restarting);
  const at = here.at + killDelay(service as ServiceState);
  life.setTimer(service, { what: 'terminate', at });
}

/** Signals that a program is taken to have a use for, or that Linux itself makes nothing of. */
const HARMLESS = ['HUP', 'USR1', 'USR2', 'CHLD', 'CONT', 'URG', 'WINCH'].map(
  (name) => `SIG${name}`,
);

/** What the program does when it gets a signal: what the tree says, else it dies of most. */
function receive(service: Live, here: Here, signal: string): Reaction | null {
  const { slow, signals = {} } = programOf(here.container as Container, here.name);
  const exits = (code: number): void => {
    life.exitsBy(service, here.at + (signal === 'SIGTERM' ? slow : 0), code);
  };
  const reaction =
    signal !== 'SIGKILL' && Object.hasOwn(signals, signal) ? signals[signal] : undefined;
  if (!reaction) {
    if (!HARMLESS.includes(signal)) exits(diedOf(signal));
    return null;
  }
  life.print(service, here, reaction.output ?? '');
  if (reaction.exits !== undefined) exits(exitCode(reaction.exits));
  return reaction;
}

/** Sends a signal to the process of a service: what it makes of it, or why it cannot be sent. */
export function signalService(
  here: Here,
  signal: string,
): { readonly error: string } | { readonly reaction: Reaction | null } {
  const service = life.liveService(here.container, here.name);
  const { phase } = service?.life ?? {};
  if (!service || (phase !== 'starting' && phase !== 'running'))
    return { error: 'service is not running' };
  if (signalNumber(signal) === null)
    return { error: `invalid signal name ${JSON.stringify(signal)}` };
  tell(here, { what: 'signalled', signal });
  return { reaction: receive(service, here, signal) };
}

function backOff(service: Live, at: Millis): void {
  const own = service.life;
  own.backoffs += 1;
  own.backoff = nextBackoff(service as ServiceState, own.backoff);
  life.moveTo(service, 'backoff', at);
  life.setTimer(service, { what: 'restart', at: at + Math.max(1, own.backoff) });
}

/** Pebble ends, and with it all that runs. */
function shutDown(here: Here): void {
  const { container, at } = here;
  tell(here, { what: 'shut-down' });
  for (const name of Object.keys(container.services)) {
    const service = life.liveService(container, name)!;
    service.life.timers = [];
    life.moveTo(service, 'stopped', at);
  }
  container.checks = {};
  container.canConnect = false;
}

/** A process that nobody had asked to stop has ended. */
function unexpected(service: Live, here: Here, code: number): void {
  const action = exitAction(service as ServiceState, code);
  tell(here, { what: 'exited', code, next: action });
  if (action === 'restart') return backOff(service, here.at);
  life.moveTo(service, action === 'ignore' && code === 0 ? 'stopped' : 'exited', here.at);
  if (action !== 'ignore') shutDown(here);
}

function exited(service: Live, here: Here, code: number): readonly Told[] {
  const { phase, restarting } = service.life;
  life.clearTimers(service, ['reset']);
  if (phase === 'starting' || phase === 'running') {
    const action = exitAction(service as ServiceState, code);
    unexpected(service, here, code);
    const error = `exited quickly with code ${code}, will ${action}`;
    return phase === 'starting' ? [{ task: 'start', service: here.name, error }] : [];
  }
  tell(here, { what: 'exited', code });
  if (restarting) {
    backOff(service, here.at);
    return [];
  }
  life.moveTo(service, 'stopped', here.at);
  return [{ task: 'stop', service: here.name, error: null }];
}

function kill(service: Live, here: Here): void {
  tell(here, { what: 'killed', by: 'kill-delay' });
  life.moveTo(service, 'killing', here.at, service.life.restarting);
  life.exitsBy(service, here.at, diedOf('SIGKILL'));
}

/** A timer that finds its service in another phase than it was meant for comes to nothing. */
function runOut(service: Live, here: Here, { what, code = 0 }: ServiceTimer): readonly Told[] {
  const { phase } = service.life;
  if (what === 'exit') return exited(service, here, code);
  if (what === 'okay' && phase === 'starting') {
    life.moveTo(service, 'running', here.at);
    return [{ task: 'start', service: here.name, error: null }];
  }
  if (what === 'terminate' && phase === 'terminating') kill(service, here);
  if (what === 'restart' && phase === 'backoff') {
    life.spawnProcess(service, here);
    life.moveTo(service, 'running', here.at);
    tell(here, { what: 'restarted', by: 'backoff' });
  }
  if (what === 'reset' && phase === 'running') {
    service.life.backoffs = 0;
    service.life.backoff = 0;
  }
  return [];
}

const RANK: readonly ServiceTimer['what'][] = ['okay', 'terminate', 'reset', 'restart', 'exit'];

/** When something next happens to a service by itself, or null. */
export function nextTimer({ services }: Container): Millis | null {
  const moments = Object.values(services).flatMap(({ life: own }) =>
    (own?.timers ?? []).map(({ at }) => at),
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Lets one thing happen that is due at that very moment. */
export function fire(container: Draft<Container>, at: Millis): readonly Told[] {
  const due = Object.keys(container.services)
    .sort()
    .flatMap((name) =>
      (container.services[name]?.life?.timers ?? []).map((timer) => ({ name, timer })),
    )
    .filter(({ timer }) => timer.at === at)
    .sort((a, b) => RANK.indexOf(a.timer.what) - RANK.indexOf(b.timer.what));
  const [first] = due;
  if (!first) return [];
  const { name, timer } = first;
  const service = life.liveService(container, name)!;
  service.life.timers.splice(service.life.timers.indexOf(timer), 1);
  return runOut(service, { container, name, at }, { ...timer });
}

/** A check has failed as often as its threshold says: what services that mind it do. */
export function checkFailed(container: Draft<Container>, check: string, at: Millis): void {
  for (const name of Object.keys(container.services).sort()) {
    const service = life.liveService(container, name)!;
    const action = checkAction(service as ServiceState, check);
    const { phase } = service.life;
    if (!action || !['running', 'backoff', 'exited'].includes(phase)) continue;
    const here = { container, name, at };
    if (action === 'restart') {
      if (phase === 'running') {
        tell(here, { what: 'stopped', by: 'check' });
        terminate(service, here, true);
      } else if (phase === 'exited') backOff(service, at);
    } else if (action !== 'ignore') {
      shutDown(here);
      return;
    }
  }
}
