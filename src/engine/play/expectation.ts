/** What a tree's author expects of a node, held against what happened. */
import type { Outcome, Unmet } from '../model/outcome.ts';
import { equalJson } from '../record/equal.ts';
import type { NodeRecord } from '../record/format.ts';
import type { Expect } from '../tree/definition.ts';
import { applicationStatus } from '../world/juju/status.ts';
import type { State } from '../world/state.ts';

type Unexpected = NodeRecord['unexpected'];

/** Each expectation that was not met. */
export function unexpectedOf(
  expect: Expect | undefined,
  { outcome, unmet, after }: { outcome: Outcome; unmet: readonly Unmet[]; after: State },
): Unexpected {
  if (!expect) return [];
  const actual = {
    outcome: outcome.kind,
    status: after.juju.unitStatus.status,
    message: after.juju.unitStatus.message,
    appStatus: applicationStatus(after.juju).status,
    unmet: unmet.map(({ what }) => what),
  };
  const paths = ['outcome', 'status', 'message', 'appStatus', 'unmet'] as const;
  return paths.flatMap((path) => {
    const expected = expect[path];
    return expected === undefined || equalJson(expected, actual[path])
      ? []
      : [{ path, expected, actual: actual[path] }];
  });
}
