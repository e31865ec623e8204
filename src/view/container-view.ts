/**
 * A workload container: whether its Pebble answers, its layers and plan, its services and files.
 * The plan is world/pebble's own.
 */
import { dump } from 'js-yaml';
import { plainText } from '../chart/plain-text.ts';
import type { Json, JsonObject } from '../engine/model/json.ts';
import { sorted } from '../engine/model/json.ts';
import { planOf } from '../engine/world/pebble/plan-combine.ts';
import type { Labelled } from '../engine/world/pebble/plan-combine.ts';
import { planYaml } from '../engine/world/pebble/plan-yaml.ts';
import { FormatError } from '../engine/world/pebble/plan.ts';
import type { Plan } from '../engine/world/pebble/plan.ts';
import type { Container, PebbleSlice } from '../engine/world/pebble/slice.ts';
import type { ContainerFiles } from './container-files.ts';
import { containerFiles } from './container-files.ts';
import { containerTables } from './container-tables.ts';
import type { UnitDataView } from './unit-data-view.ts';

export type ServiceRow = {
  readonly name: string;
  readonly startup: string;
  readonly current: string;
  readonly command: string;
};
export type ContainerView = {
  readonly name: string;
  readonly canConnect: boolean;
  readonly services: readonly ServiceRow[];
  /** The plan as `pebble plan` prints it; empty when there are no layers. */
  readonly plan: string;
  readonly layers: readonly { readonly label: string; readonly yaml: string }[];
  readonly files: ContainerFiles;
  /** What happened in it: services over time, programs executed, checks, notices. */
  readonly tables: readonly UnitDataView[];
};

/** Containers with all the files of their images: after the node, and what its files are compared with. */
export type PebbleTimes = {
  readonly after: PebbleSlice;
  /** What the event met: as at the parent node, with what the tree changed. */
  readonly met: PebbleSlice;
  /** Null: the node is a root. */
  readonly before: PebbleSlice | null;
};

export function containerViews(times: PebbleTimes): readonly ContainerView[] {
  return Object.keys(times.after.containers)
    .sort()
    .map((name) => containerView(name, times));
}

function containerView(name: string, { after, met, before }: PebbleTimes): ContainerView {
  const container = containerIn(after, name) as Container;
  const plan = planIn(container);
  return {
    name: plainText(name),
    canConnect: container.canConnect,
    services: serviceRows(plan instanceof FormatError ? null : plan, container),
    plan: planText(plan, container),
    layers: container.layers.map(({ label, layer }) => ({
      label: plainText(label),
      yaml: yamlText(layer),
    })),
    files: containerFiles({
      after: container,
      met: containerIn(met, name),
      before: before && containerIn(before, name),
      isRoot: before === null,
    }),
    tables: containerTables(container, plan instanceof FormatError ? {} : plan.checks),
  };
}

function containerIn({ containers }: PebbleSlice, name: string): Container | null {
  return Object.hasOwn(containers, name) ? (containers[name] as Container) : null;
}

/** An author may give a container layers that Pebble would refuse; then the refusal is what there is to show. */
function planIn(container: Container): Plan | FormatError {
  try {
    return planOf(container.layers.map(({ label, layer }) => ({ label, layer: sections(layer) })));
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

/** A root's layer may lack sections that Pebble's own layers have. */
function sections(layer: JsonObject): Labelled['layer'] {
  const empty = { services: {}, checks: {}, 'log-targets': {} };
  return { ...empty, ...layer } as unknown as Labelled['layer'];
}

function planText(plan: Plan | FormatError, container: Container): string {
  if (plan instanceof FormatError)
    return plainText(`# Pebble refuses these layers: ${plan.message}`);
  return container.layers.length > 0 ? plainText(planYaml(plan)) : '';
}

function serviceRows(plan: Plan | null, container: Container): ServiceRow[] {
  const planned: JsonObject = plan?.services ?? {};
  const names = new Set([...Object.keys(planned), ...Object.keys(container.services)]);
  return [...names].sort().map((name) => {
    const service = objectAt(planned, name);
    return {
      name: plainText(name),
      startup: textOf(service['startup']) || 'disabled',
      current: container.services[name]?.current ?? 'inactive',
      command: textOf(service['command']),
    };
  });
}

function objectAt(holder: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? plainText(value) : '';
}

export function yamlText(value: unknown): string {
  return plainText(dump(sorted(value), { lineWidth: 96 }));
}
