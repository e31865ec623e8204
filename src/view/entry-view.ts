/** What happened in a dispatch, entry by entry, as lines of a page. The order is the record's own. */
import { oneLine, plainText } from '../chart/plain-text.ts';
import type {
  Call,
  TraceEntry,
  LogLine,
  NodeRecord,
  RecordedExec,
} from '../engine/record/format.ts';
import { callee, callLine, effectPlace, isRefusal } from './call-words.ts';
import { changeSubject } from './change-words.ts';
import { tracedWords } from './traced-words.ts';
import type { Shown } from './values.ts';
import { counted, shownText } from './values.ts';

export type EntryView = {
  readonly seq: number;
  /** What kind of line it is, in a word or two: `hook command`, `Pebble in web`, `log`, `emitted`. */
  readonly label: string;
  readonly family: 'command' | 'pebble' | 'process' | 'log' | 'traced';
  readonly tone: 'plain' | 'warn' | 'bad';
  readonly line: string;
  /** What goes under the line, folded when long: answers, bodies, data. */
  readonly parts: readonly { readonly title: string; readonly shown: Shown }[];
  /** Values it wrote, and whether they landed at once or with the commit. */
  readonly effects: readonly string[];
  /** Seconds that passed on the trace's clock since the entry before; 0 mostly. */
  readonly waited: number;
};

export function entryViews(record: NodeRecord): readonly EntryView[] {
  let last: number | null = null;
  return record.entries.map((entry) => {
    const at = entry.kind === 'call' ? entry.at : last;
    const waited = last !== null && at !== null ? (at - last) / 1000 : 0;
    last = at;
    return { ...entryView(entry), waited };
  });
}

function entryView(entry: TraceEntry): Omit<EntryView, 'waited'> {
  switch (entry.kind) {
    case 'call':
      return callView(entry);
    case 'log':
      return logView(entry);
    case 'traced':
      return { seq: entry.seq, family: 'traced', effects: [], ...tracedWords(entry) };
  }
}

function callView(call: Call): Omit<EntryView, 'waited'> {
  const { request } = call;
  const family = { commands: 'command', http: 'pebble', calls: 'process' } as const;
  const refused = isRefusal(call);
  const shown = call.exec ? execParts(call.exec) : askedParts(call, refused);
  return {
    seq: call.seq,
    label: callee(call),
    family: family[request.kind],
    tone: refused ? 'bad' : 'plain',
    line: callLine(call),
    parts: shown,
    effects: effectWords(call),
  };
}

function askedParts(call: Call, refused: boolean): EntryView['parts'] {
  const { request } = call;
  return [
    ...(request.kind === 'http' ? part('request body', shownText(request.body)) : []),
    ...(request.kind === 'commands' ? part('stdin', shownText(request.stdin)) : []),
    ...answerParts(call, refused),
  ];
}

/** A program that was executed: what went in, what came out. */
function execParts({ stdin, stdout, stderr, exit, real }: RecordedExec): EntryView['parts'] {
  const ended = `${exit === null ? 'did not end' : `exit ${exit}`}${real ? ', really run' : ''}`;
  return [
    ...part('stdin', shownText(stdin)),
    ...part('stdout', shownText(stdout)),
    ...part('stderr', shownText(stderr)),
    ...part('ended', { text: ended, long: false }),
  ];
}

function answerParts({ request, answer }: Call, refused: boolean): EntryView['parts'] {
  const code = request.kind === 'http' ? `answer ${answer.code}` : `exit ${answer.code}`;
  const parts = [
    ...part(refused || request.kind === 'http' ? code : 'answer', shownText(answer.out)),
    ...part(
      refused ? `stderr, ${code}` : 'stderr',
      shownText(answer.err ? { text: answer.err } : undefined),
    ),
  ];
  return refused && parts.length === 0 ? part(code, { text: 'no output', long: false }) : parts;
}

function effectWords(call: Call): string[] {
  const words = call.effects.map((effect) => {
    const place = effectPlace(call, effect.path);
    const subject = oneLine(changeSubject(place.slice, place.path).text, 100);
    return `${subject} (${effect.when === 'now' ? 'at once' : 'when the hook commits'})`;
  });
  return [...new Set(words)];
}

function part(title: string, shown: Shown | null): { title: string; shown: Shown }[] {
  return shown ? [{ title, shown }] : [];
}

function logView(log: LogLine): Omit<EntryView, 'waited'> {
  const level = log.level.toUpperCase();
  const bad = level === 'ERROR' || level === 'CRITICAL';
  const message = plainText(log.message);
  const [line = '', ...rest] = message.split('\n');
  return {
    seq: log.seq,
    label: `${level} ${log.from === 'juju-log' ? 'log' : log.from}`,
    family: 'log',
    tone: bad ? 'bad' : level === 'WARNING' ? 'warn' : 'plain',
    line,
    parts: part(counted(rest.length, 'more line'), moreLines(rest)),
    effects: [],
  };
}

function moreLines(lines: readonly string[]): Shown | null {
  return lines.length === 0 ? null : { text: lines.join('\n'), long: true };
}
