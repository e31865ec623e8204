/** Cases through both players, with what Juju's own rules make of ops.testing's answers laid beside ours. */
import { failedState, failureOf, FAILING_COMMIT, FAILING_HOOK, keptOf } from './failure.ts';
import { askedOf, jujuOf } from './juju-differs.ts';
import { scriptOf, type Answered, type Case } from './case.ts';
import { compared, differences } from './compared.ts';

export type Player = { play(cases: readonly Case[]): Promise<readonly Answered[]> };
export type Verdict = {
  readonly one: Case;
  /** Where the answers differ and no rule says why. */
  readonly wrong: readonly string[];
  /** The rules that were needed. */
  readonly met: readonly string[];
  /** How the engine says that it ended, when it did not end well. */
  readonly detail: string;
};

type Theirs = { readonly answered: Answered; readonly kept: Answered | null };

/** What ops.testing says, with the state that it does not give of a failed hook. */
async function theirAnswers(peer: Player, cases: readonly Case[]): Promise<readonly Theirs[]> {
  const failing = cases.filter((one) => failureOf(one) !== null);
  const again = failing.map((one) => askedOf(keptOf(one)));
  const answers = await peer.play([...cases.map(askedOf), ...again]);
  return cases.map((one, at) => {
    const answered = answers[at];
    if (!answered) throw new Error('the peer answered fewer cases than it was asked');
    const index = failing.indexOf(one);
    return { answered, kept: (index < 0 ? null : answers[cases.length + index]) ?? null };
  });
}

/** ops.testing's answer as it would be if it failed as Juju does. */
function failing(one: Case, { answered, kept }: Theirs): Answered {
  if (!kept) return answered;
  const atCommit = failureOf(one) !== 'hook';
  const refused = { type: 'commit-failed', message: '', charm: false };
  return {
    ...answered,
    state: failedState(one, kept, answered),
    exception: atCommit ? refused : answered.exception,
    requested_storages: {},
  };
}

function verdict(one: Case, theirs: Theirs, ours: Answered): Verdict {
  const { exception } = theirs.answered;
  if (exception && !exception.charm)
    throw new Error(`ops.testing refuses ${JSON.stringify(one)}: ${exception.message}`);
  const there = compared(one, failing(one, theirs));
  const here = compared(one, ours);
  const { juju, met } = jujuOf(there, one, here);
  const how = failureOf(one);
  const failure = how === null ? [] : [how === 'hook' ? FAILING_HOOK.rule : FAILING_COMMIT.rule];
  return {
    one,
    wrong: differences(juju, here),
    met: [...failure, ...met],
    detail: ours.exception?.message ?? '',
  };
}

export async function playBoth(
  cases: readonly Case[],
  { peer, ours }: { peer: Player; ours: Player },
): Promise<readonly Verdict[]> {
  const [theirs, mine] = await Promise.all([theirAnswers(peer, cases), ours.play(cases)]);
  return cases.map((one, at) => {
    const [there, here] = [theirs[at], mine[at]];
    if (!there || !here) throw new Error('a player answered fewer cases than it was asked');
    return verdict(one, there, here);
  });
}

/** A case as a reader needs it: what happened, what the charm was told to do, and where the answers differ. */
export function verdictText({ one, wrong, detail }: Verdict): string {
  const { state, event, charm } = one;
  return [
    `${charm}: ${String(event['name'])} ${JSON.stringify(event)}`,
    ...scriptOf(one).map((step) => `  ${JSON.stringify(step)}`),
    ...wrong.map((line) => `  ! ${line}`),
    `  here: ${detail}`,
    `  from ${JSON.stringify(state)}`,
  ].join('\n');
}
