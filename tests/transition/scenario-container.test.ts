/** Containers of an ops.testing State: what their Pebble has, and that they come back as they were given. */
import { describe, expect, it } from 'vitest';
import { containerIn, containerOut } from '../../src/engine/transition/scenario-container.ts';
import type { ScenarioContainer } from '../../src/engine/transition/scenario-json.ts';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { parseLayer } from '../../src/engine/world/pebble/layer-decode.ts';
import { addLayer, planOfContainer } from '../../src/engine/world/pebble/layer-list.ts';
import { memoryBlobs } from '../../scripts/memory-blobs.ts';

function container(layers: Readonly<Record<string, JsonObject>>): ScenarioContainer {
  const laid = Object.entries(layers).map(([label, value]) => [
    label,
    { _type: 'Layer', value } as const,
  ]);
  return {
    _type: 'Container',
    name: 'web',
    can_connect: true,
    _base_plan: {},
    layers: Object.fromEntries(laid),
    service_statuses: {},
    mounts: {},
    execs: [],
    notices: [],
    check_infos: [],
  };
}

function read(given: ScenarioContainer) {
  return containerIn(given, { blobs: memoryBlobs(), now: 0 });
}

describe('a layer that says nothing of how it overrides', () => {
  const given = container({
    low: { services: { web: { override: 'replace', command: 'old', startup: 'enabled' } } },
    high: { summary: 'no word of it', services: { web: { override: '', command: 'new' }, db: {} } },
  });

  it('replaces, as in ops.testing', () => {
    const { services } = planOfContainer(read(given));
    expect(services['web']).toEqual({ override: 'replace', command: 'new' });
    expect(services['db']).toEqual({ override: 'replace' });
  });

  it('may have a service that has no command, until another layer is added', () => {
    const held = read(given);
    const how = { combine: false, inner: false };
    const more = (text: string) => ({ label: 'more', layer: parseLayer('more', text) });
    const other = more('services: {other: {override: replace, command: c}}');
    expect(() => addLayer(held, other, how)).toThrow('must define "command" for service "db"');
    const cure = more('services: {db: {override: merge, command: c}}');
    expect(addLayer(held, cure, how)).toHaveLength(3);
  });

  it('is given back as it came', () => {
    const now = read(given);
    expect(containerOut(given, { before: now, after: now }).layers).toEqual(given.layers);
  });
});

describe('layers', () => {
  it('lie over each other as the State has them, whatever their labels', () => {
    const merged = { override: 'merge', summary: 'over' };
    const given = container({
      z: { services: { web: { override: 'replace', command: 'web', summary: 'below' } } },
      a: { services: { web: merged } },
    });
    const plan = planOfContainer(read(given));
    expect(plan.services['web']).toMatchObject({ command: 'web', summary: 'over' });
  });

  it('that no Pebble would take are refused by the name of their container', () => {
    const given = container({ own: { services: { web: { override: 'perhaps' } } } });
    expect(() => read(given)).toThrow(
      'container web: layer "own" has invalid "override" value for service "web"',
    );
  });
});
