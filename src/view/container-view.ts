/**
 * A workload container: whether its Pebble answers, its layers and plan, its services and files.
 * Source: canonical/pebble v1.32 internals/plan (how layers are combined), as world/pebble keeps them.
 */
import { dump } from 'js-yaml';
import { plainText } from '../chart/plain-text.ts';
import type { Json, JsonObject } from '../engine/model/json.ts';
import { sorted } from '../engine/model/json.ts';
import type { Container, PebbleSlice } from '../engine/world/pebble/slice.ts';
import { combinedPlan } from './plan.ts';
import type { FileRow } from './files-view.ts';
import { treeFiles } from './files-view.ts';

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
  readonly files: readonly FileRow[];
};

export function containerViews(pebble: PebbleSlice): readonly ContainerView[] {
  return Object.keys(pebble.containers)
    .sort()
    .map((name) => containerView(name, pebble.containers[name] as Container));
}

function containerView(name: string, container: Container): ContainerView {
  const plan = combinedPlan(container.layers);
  return {
    name: plainText(name),
    canConnect: container.canConnect,
    services: serviceRows(plan, container),
    plan: container.layers.length > 0 ? yamlText(plan) : '',
    layers: container.layers.map(({ label, layer }) => ({
      label: plainText(label),
      yaml: yamlText(layer),
    })),
    files: treeFiles(container.root),
  };
}

function serviceRows(plan: JsonObject, container: Container): ServiceRow[] {
  const planned = objectAt(plan, 'services');
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
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? plainText(value) : '';
}

export function yamlText(value: unknown): string {
  return plainText(dump(sorted(value), { lineWidth: 96 }));
}
