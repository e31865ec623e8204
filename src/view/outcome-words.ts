/** How a dispatch ended, in words for people who run charms. */
import type { End, Outcome, Problem } from '../engine/model/outcome.ts';
import { plainText } from '../chart/plain-text.ts';

export type Tone = 'good' | 'bad' | 'odd' | 'quiet';
export type OutcomeView = {
  readonly kind: Outcome['kind'];
  readonly word: string;
  /** `valid`: the node is what the charm does; `invalid`: it shows why there is nothing below to trust. */
  readonly validity: 'valid' | 'invalid' | 'never played';
  readonly tone: Tone;
  readonly sentence: string;
  /** Lines of a traceback or of the program's last words; empty when there are none. */
  readonly reason: string;
  readonly problems: readonly ProblemView[];
  /** The node that failed above this one. */
  readonly cause?: string;
};

/** `rule`: its id in the list of rules. `hint`: what would make it right, in a tree's words. */
export type ProblemView = { readonly text: string; readonly rule: string; readonly hint: string };

export function problemView({ message, rule = '', hint = '' }: Problem): ProblemView {
  return { text: plainText(message), rule: plainText(rule), hint: plainText(hint) };
}

type Look = Pick<OutcomeView, 'word' | 'validity' | 'tone'>;
export const OUTCOME_LOOKS: Readonly<Record<Outcome['kind'], Look>> = {
  root: { word: 'root', validity: 'valid', tone: 'quiet' },
  played: { word: 'played', validity: 'valid', tone: 'good' },
  failed: { word: 'failed', validity: 'invalid', tone: 'bad' },
  'timed-out': { word: 'timed out', validity: 'invalid', tone: 'bad' },
  'commit-failed': { word: 'commit failed', validity: 'invalid', tone: 'bad' },
  inconsistent: { word: 'inconsistent', validity: 'invalid', tone: 'odd' },
  'parent-failed': { word: 'not played', validity: 'never played', tone: 'quiet' },
};

export function outcomeView(outcome: Outcome): OutcomeView {
  const base = { kind: outcome.kind, ...OUTCOME_LOOKS[outcome.kind], reason: '', problems: [] };
  switch (outcome.kind) {
    case 'root':
      return {
        ...base,
        sentence: 'The state this tree starts from. Nothing has been dispatched yet.',
      };
    case 'played':
      return { ...base, sentence: playedSentence(outcome.note) };
    case 'failed':
    case 'timed-out':
      return { ...base, sentence: endSentence(outcome.end), reason: plainText(outcome.reason) };
    case 'commit-failed':
      return {
        ...base,
        sentence: 'The hook exited 0, and Juju then refused to commit what it had buffered.',
        problems: outcome.problems.map(problemView),
      };
    case 'inconsistent':
      return {
        ...base,
        sentence:
          'Juju would never deliver this event to this state, so the charm was not dispatched.',
        problems: outcome.problems.map(problemView),
      };
    case 'parent-failed':
      return {
        ...base,
        sentence: 'Not dispatched, because an event above it did not end well.',
        cause: outcome.node,
      };
  }
}

function playedSentence(note: string | undefined): string {
  const sentence = 'The charm exited 0 and what it wrote was committed.';
  return note ? `${sentence} ${plainText(note)}` : sentence;
}

function endSentence(end: End): string {
  const dropped = 'What it had buffered was dropped; what takes effect at once stayed.';
  switch (end.kind) {
    case 'exited':
      return `The charm exited with code ${end.code}. ${dropped}`;
    case 'killed':
      return `The charm was killed by ${end.signal}. ${dropped}`;
    case 'limit':
      return `The charm was stopped at its limit of ${end.of} (${plainText(end.allowed)}). ${dropped}`;
    case 'stuck':
      return `The charm waits for something that can never come: ${plainText(end.on)}. ${dropped}`;
    case 'rebooted':
      return `The charm asked for a reboot at once. ${dropped}`;
    case 'died':
      return `The machine died when the charm called ${plainText(end.at)}. ${dropped}`;
    case 'outside':
      return `The charm was stopped: it would have changed ${plainText(end.path)} of the host itself. ${dropped}`;
    case 'missing':
      return 'The charm has nothing to run for this event.';
    case 'not-started':
      return `The charm could not be started: ${plainText(end.reason)}`;
  }
}
