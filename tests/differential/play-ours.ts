/** The engine as a player of transitions: `playbill transition --dialect scenario`, without the command around it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playScenarioTransition, type ScenarioResult } from '../../scripts/transition.ts';
import { openTransitions } from '../../scripts/transition-session.ts';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { CHARMS, type Answered, type Case } from './case.ts';
import type { Player } from './play-both.ts';
import { writeFixture } from './play-peer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How it ended, in one word, as the other player says it. */
function ending({ outcome, exception, unmet }: ScenarioResult): Answered['exception'] {
  if (unmet.length > 0) return { type: 'unmet', message: JSON.stringify(unmet), charm: false };
  if (outcome.kind === 'played') return null;
  const type = exception?.type.split('.').at(-1) ?? outcome.kind;
  return { type, message: JSON.stringify(outcome), charm: exception !== null };
}

function answered(result: ScenarioResult): Answered {
  return {
    state: result.state as unknown as JsonObject,
    exception: ending(result),
    action_results: result.action_results,
    action_logs: result.action_logs,
    ...(result.action_failure === null ? {} : { action_failure: result.action_failure }),
    requested_storages: result.requested_storages,
    removed_secret_revisions: [],
    container_files: result.container_files as unknown as Answered['container_files'],
  };
}

export async function openOurs(): Promise<Player & AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'playbill-differential-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const paths = new Map(CHARMS.map((name) => [name, writeFixture(folder, name)]));
  const session = stack.use(await openTransitions({ cwd: ROOT }));
  const play = async ({ charm, state, event, context }: Case): Promise<Answered> => {
    const line = { charm: paths.get(charm) ?? charm, state, event, context };
    return answered(await playScenarioTransition(line, session));
  };
  return {
    async play(cases) {
      const answers: Answered[] = [];
      for (const one of cases) answers.push(await play(one));
      return answers;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
