import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withFindings } from './fixtures.ts';
import { difference, type Difference, type Matcher } from './match.ts';
import { withPrograms } from './shell-programs.ts';
import { ask, decoded, httpRequest, pass, serverWith, type Server } from './server.ts';
import { filled, ROOT, type Step, type Transcript } from './transcript.ts';

const FOLDER = new URL('./transcripts/', import.meta.url);
const POLL_MILLIS = 40;

/**
 * By scenario, how many requests a real Pebble answered: all of them are asked here, and all
 * answers agree.
 */
const REQUESTS: Readonly<Record<string, number>> = {
  autostart: 12,
  'changes-list': 14,
  'changes-pending-task': 4,
  'changes-wait': 12,
  'checks-errors': 10,
  'checks-http': 13,
  'checks-list': 7,
  'checks-period': 7,
  'checks-plan-change': 11,
  'checks-startup-disabled': 19,
  'checks-stopped-plan-change': 5,
  'checks-tcp': 7,
  'checks-threshold': 21,
  'errors-content-type': 16,
  'errors-malformed-json': 12,
  'errors-unknown-endpoint': 12,
  'errors-wrong-method': 7,
  'files-list': 15,
  'files-make-dirs': 12,
  'files-read': 7,
  'files-remove': 12,
  'files-write-errors': 16,
  'files-write-make-dirs': 9,
  'files-write': 10,
  'health-down': 14,
  'health-no-checks': 5,
  identities: 9,
  'layers-combine': 11,
  'layers-errors-checks': 22,
  'layers-errors': 26,
  'layers-odd-values': 19,
  logs: 13,
  'notices-change-update': 11,
  'notices-checks': 11,
  'notices-custom': 10,
  'notices-errors': 23,
  'notices-filters': 15,
  'plan-empty': 9,
  'plan-merge-checks': 7,
  'plan-merge-log-targets': 3,
  'plan-merge-services': 6,
  'plan-one-layer-all-fields': 3,
  'plan-replace-services': 5,
  'replan-basic': 17,
  'replan-empty': 4,
  'replan-manually-stopped': 13,
  'services-already': 12,
  'services-backoff-restart': 6,
  'services-errors': 17,
  'services-exit-quickly': 19,
  'services-kill-delay': 5,
  'services-lane-sharing': 5,
  'services-list': 13,
  'services-requires': 18,
  'services-restart': 10,
  'services-start-several': 12,
  'services-start-stop': 10,
  signals: 13,
  'system-info': 2,
};

function answered(server: Server, step: Step): ReturnType<typeof decoded> {
  withFindings(server);
  withPrograms(server);
  const answer = ask(server, httpRequest(filled(step.request)));
  return answer.kind === 'reply' ? decoded(answer) : { unsupported: JSON.stringify(answer) };
}

function played(server: Server, step: Step, matcher: Matcher): Difference | null {
  const end = server.now + (step.poll ?? 0) * 1000;
  for (;;) {
    const found = difference(matcher, step, answered(server, step));
    if (!found || server.now >= end) return found;
    pass(server, POLL_MILLIS);
  }
}

type Played = {
  readonly agreed: number;
  readonly differences: readonly string[];
};

function play(transcript: Transcript): Played {
  const server = serverWith(filled(transcript.initial_layers));
  const dirs = [{ path: ROOT, 'make-parents': true }];
  ask(
    server,
    httpRequest({ method: 'POST', path: '/v1/files', json: { action: 'make-dirs', dirs } }),
  );
  const matcher: Matcher = { bound: new Map() };
  const differences = transcript.steps.flatMap((step, index) => {
    if ('sleep' in step) return pass(server, step.sleep * 1000) ?? [];
    const found = played(server, step, matcher);
    return found ? [`step ${index}: ${JSON.stringify(found)}`] : [];
  });
  const asked = transcript.steps.filter((step) => 'request' in step);
  const agreed = asked.length - differences.length;
  return { agreed, differences };
}

function read(scenario: string): Transcript {
  return JSON.parse(readFileSync(new URL(`${scenario}.json`, FOLDER), 'utf8')) as Transcript;
}

describe('a recorded conversation with a real Pebble has the same answers here:', () => {
  it.each(Object.entries(REQUESTS))('%s, with %i requests', (scenario, requests) => {
    const { agreed, differences } = play(read(scenario));
    expect(differences).toEqual([]);
    expect(agreed).toBe(requests);
  });

  it('and a wrong answer would be noticed', () => {
    const transcript = read('services-list');
    const [first, ...rest] = transcript.steps;
    const changed = JSON.parse(JSON.stringify(first).replace('"inactive"', '"active"')) as Step;
    expect(play({ ...transcript, steps: [changed, ...rest] }).differences).toHaveLength(1);
  });
});
