/**
 * Every hook command by name, with its help.
 * Source: juju internal/worker/uniter/runner/jujuc/server.go, of 3.6 and of 4.0
 */
import { actionFail, actionGet, actionLog, actionSet } from './action.ts';
import { applicationVersionSet, isLeader } from './application.ts';
import type { HookCommand } from './command.ts';
import { configGet } from './config.ts';
import { credentialGet } from './credential.ts';
import { goalState } from './goal-state.ts';
import { JUJU3_HELPS, KEPT_HELPS, SECRET_HELPS } from './help-kept.ts';
import { NETWORK_HELPS, RELATION_HELPS } from './help-relation.ts';
import { ACTION_HELPS, UNIT_HELPS } from './help-unit.ts';
import type { Help } from './help.ts';
import { leaderGet, leaderSet } from './leader.ts';
import { jujuLog } from './log.ts';
import { addMetric } from './metric.ts';
import { networkGet } from './network.ts';
import { payloadRegister, payloadStatusSet, payloadUnregister } from './payload.ts';
import { k8sRawGet, k8sRawSet, k8sSpecGet, k8sSpecSet } from './pod-spec.ts';
import { closePort, openedPorts, openPort } from './port.ts';
import { jujuReboot } from './reboot.ts';
import { relationSet } from './relation-set.ts';
import { relationGet, relationIds, relationList, relationModelGet } from './relation.ts';
import { resourceGet } from './resource.ts';
import { secretGet } from './secret-get.ts';
import { secretGrant, secretRevoke } from './secret-grant.ts';
import { secretIds, secretInfoGet } from './secret-info.ts';
import { secretRemove } from './secret-remove.ts';
import { secretAdd, secretSet } from './secret-upsert.ts';
import { stateDelete, stateGet, stateSet } from './state.ts';
import type { JujuSlice } from './slice.ts';
import { statusGet, statusSet } from './status.ts';
import { unitGet } from './unit-get.ts';
import { isJuju4 } from './version.ts';
import { storageAdd, storageGet, storageList } from './storage.ts';

export const HOOK_COMMANDS: Readonly<Record<string, HookCommand>> = {
  'action-fail': actionFail,
  'action-get': actionGet,
  'action-log': actionLog,
  'action-set': actionSet,
  'add-metric': addMetric,
  'application-version-set': applicationVersionSet,
  'close-port': closePort,
  'config-get': configGet,
  'credential-get': credentialGet,
  'goal-state': goalState,
  'is-leader': isLeader,
  'juju-log': jujuLog,
  'juju-reboot': jujuReboot,
  'k8s-raw-get': k8sRawGet,
  'k8s-raw-set': k8sRawSet,
  'k8s-spec-get': k8sSpecGet,
  'k8s-spec-set': k8sSpecSet,
  'leader-get': leaderGet,
  'leader-set': leaderSet,
  'network-get': networkGet,
  'open-port': openPort,
  'opened-ports': openedPorts,
  'payload-register': payloadRegister,
  'payload-status-set': payloadStatusSet,
  'payload-unregister': payloadUnregister,
  'pod-spec-get': k8sSpecGet,
  'pod-spec-set': k8sSpecSet,
  'relation-get': relationGet,
  'relation-ids': relationIds,
  'relation-list': relationList,
  'relation-model-get': relationModelGet,
  'relation-set': relationSet,
  'resource-get': resourceGet,
  'secret-add': secretAdd,
  'secret-get': secretGet,
  'secret-grant': secretGrant,
  'secret-ids': secretIds,
  'secret-info-get': secretInfoGet,
  'secret-remove': secretRemove,
  'secret-revoke': secretRevoke,
  'secret-set': secretSet,
  'state-delete': stateDelete,
  'state-get': stateGet,
  'state-set': stateSet,
  'status-get': statusGet,
  'status-set': statusSet,
  'storage-add': storageAdd,
  'storage-get': storageGet,
  'storage-list': storageList,
  'unit-get': unitGet,
};

export const HELPS: Readonly<Record<string, Help>> = {
  ...ACTION_HELPS,
  ...JUJU3_HELPS,
  ...KEPT_HELPS,
  ...NETWORK_HELPS,
  ...RELATION_HELPS,
  ...SECRET_HELPS,
  ...UNIT_HELPS,
};

const NAMES: readonly string[] = Object.keys(HOOK_COMMANDS).sort();
const JUJU4_NAMES = NAMES.filter((name) => !(name in JUJU3_HELPS));

/** What the unit's Juju puts on the charm's PATH. */
export function hookCommandNames(slice: JujuSlice): readonly string[] {
  return isJuju4(slice) ? JUJU4_NAMES : NAMES;
}
