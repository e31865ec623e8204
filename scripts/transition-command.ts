/**
 * `playbill transition`: lines of JSON in, one line of JSON out for each, in order. A line that cannot be played gives
 * `{"error": …}`, and the command ends with 1; what a charm does is never an error of a line.
 */
import { createInterface } from 'node:readline';
import { Mistake, Mistakes, mistakeText } from '../src/engine/model/mistake.ts';
import {
  playScenarioTransition,
  playTransition,
  type OwnLine,
  type ScenarioLine,
} from './transition.ts';
import { openTransitions, type TransitionSession } from './transition-session.ts';

export type TransitionCommandOptions = {
  readonly dialect: string;
  readonly python?: string;
  readonly sandbox?: boolean;
  readonly freshInterpreter?: boolean;
};

const DIALECTS = ['playbill', 'scenario'];

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Mistake(`the line is no JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Mistake('the line is no JSON object', {
      hint: 'Write {"charm": …, "state": …, "event": …}.',
    });
  }
  return value as Record<string, unknown>;
}

/** A line as the corpus of transitions has it names its state `state_in`. */
function lineOf(text: string): Record<string, unknown> {
  const { state_in, ...line } = parsed(text);
  const state = line['state'] ?? state_in;
  const missing = Object.entries({ charm: line['charm'], state, event: line['event'] })
    .filter(([, value]) => value === undefined || value === null)
    .map(([key]) => key);
  if (missing.length > 0) throw new Mistake(`the line has no ${missing.join(', ')}`);
  if (typeof line['charm'] !== 'string') throw new Mistake('charm: must be a path');
  return { ...line, state };
}

function errorText(error: unknown): string {
  if (error instanceof Mistakes) return error.all.map(mistakeText).join('\n');
  if (error instanceof Mistake) return mistakeText(error);
  throw error;
}

async function answer(text: string, dialect: string, session: TransitionSession): Promise<object> {
  try {
    const line = lineOf(text) as unknown;
    return dialect === 'scenario'
      ? await playScenarioTransition(line as ScenarioLine, session)
      : await playTransition(line as OwnLine, session);
  } catch (error) {
    return { error: errorText(error) };
  }
}

/** Waits where whoever reads is slower than the charms. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) {
    await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
  }
}

export async function transitionCommand(options: TransitionCommandOptions): Promise<void> {
  const { dialect, python, sandbox, freshInterpreter } = options;
  if (!DIALECTS.includes(dialect)) {
    throw new Mistake(`there is no dialect ${dialect}`, { hint: 'playbill or scenario' });
  }
  await using session = await openTransitions({
    cwd: process.cwd(),
    ...(python === undefined ? {} : { python }),
    ...(sandbox === undefined ? {} : { sandbox }),
    ...(freshInterpreter === undefined ? {} : { freshInterpreter }),
    progress: (line) => console.error(line),
  });
  for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (text.trim() === '') continue;
    const said = await answer(text, dialect, session);
    if ('error' in said) process.exitCode = 1;
    await write(`${JSON.stringify(said)}\n`);
  }
}
