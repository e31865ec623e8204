/**
 * What happens to a unit between two events, none of which the charm runs for.
 * Source: juju internal/worker/uniter/operation (skip.go, state), runner/context (databags are cached in the agent's
 * memory), caas/kubernetes/provider/application (a pod's volumes); pebble keeps its state in the container.
 * The agent's own state is on the controller, so that it outlives the pod.
 * Not modelled: which address the new pod has.
 */
import { produce, type Draft } from 'immer';
import type { Happening } from '../tree/definition.ts';
import { succeed } from '../world/juju/hook.ts';
import type { JujuSlice } from '../world/juju/slice.ts';
import { stageBefore } from '../world/juju/stage-after.ts';
import type { Millis } from '../model/request.ts';
import type { MachineSlice } from '../world/machine/slice.ts';
import { bootUnits } from '../world/machine/unit-boot.ts';
import { restarted } from '../world/pebble/container.ts';
import type { State } from '../world/state.ts';

type Slice = Draft<JujuSlice>;

/** The agent starts anew: what it had fetched of others' databags it fetches again. */
function forgetKnown(slice: Slice): void {
  for (const relation of Object.values(slice.relations)) relation.known = {};
}

function restart(state: State, names: readonly string[]): State {
  const { now } = state.clock;
  const containers = Object.entries(state.pebble.containers).map(
    ([name, container]) =>
      [name, names.includes(name) ? restarted(container, now) : container] as const,
  );
  return { ...state, pebble: { ...state.pebble, containers: Object.fromEntries(containers) } };
}

/** A pod with all of its containers, the charm's among them, is gone and made again from the images. */
export function churnPod(state: State): State {
  const juju = produce(state.juju, (slice) => {
    forgetKnown(slice);
    for (const resource of Object.values(slice.resources)) resource.downloaded = false;
  });
  const { root: _root, ...kept } = state.machine;
  const machine = { ...kept, charmDir: {}, databases: {} };
  return restart({ ...state, juju, machine }, Object.keys(state.pebble.containers));
}

/** What a boot empties: /run is in memory, and Ubuntu clears /tmp (systemd-tmpfiles, tmp.conf). */
function booted(before: MachineSlice, now: Millis): MachineSlice {
  const { root = {}, ...rest } = before;
  const left = Object.entries(root).filter(([path]) => !/^(?:run|tmp)\//.test(path));
  const machine = left.length > 0 ? { ...rest, root: Object.fromEntries(left) } : rest;
  return bootUnits(machine, now);
}

/** The agent tells a unit that has started of a reboot by start, before anything else. */
function reboot(slice: Slice): void {
  forgetKnown(slice);
  slice.rebooting = slice.stage.started || slice.stage.history === 'unknown';
}

/** The failed hook counts as done: the operator says so. */
function resolve(slice: Slice, now: number): void {
  const { failed } = slice;
  if (!failed) return;
  stageBefore(slice, failed);
  succeed(slice, failed, now);
}

export function layHappening(state: State, happening: Happening): State {
  switch (happening.kind) {
    case 'pod-churn':
      return churnPod(state);
    case 'container-restart':
      return restart(state, happening.containers);
    case 'reboot':
      return {
        ...state,
        juju: produce(state.juju, reboot),
        machine: booted(state.machine, state.clock.now),
      };
    case 'resolved':
      return { ...state, juju: produce(state.juju, (slice) => resolve(slice, state.clock.now)) };
  }
}
