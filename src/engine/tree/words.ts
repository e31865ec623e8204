/** The words of a tree file, once: its reader, its checks and its JSON Schema all go by these lists. */
import type { Limits } from '../model/dispatch.ts';
import type { Outcome } from '../model/outcome.ts';

export const TOP_KEYS = [
  'title',
  'about',
  'charm',
  'juju',
  'consistency',
  'limits',
  'root',
  'steps',
] as const;
export const CONSISTENCY = ['strict', 'permissive'] as const;
/** What a root and a delta may say of the world. */
export const STATE_KEYS = [
  'leader',
  'config',
  'model',
  'app',
  'unit',
  'planned-units',
  'juju',
  'relations',
  'secrets',
  'storage',
  'resources',
  'leader-settings',
  'unit-state',
  'networks',
  'other-ports',
  'trusted',
  'cloud',
  'machine',
  'principal',
  'containers',
] as const;
/** What only a root may say. */
export const ROOT_KEYS = ['stage'] as const;
/** What has happened to a unit before a tree begins. */
export const STAGES = ['new', 'installed', 'started', 'stopped'] as const;
/** What happens to a unit between two events: a delta may say one of them. */
export const HAPPENING_KEYS = ['pod-churn', 'container-restart', 'reboot', 'resolved'] as const;
export const RELATION_KEYS = [
  'app',
  'data',
  'units',
  'local',
  'local-unit',
  'model',
  'remove',
] as const;
export const CONTAINER_KEYS = [
  'can-connect',
  'image',
  'layers',
  'files',
  'services',
  'exec',
  'checks',
  'notices',
] as const;
export const CHECK_STATES = ['up', 'down', 'slow', 'inactive'] as const;
export const CHECK_KEYS = ['down'] as const;
/** A file says one of the first three, and whose it is. */
export const FILE_SOURCES = ['text', 'from', 'link'] as const;
export const FILE_KEYS = [...FILE_SOURCES, 'mode', 'user', 'group'] as const;
export const PROGRAM_KEYS = ['exits', 'after', 'slow', 'output', 'signals', 'run'] as const;
export const REACTION_KEYS = ['exits', 'output', 'files'] as const;
export const EXEC_OUTPUT_KEYS = ['exit', 'stdout', 'stderr', 'files'] as const;
export const EXEC_KEYS = [
  'command',
  ...EXEC_OUTPUT_KEYS,
  'stdin',
  'takes',
  'signals',
  'run',
  'starts',
] as const;
export const STARTS_KEYS = ['listens', 'pid-file', 'user', 'needs'] as const;
/** What a program that is really run says itself. */
export const EXEC_REAL_KEYS = [...EXEC_OUTPUT_KEYS, 'stdin', 'signals', 'starts'] as const;
export const PROGRAM_REAL_KEYS = ['exits', 'after', 'output'] as const;
export const EXEC_COMMAND_KEYS = ['like'] as const;
/** Source: signal(7), those that a program may be sent. */
export const SIGNALS = [
  'SIGABRT',
  'SIGALRM',
  'SIGCHLD',
  'SIGCONT',
  'SIGHUP',
  'SIGINT',
  'SIGIO',
  'SIGKILL',
  'SIGPIPE',
  'SIGPROF',
  'SIGPWR',
  'SIGQUIT',
  'SIGSEGV',
  'SIGSTOP',
  'SIGTERM',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGUSR1',
  'SIGUSR2',
  'SIGVTALRM',
  'SIGWINCH',
  'SIGXCPU',
  'SIGXFSZ',
] as const;
export const MODEL_KEYS = ['name', 'type', 'config'] as const;
export const MODEL_TYPES = ['kubernetes', 'machine'] as const;
export const SECRET_KEYS = [
  'owner',
  'content',
  'label',
  'description',
  'rotate',
  'grants',
  'readable',
] as const;
/** Source: juju core/secrets (RotatePolicy). */
export const ROTATE_POLICIES = [
  'never',
  'hourly',
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'yearly',
] as const;
export const STORAGE_KEYS = ['attached'] as const;
export const RESOURCE_KEYS = ['text', 'file', 'image', 'username', 'password'] as const;
export const NETWORK_KEYS = ['interface', 'mac', 'addresses', 'ingress', 'egress'] as const;
export const ADDRESS_KEYS = ['value', 'cidr', 'hostname'] as const;
/** What runs on a machine, and what it is made of. */
export const MACHINE_RUNS_KEYS = ['base', 'units', 'exec', 'files', 'processes'] as const;
export const MACHINE_PACKAGES_KEYS = ['packages', 'snaps', 'offline'] as const;
export const MACHINE_KEYS = ['id', 'zone', ...MACHINE_RUNS_KEYS, ...MACHINE_PACKAGES_KEYS] as const;
export const PACKAGE_KEYS = [
  'version',
  'versions',
  'arch',
  'description',
  'depends',
  'recommends',
  'conflicts',
  'provides',
  'files',
  'conffiles',
  'units',
  'users',
  'commands',
  'source',
  'installed',
] as const;
export const PACKAGE_USER_KEYS = ['home', 'shell', 'comment', 'groups'] as const;
export const PACKAGE_ARCHITECTURES = ['amd64', 'all'] as const;
export const SNAP_KEYS = [
  'channels',
  'confinement',
  'publisher',
  'summary',
  'services',
  'commands',
  'plugs',
  'installed',
] as const;
export const RELEASE_KEYS = ['version', 'revision'] as const;
export const CONFINEMENTS = ['strict', 'classic', 'devmode'] as const;
export const MACHINE_BASES = ['ubuntu@22.04', 'ubuntu@24.04', 'host'] as const;
export const BASE_KEYS = ['root'] as const;
export const UNIT_STATES = ['active', 'inactive', 'failed'] as const;
export const UNIT_KEYS = [
  'description',
  'command',
  'text',
  'type',
  'user',
  'reload',
  'enabled',
  'active',
  'exits',
  'after',
  'slow',
  'output',
  'listens',
  'pid-file',
  'needs',
] as const;
export const PROCESS_KEYS = ['command', 'pid', 'user', 'listens'] as const;
/** What every event may say. */
export const EVENT_KEYS = ['as', 'name', 'title', 'about', 'expect', 'faults'] as const;
/** What events of one kind may say besides, and which of them. */
export const EVENT_OPTIONS = {
  app: 'names the other application of a relation event',
  unit: 'names the remote unit of a relation event',
  departing: 'names the unit that leaves, in relation-departed',
  secret: 'names the secret of a secret event',
  revision: 'is the revision of secret-expired and secret-remove',
  index: 'is the number of the instance in a storage event',
  notice: 'is the key of a pebble-custom-notice',
  check: 'names the check of pebble-check-failed and pebble-check-recovered',
  target: 'is the base that pre-series-upgrade is for',
} as const;
export type EventOption = keyof typeof EVENT_OPTIONS;
export const RUN_KEYS = ['action', 'params', ...EVENT_KEYS] as const;
export const UPGRADE_KEYS = ['to', ...EVENT_KEYS, 'config-changed'] as const;
export const FAULT_KINDS = ['command', 'pebble', 'commit', 'leadership-lost', 'dies'] as const;
export const FAULT_KEYS = [...FAULT_KINDS, 'nth', 'code', 'stderr'] as const;
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
