/**
 * The fields of a layer's sections, in the order in which Pebble writes them, with Go's types.
 * Source: pebble internals/plan/plan.go (Service, Check, LogTarget).
 * Not modelled: the sections `workloads` and `pairing`, and a service's `workload`.
 */

/**
 * `count`: a number of which 0 means unset. `id`: a number of which 0 is a value.
 * `goType` is how Go names the type in errors.
 */
export type Field = {
  readonly name: string;
  readonly kind: 'string' | 'strings' | 'map' | 'count' | 'id' | 'float' | 'duration' | 'object';
  readonly goType: string;
  /** Written out even when empty. */
  readonly always?: true;
  readonly fields?: Fields;
};
export type Fields = readonly Field[];
export type SectionName = 'services' | 'checks' | 'log-targets';
export type Section = {
  readonly name: SectionName;
  /** What an entry is called in messages. */
  readonly noun: 'service' | 'check' | 'log target';
  readonly goType: string;
  readonly fields: Fields;
};

const string = (name: string, goType = 'string'): Field => ({ name, kind: 'string', goType });
const strings = (name: string): Field => ({ name, kind: 'strings', goType: '[]string' });
const map = (name: string, goType = 'map[string]string'): Field => ({ name, kind: 'map', goType });
const count = (name: string): Field => ({ name, kind: 'count', goType: 'int' });
const id = (name: string): Field => ({ name, kind: 'id', goType: 'int' });
const duration = (name: string): Field => ({ name, kind: 'duration', goType: 'duration' });
const object = (name: string, goType: string, fields: Fields): Field => ({
  name,
  kind: 'object',
  goType,
  fields,
});
const USER: Fields = [id('user-id'), string('user'), id('group-id'), string('group')];

const SERVICE: Fields = [
  string('summary'),
  string('description'),
  string('startup', 'plan.ServiceStartup'),
  string('override', 'plan.Override'),
  string('command'),
  strings('after'),
  strings('before'),
  strings('requires'),
  map('environment'),
  ...USER,
  string('working-dir'),
  string('on-success', 'plan.ServiceAction'),
  string('on-failure', 'plan.ServiceAction'),
  map('on-check-failure', 'map[string]plan.ServiceAction'),
  duration('backoff-delay'),
  { name: 'backoff-factor', kind: 'float', goType: 'float' },
  duration('backoff-limit'),
  duration('kill-delay'),
];
const CHECK: Fields = [
  string('override', 'plan.Override'),
  string('level', 'plan.CheckLevel'),
  string('startup', 'plan.CheckStartup'),
  duration('period'),
  duration('timeout'),
  count('threshold'),
  object('http', 'plan.HTTPCheck', [string('url'), map('headers')]),
  object('tcp', 'plan.TCPCheck', [count('port'), string('host')]),
  object('exec', 'plan.ExecCheck', [
    string('command'),
    string('service-context'),
    map('environment'),
    ...USER,
    string('working-dir'),
  ]),
];
const LOG_TARGET: Fields = [
  { ...string('type', 'plan.LogTargetType'), always: true },
  { ...string('location'), always: true },
  { ...strings('services'), always: true },
  string('override', 'plan.Override'),
  map('labels'),
];

export const SECTIONS: readonly Section[] = [
  { name: 'services', noun: 'service', goType: 'plan.Service', fields: SERVICE },
  { name: 'checks', noun: 'check', goType: 'plan.Check', fields: CHECK },
  { name: 'log-targets', noun: 'log target', goType: 'plan.LogTarget', fields: LOG_TARGET },
];
export const NOT_MODELLED_SECTIONS: readonly string[] = ['workloads', 'pairing'];
