/**
 * Pebble's answers: the envelope every endpoint puts around what it has to say.
 * Source: pebble internals/daemon/response.go.
 * Not modelled: `maintenance` and `latest-warning`, which appear when the daemon restarts or warns.
 */
import type { Json, JsonObject } from '../../model/json.ts';
import type { Reply } from '../../model/request.ts';

const STATUS_TEXT: Readonly<Record<number, string>> = {
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
};
export type ErrorKind =
  'no-default-services' | 'not-found' | 'permission-denied' | 'generic-file-error';

/** JSON as Go writes it: what HTML would take for markup is escaped. */
export function goJson(value: Json): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escape);
}

/** The envelope as data, members in Pebble's order. */
export function envelope(type: string, status: number, more: JsonObject): JsonObject {
  return { type, 'status-code': status, status: STATUS_TEXT[status] ?? '', ...more };
}

function reply(type: string, status: number, more: JsonObject): Reply {
  return {
    kind: 'reply',
    code: status,
    out: goJson(envelope(type, status, more)),
    headers: { 'content-type': 'application/json' },
  };
}

export function sync(result: Json): Reply {
  return reply('sync', 200, { result });
}

/** What is done and has nothing to tell. */
export function done(): Reply {
  return reply('sync', 200, {});
}

/** What a health endpoint says when a check is down. */
export function unhealthy(): Reply {
  return reply('sync', 502, { result: { healthy: false } });
}

/** 202 with the id of the change that goes on. */
export function accepted(change: string, result: Json = null): Reply {
  return reply('async', 202, { change, result });
}

export function failure(status: number, message: string, kind?: ErrorKind): Reply {
  return reply('error', status, { result: { message, ...(kind === undefined ? {} : { kind }) } });
}

export function badRequest(message: string): Reply {
  return failure(400, message);
}

/** A string as Go's %q prints it; a byte that is no UTF-8 is a lone surrogate. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/\\udc([89a-f][\da-f])/g, '\\x$1');
}
