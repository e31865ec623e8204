/** How a place is told in which Juju's answer is another than ops.testing's. */
import { produce, type Draft } from 'immer';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { Step } from './arbitrary-script.ts';
import { scriptOf, type Case } from './case.ts';
import type { Compared } from './compared.ts';

export type Rule = {
  /** What Juju does, in one sentence. */
  readonly rule: string;
  /** Where Juju's source says so: file, and function. */
  readonly source: string;
  /** The case as ops.testing has to be asked for it. */
  ask?(one: Case): Case;
  /** What Juju makes of what ops.testing answered. `ours`: for what the source leaves open. */
  juju?(theirs: Draft<Compared>, one: Case, ours: Compared): void;
};

/** A step that the charm did, and what it saw. */
export type Done = {
  readonly event: string;
  readonly step: Step;
  readonly answer: Json;
  tell(answer: Json): void;
};

/** The part of the script that the charm does at an event: see charms/lib/scripted.py. */
function scriptAt(event: string, one: Case): readonly Step[] {
  const script = scriptOf(one);
  if (event.endsWith('_action')) return script.filter(([name]) => name !== 'defer');
  return event === eventName(one) ? script : script.filter(([name]) => !name.startsWith('secret-'));
}

/** Every step that the charm did in this dispatch, in order: those of deferred events come first. */
export function steps(theirs: Draft<Compared>, one: Case): readonly Done[] {
  return theirs.seen.flatMap(([event, seen]) => {
    const done = scriptAt(event, one);
    return seen.map((told, at) => ({
      event,
      step: done[at] ?? ['?'],
      answer: told[1] as Json,
      tell(answer: Json) {
        told[1] = answer as Draft<Json>;
      },
    }));
  });
}

export function failed(answer: Json): boolean {
  return typeof answer === 'string' && answer.startsWith('! ');
}

export function withState(one: Case, change: (state: Draft<JsonObject>) => void): Case {
  return produce(one, (draft) => change(draft.state));
}

export function eventName({ event }: Case): string {
  return String(event['name']);
}
