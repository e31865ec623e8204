/** The machine by meaning: when things happened is none, nor how many processes and changes there were before. */
import type { Draft } from 'immer';
import type { MachineSlice } from './slice.ts';

export function forgetTimes(machine: Draft<MachineSlice>): void {
  delete machine.nextPid;
  delete machine.snapChanges;
  for (const unit of Object.values(machine.units ?? {})) {
    unit.since = 0;
    delete unit.starts;
    if (unit.timer) unit.timer.at = 0;
  }
  for (const one of Object.values(machine.processes ?? {})) one.started = 0;
  for (const line of machine.journal ?? []) line.at = 0;
}
