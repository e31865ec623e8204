/**
 * Pebble as a charm's counterpart: one HTTP server per workload container, all effects immediate.
 * Source: pebble internals/daemon; Juju puts each socket where `channels` says.
 */
import { produce, type Draft } from 'immer';
import type { Charm } from '../../model/charm.ts';
import type { Counterpart } from '../../model/counterpart.ts';
import type { Brought, Errand } from '../../model/errand.ts';
import type { Event } from '../../model/event.ts';
import type { Answer, Millis } from '../../model/request.ts';
import { changer } from './asked.ts';
import { serviceBrought, serviceErrand } from './behaviour-real.ts';
import { beginChecks, isIdle } from './check-plan.ts';
import { execBrought, execErrand } from './exec-real.ts';
import { executionOf, type At } from './exec-run.ts';
import { cameOn, socketsOf } from './exec-sockets.ts';
import { endpointOf } from './request-url.ts';
import { answerAt } from './endpoints.ts';
import { isQuiet, nextMoment, pass } from './passing.ts';
import type { Container, PebbleSlice } from './slice.ts';

function containerOf(slice: PebbleSlice, name: string): Container | undefined {
  return Object.hasOwn(slice.containers, name) ? slice.containers[name] : undefined;
}

/**
 * Juju delivers pebble-ready because the container's Pebble answers: from then on it does. A Pebble that is up has
 * begun its checks.
 */
function open(slice: PebbleSlice, event: Event, _charm: Charm, now: Millis): PebbleSlice {
  const up = produce(slice, (draft) => {
    if (event.kind !== 'pebble-ready') return;
    const container = draft.containers[event.container];
    if (container) container.canConnect = true;
  });
  const idle = Object.keys(up.containers).filter((name) => isIdle(up.containers[name]!, now));
  return produce(up, (draft) => {
    for (const name of idle) beginChecks(draft.containers[name]!, now);
  });
}

/** The containers whose socket is there, sorted by name. */
function connectable(slice: PebbleSlice): readonly string[] {
  return Object.keys(slice.containers)
    .filter((name) => slice.containers[name]?.canConnect)
    .sort();
}

function errandOf(name: string, container: Container, at: At): Errand | null {
  return execErrand(name, container, at) ?? serviceErrand(name, container, at);
}

function takeBrought(
  container: Draft<Container>,
  errand: Errand,
  brought: Brought,
  at: At,
): string | null {
  return errand.kind === 'run' && errand.id.startsWith('service ') && brought.kind === 'ran'
    ? serviceBrought(container, errand.id, brought, at)
    : execBrought(container, errand, brought, at);
}

/** Pebble has ended since its socket was laid out. */
const GONE: Answer = { kind: 'reply', code: 0, out: '', hangUp: true };

export const pebble: Counterpart<'pebble', PebbleSlice> = {
  name: 'pebble',
  channels: (slice) =>
    connectable(slice).map((name) => ({
      kind: 'http',
      channel: name,
      socket: `/charm/containers/${name}/pebble.socket`,
    })),
  handle(draw, request): Answer {
    if (request.kind !== 'http' && request.kind !== 'websocket')
      return { kind: 'unsupported', what: `pebble ${request.kind}` };
    const name = request.channel;
    const container = containerOf(draw.seen, name);
    if (request.kind === 'websocket') {
      const { socket, frame } = request;
      const rule = container && executionOf(container, socket.split('/')[0] ?? '')?.rule;
      const at = { at: draw.now, blobs: draw.blobs };
      return cameOn({ socket, frame, rule, at, change: changer(draw, name) });
    }
    if (!container) throw new Error(`a request came to ${name}, which is no container`);
    if (!container.canConnect) return GONE;
    const { path, query } = endpointOf(request.url);
    return answerAt(path, {
      container,
      method: request.method,
      query,
      parts: [],
      headers: request.headers,
      body: request.body,
      now: draw.now,
      since: draw.asked,
      blobs: draw.blobs,
      change: changer(draw, name),
    });
  },
  due(slice) {
    const ends = Object.values(slice.containers)
      .map(nextMoment)
      .filter((end) => end !== null);
    return ends.length === 0 ? null : Math.min(...ends);
  },
  advance(slice, to) {
    const names = Object.keys(slice.containers);
    const moved = names.filter((name) => !isQuiet(slice.containers[name]!, to));
    if (moved.length === 0) return slice;
    return produce(slice, (draft) => {
      for (const name of moved) pass(draft.containers[name]!, to);
    });
  },
  errand(slice, at) {
    const names = Object.keys(slice.containers).sort();
    const each = names.map((name) => errandOf(name, slice.containers[name]!, at));
    return each.find((errand) => errand !== null) ?? null;
  },
  brought(slice, errand, brought, at) {
    const container = slice.containers[errand.container];
    if (!container) throw new Error(`no container ${errand.container}`);
    return takeBrought(container, errand, brought, at);
  },
  open,
  sockets: socketsOf,
};
