/**
 * Every hook command by name: those answered here, and those that are refused by name as not simulated.
 * Source: juju internal/worker/uniter/runner/jujuc/server.go, of 3.6 and of 4.0
 */
import { actionFail, actionGet, actionLog, actionSet } from './action.ts';
import { applicationVersionSet, isLeader } from './application.ts';
import type { HookCommand } from './command.ts';
import { configGet } from './config.ts';
import { JUJU3_HELPS, KEPT_HELPS, SECRET_HELPS } from './help-kept.ts';
import { NETWORK_HELPS, RELATION_HELPS } from './help-relation.ts';
import { ACTION_HELPS, UNIT_HELPS } from './help-unit.ts';
import type { Help } from './help.ts';
import { jujuLog } from './log.ts';
import { networkGet } from './network.ts';
import { closePort, openedPorts, openPort } from './port.ts';
import { relationGet, relationIds, relationList, relationSet } from './relation.ts';
import type { JujuSlice } from './slice.ts';
import { statusGet, statusSet } from './status.ts';
import { isJuju4 } from './version.ts';

export const HOOK_COMMANDS: Readonly<Record<string, HookCommand>> = {
  'action-fail': actionFail,
  'action-get': actionGet,
  'action-log': actionLog,
  'action-set': actionSet,
  'application-version-set': applicationVersionSet,
  'close-port': closePort,
  'config-get': configGet,
  'is-leader': isLeader,
  'juju-log': jujuLog,
  'network-get': networkGet,
  'open-port': openPort,
  'opened-ports': openedPorts,
  'relation-get': relationGet,
  'relation-ids': relationIds,
  'relation-list': relationList,
  'relation-set': relationSet,
  'status-get': statusGet,
  'status-set': statusSet,
};

/** On PATH too, so that a charm that needs one is told so by name. */
export const NOT_SIMULATED: readonly string[] = [
  'add-metric',
  'credential-get',
  'goal-state',
  'juju-reboot',
  'k8s-raw-get',
  'k8s-raw-set',
  'k8s-spec-get',
  'k8s-spec-set',
  'leader-get',
  'leader-set',
  'payload-register',
  'payload-status-set',
  'payload-unregister',
  'pod-spec-get',
  'pod-spec-set',
  'relation-model-get',
  'resource-get',
  'secret-add',
  'secret-get',
  'secret-grant',
  'secret-ids',
  'secret-info-get',
  'secret-remove',
  'secret-revoke',
  'secret-set',
  'state-delete',
  'state-get',
  'state-set',
  'storage-add',
  'storage-get',
  'storage-list',
  'unit-get',
];

export const HELPS: Readonly<Record<string, Help>> = {
  ...ACTION_HELPS,
  ...JUJU3_HELPS,
  ...KEPT_HELPS,
  ...NETWORK_HELPS,
  ...RELATION_HELPS,
  ...SECRET_HELPS,
  ...UNIT_HELPS,
};

const NAMES: readonly string[] = [...Object.keys(HOOK_COMMANDS), ...NOT_SIMULATED].sort();
const JUJU4_NAMES = NAMES.filter((name) => !(name in JUJU3_HELPS));

/** What the unit's Juju puts on the charm's PATH. */
export function hookCommandNames(slice: JujuSlice): readonly string[] {
  return isJuju4(slice) ? JUJU4_NAMES : NAMES;
}
