/**
 * The variables Juju gives a hook or action: these and PATH, nothing inherited.
 * Source: juju internal/worker/uniter/runner/context (context.go, env.go)
 * Not modelled: JUJU_METER_STATUS and JUJU_METER_INFO (nothing of 3.6 sets them), JUJU_AGENT_CA_CERT and
 * JUJU_AGENT_TOKEN (pod-spec charms that run elsewhere), JUJU_TRACE_ID, JUJU_SPAN_ID and JUJU_TRACE_FLAGS (4.0
 * with tracing on), CentOS.
 */
import { eventName, type Event, type StorageEvent } from '../../model/event.ts';
import { unitName } from './command.ts';
import type { JujuSlice } from './slice.ts';
import { isJuju4 } from './version.ts';

type Variables = Record<string, string>;

/** `/var/lib/juju/agents/unit-<app>-<n>`, where the agent keeps a unit. */
export function agentFolder(slice: Pick<JujuSlice, 'app' | 'unit'>): string {
  return `/var/lib/juju/agents/unit-${slice.app}-${slice.unit}`;
}

/** The address that a cluster gives its API in every pod. */
const KUBERNETES_API = '10.152.183.1';

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
    JUJU_AVAILABILITY_ZONE: slice.zone,
    JUJU_CHARM_DIR: charmDir,
    JUJU_MACHINE_ID: slice.machine,
    JUJU_MODEL_NAME: slice.model.name,
    JUJU_MODEL_UUID: slice.model.uuid,
    JUJU_PRINCIPAL_UNIT: slice.principal,
    JUJU_UNIT_NAME: unitName(slice),
    JUJU_VERSION: slice.version,
    LANG: 'C.UTF-8',
    TERM: 'tmux-256color',
    ...(isJuju4(slice) ? {} : { JUJU_SLA: 'unsupported' }),
  };
}

/** juju-http-proxy and its like are always told; http-proxy and its like in both spellings where they are set. */
function proxies({ model: { config } }: JujuSlice): Variables {
  const of = (name: string): string => config[name] ?? '';
  const legacy = ['http', 'https', 'ftp', 'no'].flatMap((kind): [string, string][] => {
    const value = of(`${kind}-proxy`);
    const name = `${kind}_proxy`;
    return value === ''
      ? []
      : [
          [name, value],
          [name.toUpperCase(), value],
        ];
  });
  return {
    JUJU_CHARM_FTP_PROXY: of('juju-ftp-proxy'),
    JUJU_CHARM_HTTP_PROXY: of('juju-http-proxy'),
    JUJU_CHARM_HTTPS_PROXY: of('juju-https-proxy'),
    JUJU_CHARM_NO_PROXY: of('juju-no-proxy'),
    ...Object.fromEntries(legacy),
  };
}

/** What the agent copies of its own: a cluster gives each pod the address of its API. */
function cluster({ model }: JujuSlice): Variables {
  if (model.type !== 'kubernetes') return {};
  const url = `tcp://${KUBERNETES_API}:443`;
  return {
    KUBERNETES_PORT: url,
    KUBERNETES_PORT_443_TCP: url,
    KUBERNETES_PORT_443_TCP_ADDR: KUBERNETES_API,
    KUBERNETES_PORT_443_TCP_PORT: '443',
    KUBERNETES_PORT_443_TCP_PROTO: 'tcp',
    KUBERNETES_SERVICE_HOST: KUBERNETES_API,
    KUBERNETES_SERVICE_PORT: '443',
    KUBERNETES_SERVICE_PORT_HTTPS: '443',
  };
}

function ofStorage(slice: JujuSlice, { id }: StorageEvent): Variables {
  const storage = slice.storages[id];
  if (!storage) return { JUJU_STORAGE_ID: id };
  return {
    JUJU_STORAGE_ID: id,
    JUJU_STORAGE_KIND: storage.kind,
    JUJU_STORAGE_LOCATION: storage.location,
  };
}

/** `ubuntu@24.04/stable` in the words of JUJU_TARGET_SERIES, for the bases that upgrades lead to. */
const SERIES: Readonly<Record<string, string>> = {
  '18.04': 'bionic',
  '20.04': 'focal',
  '22.04': 'jammy',
  '24.04': 'noble',
};

function ofTarget(target: string | undefined): Variables {
  if (target === undefined) return {};
  const release = /@([\d.]+)/.exec(target)?.[1] ?? '';
  return { JUJU_TARGET_BASE: target, JUJU_TARGET_SERIES: SERIES[release] ?? '' };
}

function ofAction(name: string, chance: string): Variables {
  const uuid = uuidFrom(chance);
  return {
    JUJU_ACTION_NAME: name,
    JUJU_ACTION_UUID: uuid,
    JUJU_ACTION_TAG: `action-${uuid}`,
  };
}

function ofEvent(slice: JujuSlice, event: Event, chance: string): Variables {
  switch (event.kind) {
    case 'lifecycle':
      return ofTarget(event.target);
    case 'relation':
      return {
        JUJU_RELATION: event.endpoint,
        JUJU_RELATION_ID: `${event.endpoint}:${event.relation}`,
        JUJU_REMOTE_APP: event.app,
        JUJU_REMOTE_UNIT: event.unit ?? '',
        ...(event.departing === undefined ? {} : { JUJU_DEPARTING_UNIT: event.departing }),
      };
    case 'storage':
      return ofStorage(slice, event);
    case 'secret':
      return {
        JUJU_SECRET_ID: secretUri(event.secret),
        JUJU_SECRET_LABEL: event.label,
        ...(event.revision === undefined ? {} : { JUJU_SECRET_REVISION: String(event.revision) }),
      };
    case 'pebble-ready':
      return { JUJU_WORKLOAD_NAME: event.container };
    case 'pebble-notice':
      return {
        JUJU_WORKLOAD_NAME: event.container,
        JUJU_NOTICE_ID: event.id,
        JUJU_NOTICE_TYPE: event.type,
        JUJU_NOTICE_KEY: event.key,
      };
    case 'pebble-check':
      return { JUJU_WORKLOAD_NAME: event.container, JUJU_PEBBLE_CHECK_NAME: event.check };
    case 'action':
      return ofAction(event.name, chance);
  }
}

/** `secret:ID`, whichever model it is in: the agent tells a hook the short form. */
function secretUri(id: string): string {
  return `secret:${id}`;
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
    ...proxies(slice),
    ...cluster(slice),
    ...ofEvent(slice, event, chance),
    JUJU_CONTEXT_ID: `${unitName(slice)}-${name}-${chance.slice(0, 32)}`,
    JUJU_DISPATCH_PATH: dispatchPath(event),
    JUJU_HOOK_NAME: event.kind === 'action' ? '' : name,
  };
}
