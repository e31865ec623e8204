/** What a hint says is what puts it right: its words are a tree's, and with them the rule has nothing left to say. */
import { describe, expect, it } from 'vitest';
import { layState } from '../../src/engine/play/lay-state.ts';
import { eventName, type Event } from '../../src/engine/model/event.ts';
import { resolveEvent } from '../../src/engine/play/resolve.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import type { NodeDefinition } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { consistencyProblems } from '../../src/engine/world/consistency.ts';
import type { State } from '../../src/engine/world/state.ts';
import { blobsInMemory } from '../play/scripted-stage.ts';
import { EVENT_PAIRS, type EventPair } from './event-pairs.ts';
import { after, CHARM } from './world.ts';

function steps(text: string): readonly NodeDefinition[] {
  return parseTree({ file: 'hint.yaml', text: `root: {}\nsteps:\n${text}\n`, name: 'hint' }).nodes;
}

function laid(state: State, words: string): State {
  const [node] = steps(`  - delta: {${words}}\n  - install`);
  const using = { charm: CHARM, blobs: blobsInMemory(), digest: sha256 };
  return (node?.deltas ?? []).reduce((before, one) => layState(before, one.state, using), state);
}

function played(state: State, words: readonly string[]): State {
  return words.reduce((before, word) => {
    const [node] = steps(`  - ${word}`);
    if (!node) throw new Error(`${word} is no step`);
    const found = resolveEvent(node.event, before, CHARM);
    if ('problems' in found) throw new Error(found.problems[0]?.message);
    expect(consistencyProblems(before, found.event, CHARM)).toEqual([]);
    return after(before, found.event);
  }, state);
}

const DELTA =
  /^add ((?:relations|storage|containers|leader|planned-units|juju|model): .*?)(?:, or .*)?$/;
const EVENTS = /^add ((?:[a-z-]+(?:: \{.*?\})?)(?: and [a-z-]+)?) before it(?:,.*)?$/;

/** The state as the hint would have it; null when it asks for something else. */
function mended(state: State, hint: string): State | null {
  const delta = DELTA.exec(hint)?.[1];
  if (delta !== undefined) return laid(state, delta);
  const events = EVENTS.exec(hint)?.[1];
  return events === undefined ? null : played(state, events.split(' and '));
}

/** The event as its author writes it: what it is about may be another by now. */
function meant(state: State, event: Event): Event {
  const unit = event.kind === 'relation' ? event.unit?.split('/')[1] : undefined;
  if (event.kind !== 'relation' && event.kind !== 'pebble-notice') return event;
  const [node] = steps(`  - ${eventName(event)}: {${unit === undefined ? '' : `unit: ${unit}`}}`);
  const found = node ? resolveEvent(node.event, state, CHARM) : { problems: [] };
  if ('problems' in found) throw new Error(found.problems[0]?.message);
  return found.event;
}

type Asked = readonly [rule: string, pair: EventPair, hint: string];
const ASKED = EVENT_PAIRS.flatMap((pair): readonly Asked[] => {
  const [state, event, charm = CHARM] = pair.no;
  const hint = consistencyProblems(state, event, charm)[0]?.hint ?? '';
  return DELTA.test(hint) || (EVENTS.test(hint) && !/retry/.test(hint))
    ? [[pair.rule, pair, hint]]
    : [];
});

describe('a hint', () => {
  it('is there for most of what is refused, and says what to add', () => {
    expect(ASKED.length).toBeGreaterThan(30);
  });

  it.each(ASKED)('of %s puts it right', (rule, pair, hint) => {
    const [state, event, charm = CHARM] = pair.no;
    const now = mended(state, hint);
    expect(now).not.toBeNull();
    const problems = now ? consistencyProblems(now, meant(now, event), charm) : [];
    expect(problems.map((one) => one.rule)).not.toContain(rule);
  });
});
