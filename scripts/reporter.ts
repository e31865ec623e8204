/**
 * What a person or a machine reads while trees are played: a moving line on a terminal, plain lines elsewhere, and a
 * table of outcomes at the end. With --json, one object a line.
 */
import { reasonLine } from '../src/view/reason-line.ts';
import type { Outcome, Problem } from '../src/engine/model/outcome.ts';
import { printable, printableLine } from './printable.ts';
import type { PlayEvent, Played } from './play-project.ts';

export type Reporter = { on(event: PlayEvent): void; end(played: Played): void };

type Output = { write(text: string): unknown; isTTY?: boolean };

/** `there is no relation on endpoint db (add relations: {db: })`. */
function problemText({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message} (${hint})`;
}

function reasonOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'failed':
    case 'timed-out':
      return reasonLine(outcome.reason);
    case 'inconsistent':
    case 'commit-failed':
      return outcome.problems.map(problemText).join('; ');
    case 'parent-failed':
      return `because of ${outcome.node}`;
    case 'root':
    case 'played':
      return '';
  }
}

export function jsonReporter(output: Output): Reporter {
  const line = (value: object): void => void output.write(`${JSON.stringify(value)}\n`);
  return { on: line, end: ({ counts, code }) => line({ kind: 'done', counts, exitCode: code }) };
}

function nodeLine(event: Extract<PlayEvent, { kind: 'node' }>): string | null {
  const odd = [
    ...event.unmet.map(({ what }) => `unmet: ${what}`),
    ...event.unexpected.map(({ path, expected, actual }) => {
      return `expected ${path} ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`;
    }),
  ];
  const plain = ['root', 'played'].includes(event.outcome.kind) && odd.length === 0;
  if (plain) return null;
  const why = [reasonOf(event.outcome), ...odd].filter((text) => text !== '').join('; ');
  return printableLine(
    `${event.asExpected ? ' ' : '!'} ${event.outcome.kind}  ${event.id}  ${why}`,
  );
}

function table(played: Played): string {
  const { counts } = played;
  const rows = Object.entries(counts.outcomes).map(
    ([kind, count]) => `  ${kind.padEnd(14)} ${String(count).padStart(5)}`,
  );
  const more = [
    `${counts.dispatched} dispatched, ${counts.cached} from the cache`,
    ...(counts.unmet > 0 ? [`${counts.unmet} unmet`] : []),
    counts.unexpected === 0 ? 'all as expected' : `${counts.unexpected} not as expected (marked !)`,
  ];
  return `\n${rows.join('\n')}\n\n${more.join(', ')}\n`;
}

/** For people. Progress is rewritten in place on a terminal only. */
export function textReporter(output: Output): Reporter {
  let done = 0;
  let cached = 0;
  const moving = output.isTTY === true;
  const clear = (): void => void (moving && output.write('\r\u001b[K'));
  const line = (text: string): void => {
    clear();
    output.write(`${text}\n`);
  };
  return {
    on(event) {
      if (event.kind === 'note') line(printable(event.text));
      if (event.kind === 'tree')
        line(printableLine(`${event.name}: ${event.title} (${event.nodes} nodes, ${event.charm})`));
      if (event.kind !== 'node') return;
      done += 1;
      cached += event.source === 'cached' ? 1 : 0;
      const text = nodeLine(event);
      if (text !== null) line(text);
      if (moving)
        output.write(
          `\r\u001b[K${done} nodes, ${cached} cached  ${printableLine(event.id).slice(0, 50)}`,
        );
    },
    end(played) {
      clear();
      output.write(table(played));
    },
  };
}
