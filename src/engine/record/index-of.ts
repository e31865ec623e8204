/** `records/index.json` from evaluated nodes: the shape of every tree, enough for lists and charts. */
import { eventName } from '../model/event.ts';
import type { State } from '../world/state.ts';
import { changeCount } from './difference.ts';
import type { IndexNode, NodeRecord } from './format.ts';

/** One node's line. `state` is the node's own: the status a reader would see in juju status. */
export function indexNode(record: NodeRecord, state: State): IndexNode {
  const { agentStatus, unitStatus } = state.juju;
  const shown = agentStatus.status === 'error' ? agentStatus : unitStatus;
  return {
    id: record.id,
    parent: record.parent,
    edge: record.edge,
    branch: record.branch,
    golden: record.golden,
    ...(record.title === undefined ? {} : { title: record.title }),
    event: record.event === null ? null : eventName(record.event),
    outcome: record.outcome.kind,
    unmet: record.unmet.length,
    unexpected: record.unexpected.length,
    status: { status: shown.status, message: shown.message },
    changes: changeCount(record.changed),
    deltas: record.deltas.length,
    faults: record.faults?.length ?? 0,
    irregular: record.irregular?.length ?? 0,
    ...(record.host ? { host: true } : {}),
    ...(record.upgrade === undefined ? {} : { upgrade: record.upgrade }),
    ...(record.sameAs === undefined ? {} : { sameAs: record.sameAs }),
  };
}
