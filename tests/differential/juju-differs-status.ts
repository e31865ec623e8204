/** Statuses: what Juju writes around a hook, what it remembers within one, and what it derives. */
import { castDraft } from 'immer';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { status } from './arbitrary-values.ts';
import type { Case } from './case.ts';
import { eventName, failed, steps, withState, type Rule } from './rule.ts';

const BEFORE: Readonly<Record<string, string>> = {
  install: 'installing charm software',
  stop: 'stopping charm software',
  remove: 'cleaning up prior to charm deletion',
};

type Told = readonly [name: string, message: string];

/** The unit's status when its program begins. */
function statusBefore(one: Case): Told {
  const { name, message } = one.state['unit_status'] as { name: string; message: string };
  const written = BEFORE[eventName(one)];
  // Before install Juju writes nothing over what the charm has set.
  const stays = eventName(one) === 'install' && name !== 'unknown';
  return written === undefined || stays ? [name, message] : ['maintenance', written];
}

export const STATUS_RULES: readonly Rule[] = [
  {
    rule: 'before install, stop and remove the unit is in maintenance',
    source: 'internal/worker/uniter/operation/runhook.go, runHook.beforeHook',
    ask(one) {
      const { name } = one.state['unit_status'] as JsonObject;
      const [before, message] = statusBefore(one);
      if (before === name && BEFORE[eventName(one)] !== message) return one;
      return withState(one, (state) => {
        state['unit_status'] = castDraft(status(before, message));
      });
    },
  },
  {
    rule: 'after stop the unit is in maintenance, after remove it is terminated',
    source: 'internal/worker/uniter/operation/runhook.go, runHook.afterHook',
    juju(theirs, one) {
      if (theirs.failed !== null) return;
      if (eventName(one) === 'stop') theirs.statuses.unit = ['maintenance', ''];
      if (eventName(one) === 'remove') theirs.statuses.unit = ['terminated', ''];
    },
  },
  {
    rule: 'status-get answers all through a hook what it answered first',
    source: 'internal/worker/uniter/runner/context/context.go, HookContext.UnitStatus',
    juju(theirs, one) {
      let current = [...statusBefore(one)];
      let told: string[] | null = null;
      let known = false;
      for (const { step, answer, tell } of steps(theirs, one)) {
        if (step[0] === 'status-set' && !failed(answer)) {
          current = [String(step[1]), String(step[2])];
          known = true;
        }
        // ops asks once, unless it has set the status itself.
        if (step[0] === 'status-get' && !known) {
          told ??= current;
          known = true;
        }
        if (step[0] === 'raw-status-get') tell((told ??= current));
      }
    },
  },
  {
    rule: "an application's status that no leader has set is derived from its units'",
    source: 'state/application.go, Application.Status; core/status, DeriveStatus',
    juju(theirs, one) {
      if ((one.state['app_status'] as JsonObject)['name'] !== 'unknown') return;
      let unit = [...statusBefore(one)];
      let known: string[] | null = null;
      for (const { step, answer, tell } of steps(theirs, one)) {
        if (failed(answer)) continue;
        if (step[0] === 'status-set') unit = [String(step[1]), String(step[2])];
        if (step[0] === 'app-status-set') known = [String(step[1]), String(step[2])];
        if (step[0] === 'app-status-get') tell((known ??= unit));
      }
    },
  },
];
