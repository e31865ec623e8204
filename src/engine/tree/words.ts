/** The words of a tree file, once: its reader, its checks and its JSON Schema all go by these lists. */
import type { Limits } from '../model/dispatch.ts';
import type { Outcome } from '../model/outcome.ts';

export const TOP_KEYS = ['title', 'about', 'charm', 'juju', 'limits', 'root', 'steps'] as const;
export const STATE_KEYS = [
  'leader',
  'config',
  'model',
  'app',
  'unit',
  'planned-units',
  'juju',
  'relations',
  'containers',
] as const;
export const RELATION_KEYS = ['app', 'data', 'units'] as const;
export const CONTAINER_KEYS = ['can-connect', 'layers', 'files'] as const;
export const MODEL_KEYS = ['name', 'type'] as const;
export const MODEL_TYPES = ['kubernetes', 'machine'] as const;
export const EVENT_KEYS = ['as', 'name', 'title', 'about', 'unit', 'expect'] as const;
export const RUN_KEYS = ['action', 'params', 'as', 'name', 'title', 'about', 'expect'] as const;
export const BRANCH_KEYS = ['golden', 'title', 'about', 'steps'] as const;
export const EXPECT_KEYS = ['outcome', 'status', 'message', 'app-status', 'unmet'] as const;
export const LIMIT_KEYS = [
  'seconds',
  'memory',
  'processes',
  'output',
  'calls',
  'files',
] as const satisfies readonly (keyof Limits)[];
export const OUTCOMES = [
  'played',
  'failed',
  'timed-out',
  'commit-failed',
  'inconsistent',
  'parent-failed',
] as const satisfies readonly Outcome['kind'][];
/** What juju status can show of a unit or an application. */
export const STATUSES = [
  'active',
  'blocked',
  'waiting',
  'maintenance',
  'unknown',
  'error',
  'terminated',
] as const;
/** Steps of the design that cannot be played yet, and what to write until they can. */
export const LATER_STEPS: Readonly<Record<string, string>> = {
  relate: 'Write the relation in a delta and its events one by one.',
  use: 'Write the steps of the subtree here.',
  upgrade: 'Write a second tree whose charm is the next version.',
  'fan-out': 'Write one branch for each event.',
};
