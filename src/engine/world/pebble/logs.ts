/**
 * GET /v1/logs: what services printed, a line of JSON each, in order of time.
 * Source: pebble internals/daemon/api_logs.go.
 * Not modelled: following a log, which is refused by name.
 */
import type { Json } from '../../model/json.ts';
import type { Reply } from '../../model/request.ts';
import { badRequest } from './answer.ts';
import { names, type Handler } from './asked.ts';
import { momentText } from './go-time.ts';
import { planOfContainer } from './layer-list.ts';
import { lastLines, logEntries, type LogEntry } from './log-text.ts';
import { namesOf } from './plan.ts';
import type { Container } from './slice.ts';

const USUAL = 30;

/** JSON as Go writes it where it is not made safe for HTML. */
function plainJson(value: Json): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16)}`;
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, escape);
}

/** The last lines of each of the services, by when they were printed. */
function entriesOf(
  { services }: Container,
  wanted: readonly string[],
  count: number,
): readonly LogEntry[] {
  return [...new Set(wanted)]
    .filter((name) => Object.hasOwn(services, name))
    .sort()
    .flatMap((name) => {
      const log = services[name]?.life?.log ?? '';
      return logEntries(count < 0 ? log : lastLines(log, count));
    })
    .sort((a, b) => a.at - b.at);
}

function lines(entries: readonly LogEntry[]): Reply {
  const out = entries.map(({ at, service, message }) =>
    plainJson({ time: momentText(at), service, message }),
  );
  return {
    kind: 'reply',
    code: 200,
    out: out.map((line) => `${line}\n`).join(''),
    headers: { 'content-type': 'application/x-ndjson' },
  };
}

/** How many lines are asked for, -1 for all; null when it is no such number. */
function countIn(text: string): number | null {
  if (text === '') return USUAL;
  return /^[+-]?\d+$/.test(text) && Number(text) >= -1 ? Number(text) : null;
}

export const getLogs: Handler = ({ container, query }) => {
  const follow = query.get('follow') ?? '';
  if (!['', 'true', 'false'].includes(follow))
    return badRequest('follow parameter must be "true" or "false"');
  const count = countIn(query.get('n') ?? '');
  if (count === null) return badRequest('n must be -1, 0, or a positive integer');
  if (follow === 'true') return { kind: 'unsupported', what: 'pebble logs that are followed' };
  const asked = names(query, 'services');
  const wanted = asked.length > 0 ? asked : namesOf(planOfContainer(container).services);
  const entries = entriesOf(container, wanted, count);
  return lines(count > 0 ? entries.slice(-count) : entries);
};
