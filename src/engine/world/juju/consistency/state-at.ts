/** What a rule about a state, apart from any event, looks at. */
import type { Charm } from '../../../model/charm.ts';
import type { Rule } from '../../../model/rule.ts';
import type { JujuSlice } from '../slice.ts';

export type StateAt = {
  readonly slice: JujuSlice;
  readonly charm: Charm;
  /** Whether it is where a tree begins: what nobody has done since cannot have come about. */
  readonly root: boolean;
};
export type StateRule = Rule<StateAt>;
