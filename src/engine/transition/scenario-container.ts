/**
 * Containers of an ops.testing State and of Pebble's slice, both ways.
 * Source: ops-scenario state.py (Container, Notice, CheckInfo) and mocking.py (_MockPebbleClient).
 * Layers lie over each other in the order in which the State has them. Its base plan is what the image brings: the
 * lowest layer. No Pebble takes a layer that says nothing of how it overrides, nor a service without a command; a State
 * may have both, and the former replaces (_render_services).
 * What the State says of exec is given back as it came.
 */
import { dump } from 'js-yaml';
import type { Charm } from '../model/charm.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import type { Millis } from '../model/request.ts';
import { emptyContainer } from '../world/pebble/container.ts';
import { parseLayer } from '../world/pebble/layer-decode.ts';
import { heldLayers, planOfContainer } from '../world/pebble/layer-list.ts';
import { FormatError, NotModelled } from '../world/pebble/plan.ts';
import type {
  CheckFinding,
  CheckState,
  Container,
  Notice,
  ServiceState,
} from '../world/pebble/slice.ts';
import { execsIn } from './scenario-exec.ts';
import { mountedFiles } from './scenario-files.ts';
import type { ScenarioContainer } from './scenario-json.ts';

const BASE = 'base-plan';
const NANOSECONDS = 1_000_000_000;

type With = { readonly blobs: Blobs; readonly now: Millis };

const OVERRIDING = ['services', 'checks', 'log-targets'];

function replacing(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { override, ...rest } = value as JsonObject;
  return { override: override || 'replace', ...rest };
}

function withOverrides(layer: JsonObject): JsonObject {
  const entries = Object.entries(layer).map(([key, named]) => {
    if (!OVERRIDING.includes(key)) return [key, named] as const;
    const own = Object.entries((named ?? {}) as Readonly<Record<string, Json>>);
    return [key, Object.fromEntries(own.map(([name, one]) => [name, replacing(one)]))] as const;
  });
  return Object.fromEntries(entries);
}

function layered(given: ScenarioContainer, { now }: With): Container {
  const image = Object.keys(given._base_plan).length > 0 ? [[BASE, given._base_plan] as const] : [];
  const laid = Object.entries(given.layers).map(([label, { value }]) => [label, value] as const);
  const empty = emptyContainer({ name: given.name, canConnect: given.can_connect, now });
  try {
    const parsed = [...image, ...laid].map(([label, layer]) => ({
      label,
      layer: parseLayer(label, dump(withOverrides(layer))),
    }));
    return { ...empty, layers: heldLayers(parsed) };
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof NotModelled)) throw error;
    throw new Mistake(`container ${given.name}: ${error.message}`);
  }
}

function servicesIn(
  given: ScenarioContainer,
  container: Container,
  now: Millis,
): Container['services'] {
  const { services } = planOfContainer(container);
  const states = Object.entries(given.service_statuses).map(([name, { value }]) => {
    const state: ServiceState = {
      current: value as ServiceState['current'],
      since: value === 'active' ? now : null,
      running: services[name] ?? null,
    };
    return [name, state] as const;
  });
  return Object.fromEntries(states);
}

function enumText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return String((value as { value?: Json } | null | undefined)?.value ?? '');
}

function momentIn(value: Json | undefined, now: Millis): Millis {
  const text = (value as { value?: string } | null | undefined)?.value ?? '';
  const moment = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(moment) ? now : moment;
}

function noticeIn(notice: JsonObject, now: Millis): Notice {
  const repeat = notice['repeat_after'] as { seconds?: number } | null | undefined;
  return {
    user: typeof notice['user_id'] === 'number' ? notice['user_id'] : null,
    type: enumText(notice['type']) || 'custom',
    key: String(notice['key'] ?? ''),
    firstOccurred: momentIn(notice['first_occurred'], now),
    lastOccurred: momentIn(notice['last_occurred'], now),
    lastRepeated: momentIn(notice['last_repeated'], now),
    occurrences: Number(notice['occurrences'] ?? 1),
    data: (notice['last_data'] ?? {}) as Notice['data'],
    repeatAfter: (repeat?.seconds ?? 0) * NANOSECONDS,
  };
}

function noticesIn(
  given: ScenarioContainer,
  now: Millis,
): Pick<Container, 'notices' | 'nextNotice'> {
  const notices = given.notices.map(
    (one) => [String(one['id'] ?? ''), noticeIn(one, now)] as const,
  );
  const numbers = notices.map(([id]) => Number(id)).filter(Number.isInteger);
  return { notices: Object.fromEntries(notices), nextNotice: Math.max(0, ...numbers) + 1 };
}

function checkIn(check: JsonObject): CheckState {
  const status = enumText(check['status']);
  return {
    status: status === 'down' || status === 'inactive' ? status : 'up',
    failures: Number(check['failures'] ?? 0),
    successes: Number(check['successes'] ?? 0),
  };
}

/** A check that is said to be down goes on failing. */
function findingsIn(checks: Container['checks']): Pick<Container, 'checkFindings'> {
  const down = Object.entries(checks).filter(([, { status }]) => status === 'down');
  if (down.length === 0) return {};
  const finding: CheckFinding = { found: 'down' };
  return { checkFindings: Object.fromEntries(down.map(([name]) => [name, finding])) };
}

export function containerIn(given: ScenarioContainer, using: With): Container {
  const container = layered(given, using);
  const checks = Object.fromEntries(
    given.check_infos.map((one) => [String(one['name'] ?? ''), checkIn(one)] as const),
  );
  return {
    ...container,
    services: servicesIn(given, container, using.now),
    ...noticesIn(given, using.now),
    ...execsIn(given),
    checks,
    ...findingsIn(checks),
    root: mountedFiles(container.root, given, using),
  };
}

/** A container of the charm that the State does not have: nothing answers on its socket. */
export function absentContainers(charm: Charm, now: Millis): Readonly<Record<string, Container>> {
  const containers = Object.keys(charm.containers).map(
    (name) => [name, emptyContainer({ name, now })] as const,
  );
  return Object.fromEntries(containers);
}

function layersOut(
  given: ScenarioContainer,
  before: Container,
  after: Container,
): ScenarioContainer['layers'] {
  const layers = after.layers
    .filter(({ label }) => label !== BASE)
    .map(({ label, layer }) => {
      const was = before.layers.find((one) => one.label === label);
      const same = was && JSON.stringify(was.layer) === JSON.stringify(layer);
      const known = given.layers[label];
      return [label, same && known ? known : ({ _type: 'Layer', value: layer } as const)] as const;
    });
  return Object.fromEntries(layers);
}

/** Notices that were given, as they came where they still stand so; new ones as ops.testing writes them. */
function noticesOut(
  given: ScenarioContainer,
  before: Container,
  after: Container,
): readonly JsonObject[] {
  return Object.entries(after.notices)
    .filter(([, { type }]) => type === 'custom' || type === '')
    .map(([id, notice]): JsonObject => {
      const was = given.notices.find((one) => String(one['id']) === id);
      if (was && JSON.stringify(before.notices[id]) === JSON.stringify(notice)) return was;
      const moment = (at: Millis): JsonObject => ({
        _type: 'datetime',
        value: new Date(at).toISOString().replace(/(\.000)?Z$/, '+00:00'),
      });
      const repeat = notice.repeatAfter / NANOSECONDS;
      return {
        expire_after: null,
        ...was,
        _type: 'Notice',
        key: notice.key,
        id,
        user_id: notice.user,
        type: { _enum: 'NoticeType', value: 'custom' },
        first_occurred: moment(notice.firstOccurred),
        last_occurred: moment(notice.lastOccurred),
        last_repeated: moment(notice.lastRepeated),
        occurrences: notice.occurrences,
        last_data: notice.data,
        repeat_after: repeat === 0 ? null : { _type: 'timedelta', seconds: repeat },
      };
    });
}

function isAsItWas(was: CheckState, is: CheckState): boolean {
  const same = was.status === is.status && was.failures === is.failures;
  return same && was.successes === is.successes;
}

function checksOut(
  given: ScenarioContainer,
  before: Container,
  after: Container,
): readonly JsonObject[] {
  return given.check_infos.map((info) => {
    const name = String(info['name'] ?? '');
    const [was, is] = [before.checks[name], after.checks[name]];
    if (!is || (was && isAsItWas(was, is))) return info;
    const status = { _enum: 'CheckStatus', value: is.status };
    return { ...info, status, failures: is.failures, successes: is.successes };
  });
}

function statusesOut(after: Container): ScenarioContainer['service_statuses'] {
  const statuses = Object.entries(after.services).map(([name, { current }]) => {
    const value = current === 'backoff' ? 'error' : current;
    return [name, { _enum: 'ServiceStatus', value } as const] as const;
  });
  return Object.fromEntries(statuses);
}

/** The container as it was given, with what Pebble has now. Files are listed apart. */
export function containerOut(
  given: ScenarioContainer,
  { before, after }: { before: Container; after: Container },
): ScenarioContainer {
  const mounts = Object.entries(given.mounts).map(([name, mount]) => {
    const source = { _type: 'Source', path: mount.source.path, kind: 'ref' } as const;
    return [name, { ...mount, source }] as const;
  });
  return {
    ...given,
    can_connect: after.canConnect,
    layers: layersOut(given, before, after),
    service_statuses: statusesOut(after),
    mounts: Object.fromEntries(mounts),
    notices: noticesOut(given, before, after),
    check_infos: checksOut(given, before, after),
  };
}
