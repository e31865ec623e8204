import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { begin, collect, finished, type OpenIo } from './exec-io.ts';
import { PROGRAMS } from './exec-programs.ts';
import { difference, type Matcher } from './match.ts';
import { ask, containerOf, decoded, httpRequest, serverWith, type Server } from './server.ts';
import { filled, ROOT, type Io, type Step } from './transcript.ts';

const FOLDER = new URL('./transcripts/', import.meta.url);

/** By scenario, how many requests a real Pebble answered, and how many executions had websockets. */
const RECORDED: Readonly<
  Record<string, { readonly requests: number; readonly executions: number }>
> = {
  'exec-environment': { requests: 6, executions: 3 },
  'exec-errors': { requests: 20, executions: 0 },
  'exec-exit-code': { requests: 4, executions: 2 },
  'exec-only-stdio': { requests: 4, executions: 1 },
  'exec-signal': { requests: 6, executions: 3 },
  'exec-split-stderr': { requests: 4, executions: 2 },
  'exec-stdin': { requests: 4, executions: 2 },
  'exec-stdout': { requests: 7, executions: 3 },
  'exec-timeout': { requests: 4, executions: 2 },
  'exec-websocket-errors': { requests: 5, executions: 4 },
  'exec-working-dir': { requests: 6, executions: 2 },
};

type Recorded = {
  readonly initial_layers: readonly string[];
  readonly steps: readonly (Step | Io)[];
};
type Playing = {
  readonly server: Server;
  readonly matcher: Matcher;
  readonly differences: string[];
  pending: OpenIo | null;
};

function serverFor(layers: readonly string[]): Server {
  const server = serverWith(filled(layers));
  const json = { action: 'make-dirs', dirs: [{ path: ROOT, 'make-parents': true }] };
  ask(server, httpRequest({ method: 'POST', path: '/v1/files', json }));
  const container = { ...containerOf(server), execs: PROGRAMS };
  server.slice = { containers: { web: container } };
  return server;
}

function finish(playing: Playing): void {
  const { pending, server, matcher, differences } = playing;
  if (!pending) return;
  playing.pending = null;
  collect(server, pending);
  const step = { response: pending.io } as unknown as Step;
  const found = difference(matcher, step, finished(pending));
  if (found) differences.push(`task ${pending.io.task}: ${JSON.stringify(found)}`);
}

function request(playing: Playing, step: Step): void {
  const { server, matcher, differences } = playing;
  const answer = ask(server, httpRequest(filled(step.request)));
  const got = answer.kind === 'reply' ? decoded(answer) : { unsupported: JSON.stringify(answer) };
  const found = difference(matcher, step, got);
  if (found) differences.push(`${step.request.path}: ${JSON.stringify(found)}`);
  if (step.request.path.includes('/wait')) finish(playing);
}

function play({ initial_layers: layers, steps }: Recorded): readonly string[] {
  const matcher: Matcher = { bound: new Map() };
  const playing: Playing = { server: serverFor(layers), matcher, differences: [], pending: null };
  for (const step of steps) {
    if ('exec_io' in step) {
      finish(playing);
      playing.pending = begin(playing.server, step);
    } else request(playing, step);
  }
  finish(playing);
  return playing.differences;
}

function read(scenario: string): Recorded {
  return JSON.parse(readFileSync(new URL(`${scenario}.json`, FOLDER), 'utf8')) as Recorded;
}

describe('programs executed in a real Pebble answer and print the same here:', () => {
  it.each(Object.entries(RECORDED))('%s', (scenario, { requests, executions }) => {
    const recorded = read(scenario);
    expect(play(recorded)).toEqual([]);
    expect(recorded.steps.filter((step) => 'request' in step)).toHaveLength(requests);
    expect(recorded.steps.filter((step) => 'exec_io' in step)).toHaveLength(executions);
  });

  it('and a frame that is another would be noticed', () => {
    const text = JSON.stringify(read('exec-stdin')).replace('second line', 'another line');
    expect(play(JSON.parse(text) as Recorded)).toHaveLength(1);
  });
});
