/** What the tracer saw in the charm's process, in words: an event emitted or deferred, an exception raised. */
import { oneLine, plainText } from '../chart/plain-text.ts';
import type { Traced } from '../engine/record/format.ts';
import type { Shown } from './values.ts';
import { jsonText } from './values.ts';

export type TracedWords = {
  readonly label: string;
  readonly tone: 'plain' | 'warn' | 'bad';
  readonly line: string;
  readonly parts: readonly { readonly title: string; readonly shown: Shown }[];
};
type Data = Readonly<Record<string, unknown>>;

const LABELS: Readonly<Record<Traced['what'], string>> = {
  emit: 'event emitted',
  observe: 'observer called',
  defer: 'event deferred',
  raise: 'exception raised',
  sleep: 'slept',
};
/** Members that say what happened, in the order they are read; any others are folded. */
const NAMING = [
  'type',
  'event',
  'observer',
  'method',
  'handler',
  'exception',
  'message',
  'seconds',
];

export function tracedWords(traced: Traced): TracedWords {
  const tones = { raise: 'bad', defer: 'warn' } as const;
  const tone = traced.what === 'raise' || traced.what === 'defer' ? tones[traced.what] : 'plain';
  const { data } = traced;
  const label = LABELS[traced.what] ?? traced.what;
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    return { label, tone, line: plainText(textOf(data)), parts: [] };
  }
  const named = NAMING.flatMap((key) => {
    const value = (data as Data)[key];
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
  const line = named.length > 0 ? plainText(named.join(' · ')) : oneLine(jsonText(data), 200);
  return { label, tone, line, parts: named.length > 0 ? folded(data as Data) : [] };
}

/** Frames as a traceback would list them, the last call last; whatever else there is as JSON. */
function folded(data: Data): TracedWords['parts'] {
  const frames = Array.isArray(data['frames']) ? (data['frames'] as readonly Data[]) : null;
  const rest = Object.entries(data).filter(
    ([key]) => !NAMING.includes(key) && !(frames && key === 'frames'),
  );
  return [
    ...(frames ? [part('frames', frames.map(frameText).join('\n'))] : []),
    ...(rest.length > 0 ? [part('details', jsonText(Object.fromEntries(rest)))] : []),
  ];
}

function frameText(frame: Data): string {
  return `${String(frame['file'])}:${String(frame['line'])} in ${String(frame['function'])}`;
}

function part(title: string, text: string): TracedWords['parts'][number] {
  return { title, shown: { text: plainText(text), long: true } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : jsonText(value);
}
