/**
 * The variables Juju gives a hook or action: these and PATH, nothing inherited.
 * Source: juju internal/worker/uniter/runner/context (context.go, env.go)
 * Not modelled: proxies, storage, secret and notice variables, the KUBERNETES_* copies of the agent.
 */
import { eventName, type Event } from '../../model/event.ts';
import { unitName } from './command.ts';
import type { JujuSlice } from './slice.ts';

type Variables = Record<string, string>;

/** `/var/lib/juju/agents/unit-<app>-<n>`, where the agent keeps a unit. */
export function agentFolder(slice: JujuSlice): string {
  return `/var/lib/juju/agents/unit-${slice.app}-${slice.unit}`;
}

function always(slice: JujuSlice): Variables {
  const charmDir = `${agentFolder(slice)}/charm`;
  return {
    APT_LISTCHANGES_FRONTEND: 'none',
    CHARM_DIR: charmDir,
    CLOUD_API_VERSION: '',
    DEBIAN_FRONTEND: 'noninteractive',
    JUJU_AGENT_SOCKET_ADDRESS: `${agentFolder(slice)}/agent.socket`,
    JUJU_AGENT_SOCKET_NETWORK: 'unix',
    JUJU_API_ADDRESSES: '192.0.2.100:17070',
    JUJU_AVAILABILITY_ZONE: '',
    JUJU_CHARM_DIR: charmDir,
    JUJU_CHARM_FTP_PROXY: '',
    JUJU_CHARM_HTTP_PROXY: '',
    JUJU_CHARM_HTTPS_PROXY: '',
    JUJU_CHARM_NO_PROXY: '',
    JUJU_MACHINE_ID: slice.model.type === 'kubernetes' ? '' : String(slice.unit),
    JUJU_MODEL_NAME: slice.model.name,
    JUJU_MODEL_UUID: slice.model.uuid,
    JUJU_PRINCIPAL_UNIT: '',
    JUJU_SLA: 'unsupported',
    JUJU_UNIT_NAME: unitName(slice),
    JUJU_VERSION: slice.version,
    LANG: 'C.UTF-8',
    TERM: 'tmux-256color',
  };
}

function ofEvent(event: Event, chance: string): Variables {
  switch (event.kind) {
    case 'lifecycle':
      return {};
    case 'relation':
      return {
        JUJU_RELATION: event.endpoint,
        JUJU_RELATION_ID: `${event.endpoint}:${event.relation}`,
        JUJU_REMOTE_APP: event.app,
        JUJU_REMOTE_UNIT: event.unit ?? '',
        ...(event.departing === undefined ? {} : { JUJU_DEPARTING_UNIT: event.departing }),
      };
    case 'pebble-ready':
      return { JUJU_WORKLOAD_NAME: event.container };
    case 'storage':
    case 'secret':
    case 'pebble-notice':
    case 'pebble-check':
      throw new Error(`no variables of ${event.kind}`);
    case 'action': {
      const uuid = uuidFrom(chance);
      return {
        JUJU_ACTION_NAME: event.name,
        JUJU_ACTION_UUID: uuid,
        JUJU_ACTION_TAG: `action-${uuid}`,
      };
    }
  }
}

/** A version 4 UUID made of the first 32 hex digits given. */
export function uuidFrom(hex: string): string {
  const h = hex.padEnd(32, '0');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** JUJU_DISPATCH_PATH: which program Juju would look for without a dispatch script. */
export function dispatchPath(event: Event): string {
  return `${event.kind === 'action' ? 'actions' : 'hooks'}/${eventName(event)}`;
}

/** All variables of the hook context. `chance` is hex, at least 32 digits: it makes the context's id. */
export function hookEnvironment(
  slice: JujuSlice,
  event: Event,
  chance: string,
): Readonly<Variables> {
  const name = eventName(event);
  return {
    ...always(slice),
    ...ofEvent(event, chance),
    JUJU_CONTEXT_ID: `${unitName(slice)}-${name}-${chance.slice(0, 32)}`,
    JUJU_DISPATCH_PATH: dispatchPath(event),
    JUJU_HOOK_NAME: event.kind === 'action' ? '' : name,
  };
}
