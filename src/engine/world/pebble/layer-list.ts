/**
 * A container's layers: the order they are in, where a new one goes, and what the plan then is.
 * Source: pebble planstate/manager.go (AppendLayer, CombineLayer, appendLayer).
 */
import type { Draft } from 'immer';
import type { JsonObject } from '../../model/json.ts';
import { before } from './draft-members.ts';
import { combine, planOf, type Labelled } from './plan-combine.ts';
import { checkPlan } from './plan-check.ts';
import { FormatError, type LayerData, type Plan } from './plan.ts';
import type { Container, Layer } from './slice.ts';

/** A layer that would have to go between others without being allowed to: Pebble answers 500. */
export class InnerError extends Error {}

function labelled(layers: readonly Layer[]): readonly Labelled[] {
  return layers.map(({ label, layer }) => ({ label, layer: dataOf(layer) }));
}

/** Stored layers leave out what is empty. */
function dataOf(layer: JsonObject): LayerData {
  return {
    summary: '',
    description: '',
    services: {},
    checks: {},
    'log-targets': {},
    ...(layer as Partial<LayerData>),
  };
}

function stored({ label, layer }: Labelled): Layer {
  const kept = Object.entries(layer).filter(([, value]) =>
    typeof value === 'string' ? value !== '' : Object.keys(value).length > 0,
  );
  return { label, layer: Object.fromEntries(kept) as JsonObject };
}

const plans = new WeakMap<readonly Layer[], Plan>();

/** The plan in effect. Layers are never changed in place: the same ones make the same plan. */
export function planOfContainer(container: Container): Plan {
  const layers = before<readonly Layer[]>(container.layers as Draft<readonly Layer[]>);
  const plan = plans.get(layers) ?? planOf(labelled(layers));
  plans.set(layers, plan);
  return plan;
}

/** After the last layer of the same folder (`folder/name`), else at the end. */
function placeFor(label: string, layers: readonly Labelled[]): number {
  const folder = label.split('/')[0];
  const last = layers.findLastIndex((layer) => layer.label.split('/')[0] === folder);
  return last < 0 ? layers.length : last + 1;
}

function inserted(
  layers: readonly Labelled[],
  added: Labelled,
  inner: boolean,
): readonly Labelled[] {
  const place = placeFor(added.label, layers);
  if (place !== layers.length && !inner) {
    throw new InnerError("cannot insert sub-directory layer without 'inner' attribute set");
  }
  return layers.toSpliced(place, 0, added);
}

/**
 * The layers with one more, or combined into the one of that label. Throws FormatError or
 * InnerError.
 */
export function addLayer(
  container: Container,
  added: Labelled,
  how: { readonly combine: boolean; readonly inner: boolean },
): readonly Layer[] {
  const layers = labelled(container.layers);
  const index = layers.findIndex(({ label }) => label === added.label);
  if (index >= 0 && !how.combine) {
    throw new FormatError(`layer ${JSON.stringify(added.label)} already exists`);
  }
  const next =
    index < 0
      ? inserted(layers, added, how.inner)
      : layers.with(index, { label: added.label, layer: combine([layers[index]!, added]) });
  checkPlan(planOf(next));
  return next.map(stored);
}

/** The layers with this one in place of the one of its label, or at the end. Throws FormatError. */
export function setLayer(container: Container, layer: Labelled): readonly Layer[] {
  const layers = labelled(container.layers);
  const index = layers.findIndex(({ label }) => label === layer.label);
  const next = index < 0 ? [...layers, layer] : layers.with(index, layer);
  checkPlan(planOf(next));
  return next.map(stored);
}

/** Layers as they are, though no Pebble may have taken the plan that they make. Throws FormatError. */
export function heldLayers(layers: readonly Labelled[]): readonly Layer[] {
  planOf(layers);
  return layers.map(stored);
}
