/** Every hook command of Juju 3.6 by name: those answered here, and those that are refused by name as not simulated. */
import { actionFail, actionGet, actionLog, actionSet } from './action.ts';
import { applicationVersionSet, isLeader } from './application.ts';
import type { HookCommand } from './command.ts';
import { configGet } from './config.ts';
import { jujuLog } from './log.ts';
import { networkGet } from './network.ts';
import { closePort, openedPorts, openPort } from './port.ts';
import { relationGet, relationIds, relationList, relationSet } from './relation.ts';
import { statusGet, statusSet } from './status.ts';

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
