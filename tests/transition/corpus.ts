/**
 * `node tests/transition/corpus.ts TRANSITIONS CHARMS [NAME…]`: plays recorded transitions of public charms in the
 * sandbox and says where the state out is not what ops.testing gave.
 *
 * TRANSITIONS has `<name>.ndjson` or `.ndjson.gz`, CHARMS the charms' sources, `CHARMS/<name>`; neither is part of this
 * repository. `.playbill/loader.py` of the folder it runs in stands in for what a sandbox has not; the one that the
 * recordings' Kubernetes charms need is in stand-in/. Exit 1 when a transition differs for a reason that differences.ts
 * does not name.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import { Mistake, Mistakes } from '../../src/engine/model/mistake.ts';
import { playScenarioTransition, type ScenarioResult } from '../../scripts/transition.ts';
import { openTransitions, type TransitionSession } from '../../scripts/transition-session.ts';
import {
  NOT_COMPARED,
  reasonFor,
  REASONS,
  withoutHandedCount,
  type Reason,
} from './differences.ts';
import { differences, newSecretIds, normalised, type Difference } from './normalise.ts';

export type Recorded = {
  readonly id: string;
  readonly charm: string;
  readonly class: JsonObject;
  readonly context: JsonObject;
  readonly event: JsonObject;
  readonly state_in: JsonObject;
  readonly state_out: JsonObject | null;
  readonly exception: { readonly type: string; readonly message: string } | null;
  readonly action_results?: Json;
  readonly action_failure?: Json;
  readonly container_files: JsonObject;
  readonly volatile: readonly { readonly path: string }[];
  readonly profile: string;
};
type Verdict =
  | { readonly kind: 'agrees' }
  | {
      readonly kind: 'juju' | 'uncompared';
      readonly reasons: readonly Reason[];
      readonly first: Difference;
    }
  | { readonly kind: 'differs'; readonly first: Difference; readonly count: number }
  | { readonly kind: 'refused'; readonly why: string };

function readLines(folder: string, name: string): readonly Recorded[] {
  const path = join(folder, `${name}.ndjson`);
  const text = existsSync(path)
    ? readFileSync(path, 'utf8')
    : gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Recorded);
}

function namesIn(folder: string): readonly string[] {
  const names = readdirSync(folder).flatMap(
    (file) => /^(.+)\.ndjson(?:\.gz)?$/.exec(file)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

/** What is compared of a transition, in one value. */
function compared(
  state: JsonObject | null,
  rest: Pick<Recorded, 'exception' | 'action_results' | 'action_failure' | 'container_files'>,
): JsonObject {
  const exception = rest.exception && {
    type: rest.exception.type,
    message: rest.exception.message,
  };
  return {
    state_out: state,
    exception,
    action_results: rest.action_results ?? null,
    action_failure: rest.action_failure ?? null,
    container_files: rest.container_files,
  };
}

function ours(result: ScenarioResult, theirs: Recorded): JsonObject {
  // ops.testing has no state out where the charm failed; what Juju keeps then has nothing to be compared with.
  const state = theirs.state_out === null && result.outcome.kind === 'failed' ? null : result.state;
  const kept = withoutHandedCount(state as unknown as JsonObject, theirs);
  return compared(kept, result as unknown as Recorded);
}

function disagreements(recorded: Recorded, result: ScenarioResult): readonly Difference[] {
  const known = JSON.stringify([recorded.state_in, recorded.event, recorded.context]);
  const [a, b] = [
    compared(withoutHandedCount(recorded.state_out, recorded), recorded),
    ours(result, recorded),
  ].map((value) =>
    normalised(value, {
      known,
      newIds: newSecretIds(value['state_out'] as JsonObject | null, known),
    }),
  );
  const volatile = recorded.volatile.map(({ path }) => path);
  return [...differences(a ?? null, b ?? null)].filter(
    ({ path }) => !volatile.some((one) => path === one || path.startsWith(`${one}/`)),
  );
}

async function verdictOn(
  recorded: Recorded,
  charm: string,
  session: TransitionSession,
): Promise<Verdict> {
  try {
    const { class: own, context, event, state_in: state } = recorded;
    const result = await playScenarioTransition(
      { charm, class: own, context, event, state },
      session,
    );
    const found = disagreements(recorded, result);
    const unexplained = found.filter((one) => reasonFor(one, recorded, result) === null);
    const [first] = unexplained.length > 0 ? unexplained : found;
    if (!first) return { kind: 'agrees' };
    if (unexplained.length > 0) return { kind: 'differs', first, count: unexplained.length };
    const reasons = found
      .map((one) => reasonFor(one, recorded, result))
      .filter((one) => one !== null);
    const kind = reasons.some((one) => NOT_COMPARED.includes(one)) ? 'uncompared' : 'juju';
    return { kind, reasons: [...new Set(reasons)], first };
  } catch (error) {
    if (!(error instanceof Mistake) && !(error instanceof Mistakes)) throw error;
    return { kind: 'refused', why: error.message };
  }
}

function short(value: Json): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function told(id: string, verdict: Verdict): readonly string[] {
  switch (verdict.kind) {
    case 'agrees':
      return [];
    case 'refused':
      return [`${id}: not played: ${verdict.why}`];
    case 'juju':
    case 'uncompared':
      return [`${id}: differs: ${verdict.reasons.map((one) => REASONS[one]).join('; ')}`];
    case 'differs': {
      const { first, count } = verdict;
      const more = count > 1 ? ` (and ${count - 1} more)` : '';
      return [
        `${id}: DIFFERS at ${first.path}${more}`,
        `    theirs ${short(first.theirs)}`,
        `    ours   ${short(first.ours)}`,
      ];
    }
  }
}

async function main(): Promise<void> {
  const [transitions, charms, ...wanted] = process.argv.slice(2);
  if (transitions === undefined || charms === undefined) {
    console.error('node tests/transition/corpus.ts TRANSITIONS CHARMS [NAME…]');
    process.exitCode = 1;
    return;
  }
  await using session = await openTransitions({ cwd: process.cwd(), progress: console.error });
  const totals: Record<string, number> = {};
  for (const name of wanted.length > 0 ? wanted : namesIn(transitions)) {
    const charm = resolve(charms, name);
    if (!existsSync(charm)) {
      console.log(`${name}: its source is not in ${charms}`);
      continue;
    }
    const counts: Record<string, number> = {};
    for (const recorded of readLines(transitions, name)) {
      const verdict = await verdictOn(recorded, charm, session);
      counts[verdict.kind] = (counts[verdict.kind] ?? 0) + 1;
      totals[verdict.kind] = (totals[verdict.kind] ?? 0) + 1;
      for (const line of told(recorded.id, verdict)) console.log(line);
    }
    console.log(`${name}: ${JSON.stringify(counts)}`);
  }
  console.log(`all: ${JSON.stringify(totals)}`);
  if (totals['differs'] !== undefined) process.exitCode = 1;
}

await main();
