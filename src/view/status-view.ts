/**
 * A unit's state as `juju status` prints it: model, application and unit lines.
 * Source: juju cmd/juju/status/output_tabular.go (columns); an agent in error hides the workload's status.
 */
import { plainText } from '../chart/plain-text.ts';
import type { IndexCharm } from '../engine/record/format.ts';
import type { JujuSlice } from '../engine/world/juju/slice.ts';
import type { State } from '../engine/world/state.ts';

export type StatusWord = { readonly word: string; readonly mark: string };
export type StatusView = {
  readonly model: string;
  readonly modelType: string;
  readonly juju: string;
  readonly app: {
    readonly name: string;
    readonly version: string;
    readonly status: StatusWord;
    /** True when no leader set it and it follows from the unit. */
    readonly derived: boolean;
    readonly message: string;
    readonly scale: string;
    readonly charm: string;
  };
  readonly unit: {
    readonly name: string;
    readonly leader: boolean;
    readonly workload: StatusWord;
    readonly agent: string;
    readonly address: string;
    readonly ports: string;
    readonly message: string;
  };
};

const KNOWN = ['active', 'blocked', 'waiting', 'maintenance', 'error', 'terminated'];

/** A status with its mark for colours: `status-active`; a word that is none of Juju's is `status-unknown`. */
export function statusWord(word: string): StatusWord {
  return { word: plainText(word), mark: `status-${KNOWN.includes(word) ? word : 'unknown'}` };
}

export function statusView(state: State, charm: IndexCharm | undefined): StatusView {
  const { juju } = state;
  const shown = workloadStatus(juju);
  const app = juju.appStatus ?? shown;
  return {
    model: plainText(juju.model.name),
    modelType: juju.model.type === 'kubernetes' ? 'Kubernetes' : 'machine',
    juju: juju.version,
    app: {
      name: plainText(juju.app),
      version: plainText(juju.workloadVersion),
      status: statusWord(app.status),
      derived: juju.appStatus === null,
      message: plainText(app.message),
      scale: String(juju.plannedUnits),
      charm: plainText(charm?.name ?? juju.app),
    },
    unit: unitLine(juju, shown),
  };
}

function unitLine(juju: JujuSlice, shown: Shown): StatusView['unit'] {
  return {
    name: `${plainText(juju.app)}/${juju.unit}`,
    leader: juju.leader,
    workload: statusWord(shown.status),
    agent: juju.agentStatus.status === 'error' ? 'idle' : juju.agentStatus.status,
    address: juju.network.address,
    ports: Object.keys(juju.ports).sort().join(', '),
    message: plainText(shown.message),
  };
}

type Shown = { readonly status: string; readonly message: string };
function workloadStatus(juju: JujuSlice): Shown {
  return juju.agentStatus.status === 'error'
    ? { status: 'error', message: juju.agentStatus.message }
    : juju.unitStatus;
}
