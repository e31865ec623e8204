/**
 * Everything that happens in one dispatch, written down in order of arrival with one sequence number.
 * Long or binary texts are kept by digest. Calls that only ask for the time are not written down.
 */
import type { Blobs } from '../model/counterpart.ts';
import type { Event } from '../model/event.ts';
import type { Millis, Reply, Request, Sockets } from '../model/request.ts';
import type { Json } from '../model/json.ts';
import type { Call, TraceEntry, RecordedRequest, Text } from '../record/format.ts';
import { isReply, parseArguments } from '../world/juju/arguments.ts';
import { jujuLog, logLines, type LogLine } from '../world/juju/log.ts';
import type { SliceName, State } from '../world/state.ts';
import { openExecutions } from './executions.ts';
import type { Effect } from './transaction.ts';

const TEXT_BYTES_MAX = 16_384;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text itself when it is short UTF-8, else where it is kept. */
export function recordedText(value: string | Uint8Array, blobs: Blobs): Text {
  const bytes = typeof value === 'string' ? encoder.encode(value) : value;
  if (bytes.length <= TEXT_BYTES_MAX) {
    try {
      return { text: utf8.decode(bytes) };
    } catch {
      // Not UTF-8: kept as bytes.
    }
  }
  return { digest: blobs.put(bytes), size: bytes.length };
}

/** Null: it is told with the call that it belongs to. */
function recordedRequest(request: Request, blobs: Blobs): RecordedRequest | null {
  switch (request.kind) {
    case 'commands':
      return {
        kind: 'commands',
        argv: request.argv,
        ...(request.stdin === null ? {} : { stdin: recordedText(request.stdin, blobs) }),
      };
    case 'http':
      return {
        kind: 'http',
        container: request.channel,
        method: request.method,
        url: request.url,
        ...(request.body.length === 0 ? {} : { body: recordedText(request.body, blobs) }),
      };
    case 'calls':
      return { kind: 'calls', name: request.name, args: request.args };
    case 'websocket':
    case 'rest':
      return null;
  }
}

function isEmpty(value: string | Uint8Array): boolean {
  return value.length === 0;
}

type Happened = {
  to: SliceName;
  at: Millis;
  request: Request;
  reply: Reply;
  effects: readonly Effect[];
};
export type Entries = {
  readonly all: TraceEntry[];
  call(happened: Happened): void;
  line(from: 'stdout' | 'stderr', message: string): void;
  traced(what: 'emit' | 'observe' | 'defer' | 'raise', data: Json): void;
  /** Frames that were sent on websockets. */
  sent(frames: Sockets['frames']): void;
  /** Tells of each program that was executed what it was given and what came of it. */
  executed(state: State): void;
  /** A line of the agent's own. */
  said(message: string): void;
};

/** The lines that a juju-log left; null when the call was another. */
function asLogLines({ request, reply }: Happened, relation: string): readonly LogLine[] | null {
  if (request.kind !== 'commands' || request.argv[0] !== 'juju-log' || reply.code !== 0)
    return null;
  const parsed = parseArguments(request.argv.slice(1), jujuLog.flags);
  return isReply(parsed) ? null : logLines(parsed, relation);
}

/**
 * What is only remembered is no effect: a hook's memory, databags as they were fetched, programs under way.
 */
function isMemory({ path }: Effect): boolean {
  const [slice, , , member = '', , life, wanted] = path;
  const isRun = life === 'life' && wanted === 'real';
  const underWay = slice === 'pebble' && (['executions', 'sought'].includes(member) || isRun);
  return underWay || path[1] === 'hook' || (path[1] === 'relations' && path[3] === 'known');
}

/** `event`: a line of juju-log in a relation hook names the relation. */
export function openEntries(blobs: Blobs, event: Event): Entries {
  const relation = event.kind === 'relation' ? `${event.endpoint}:${event.relation}` : '';
  const all: TraceEntry[] = [];
  const executions = openExecutions(blobs, recordedText);
  return {
    all,
    sent: executions.sent,
    executed(state) {
      for (const [place, exec] of executions.recorded(state)) {
        all[place] = { ...(all[place] as Call), exec };
      }
    },
    call(happened) {
      const { to, at, request, reply, effects } = happened;
      if (request.kind === 'calls' && request.name === 'now') return;
      const recorded = recordedRequest(request, blobs);
      // A websocket that is opened is told with the call that asked for the program, as its frames are.
      if (!recorded || reply.code === 101) return;
      const logged = asLogLines(happened, relation);
      if (logged) {
        for (const line of logged) {
          all.push({ kind: 'log', seq: all.length + 1, from: 'juju-log', ...line });
        }
        return;
      }
      const answer = {
        code: reply.code,
        ...(isEmpty(reply.out) ? {} : { out: recordedText(reply.out, blobs) }),
        ...(reply.err === undefined || reply.err === '' ? {} : { err: reply.err }),
      };
      executions.asked(all.length, request, reply);
      all.push({
        kind: 'call',
        seq: all.length + 1,
        to,
        at,
        request: recorded,
        answer,
        effects: effects.filter((effect) => !isMemory(effect)),
      });
    },
    line(from, message) {
      const level = from === 'stdout' ? 'DEBUG' : 'WARNING';
      all.push({ kind: 'log', seq: all.length + 1, level, from, message });
    },
    traced(what, data) {
      all.push({ kind: 'traced', seq: all.length + 1, what, data });
    },
    said(message) {
      all.push({ kind: 'log', seq: all.length + 1, level: 'ERROR', from: 'juju', message });
    },
  };
}
