/** What an entry of the library may go by: the charm, who leads, who is on the other side of its relations. */
import type { Charm } from '../model/charm.ts';
import type { Scene } from './library-entry.ts';
import { otherApp, sideFor, type Responder } from './responder.ts';

type Told = {
  readonly leads: boolean;
  readonly model: Scene['model'] | undefined;
  readonly responders: readonly Responder[];
};

export function sceneFor(charm: Charm, { leads, model, responders }: Told): Scene {
  return {
    charm,
    leads,
    model: model ?? (charm.kubernetes ? 'kubernetes' : 'machine'),
    answers: (name) => {
      const endpoint = charm.endpoints[name];
      return endpoint !== undefined && sideFor(responders, endpoint) !== undefined;
    },
    others: (name) => otherApp(name, charm, responders),
  };
}

const NOBODY: Charm = {
  name: '',
  subordinate: false,
  endpoints: {},
  containers: {},
  config: {},
  actions: {},
  storage: {},
  resources: {},
  extraBindings: [],
  kubernetes: false,
  written: {},
};

/** For entries that do not ask for the charm. */
export function sceneWithout(told: Told): Scene {
  return sceneFor(NOBODY, told);
}
