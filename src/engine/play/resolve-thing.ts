/** Which storage, notice or check an event is about, when its author does not say. */
import type { CheckEvent, NoticeEvent, StorageEvent } from '../model/event.ts';
import type { Problem } from '../model/outcome.ts';
import { orList } from '../model/yaml-shape.ts';
import type { EventSpec } from '../tree/definition.ts';
import type { Container, Notice } from '../world/pebble/slice.ts';
import type { State } from '../world/state.ts';

function numberOf(id: string): number {
  return Number(id.split('/')[1] ?? 0);
}

/** The next instance to be attached, the first to be detached, or the one whose number is said. */
export function storageEvent(
  { juju }: State,
  spec: EventSpec,
  { storage, phase }: Pick<StorageEvent, 'storage' | 'phase'>,
): StorageEvent | Problem {
  const here = Object.entries(juju.storages)
    .filter(([id]) => id.startsWith(`${storage}/`))
    .sort(([a], [b]) => numberOf(a) - numberOf(b));
  const [first] =
    here.find(([, { attached }]) => attached === (phase === 'detaching')) ?? here[0] ?? [];
  const id = spec.index === undefined ? first : `${storage}/${spec.index}`;
  if (id !== undefined && Object.hasOwn(juju.storages, id)) {
    return { kind: 'storage', storage, id, phase };
  }
  const wanted = `${storage}/${spec.index ?? 0}`;
  return {
    message: `there is no storage ${id ?? storage} in the state`,
    about: storage,
    rule: 'event-storage-exists',
    hint: `add storage: {${wanted}: {}}`,
  };
}

function noticesOf(container: Container | undefined): readonly (readonly [string, Notice])[] {
  return Object.entries(container?.notices ?? {})
    .filter(([, { type }]) => type === 'custom')
    .sort(([a], [b]) => Number(a) - Number(b));
}

/** The notice with that key, the last one where none is said; one that is only said has the next id. */
export function noticeEvent(
  { pebble }: State,
  spec: EventSpec,
  container: string,
): NoticeEvent | Problem {
  const here = noticesOf(pebble.containers[container]);
  const known =
    spec.notice === undefined ? here.at(-1) : here.findLast(([, { key }]) => key === spec.notice);
  const key = spec.notice ?? known?.[1].key;
  if (key === undefined) {
    return {
      message: `${container}-pebble-custom-notice needs a notice: the container has none`,
      about: container,
      rule: 'event-notice-exists',
      hint: `add notice: example.com/key to the event`,
    };
  }
  const next = String(pebble.containers[container]?.nextNotice ?? 1);
  return { kind: 'pebble-notice', container, id: known?.[0] ?? next, type: 'custom', key };
}

function checksOf(container: Container | undefined): readonly string[] {
  const layers = container?.layers ?? [];
  const names = layers.flatMap(({ layer }) => Object.keys((layer['checks'] as object) ?? {}));
  return [...new Set(names)].sort();
}

/** The check that is said, or the only one of the plan. */
export function checkEvent(
  { pebble }: State,
  spec: EventSpec,
  { container, turned }: Pick<CheckEvent, 'container' | 'turned'>,
): CheckEvent | Problem {
  const names = checksOf(pebble.containers[container]);
  const check = spec.check ?? (names.length === 1 ? names[0] : undefined);
  if (check !== undefined) return { kind: 'pebble-check', container, check, turned };
  const none = names.length === 0;
  return {
    message: none
      ? `${container}-pebble-check-${turned} needs a check: the plan of ${container} has none`
      : `${container}-pebble-check-${turned}: which of the checks ${orList(names)}?`,
    about: container,
    rule: 'event-check-exists',
    hint: none
      ? `add containers: {${container}: {layers: {image: {checks: {up: {…}}}}}}`
      : `add check: ${names[0] ?? 'NAME'} to the event`,
  };
}
