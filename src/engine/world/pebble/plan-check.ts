/**
 * What Pebble has against a plan, once its layers are combined.
 * Source: pebble plan.Plan.Validate. Go visits entries in random order; here they are sorted.
 */
import {
  entryOf,
  FormatError,
  list,
  namesOf,
  object,
  text,
  type Entry,
  type Plan,
} from './plan.ts';
import { inOrder } from './order.ts';

function refuse(message: string): never {
  throw new FormatError(message);
}

const REQUIRED: readonly (readonly [string, string])[] = [
  ['http', 'url'],
  ['tcp', 'port'],
  ['exec', 'command'],
];

function checkCheck(name: string, check: Entry, plan: Plan): void {
  const quoted = JSON.stringify(name);
  let kinds = 0;
  for (const [kind, field] of REQUIRED) {
    const given = object(check, kind);
    if (!given) continue;
    kinds += 1;
    if (given[field] === undefined) refuse(`plan must set "${field}" for ${kind} check ${quoted}`);
    const context = text(given, 'service-context');
    if (context === '' || entryOf(plan.services, context)) continue;
    const missing = `non-existent service ${JSON.stringify(context)}`;
    refuse(`plan check ${quoted} service context specifies ${missing}`);
  }
  if (kinds !== 1) refuse(`plan must specify one of "http", "tcp", or "exec" for check ${quoted}`);
}

function checkTarget(name: string, target: Entry, plan: Plan): void {
  const quoted = JSON.stringify(name);
  if (text(target, 'type') === '') {
    refuse(
      `plan must define "type" ("loki", "opentelemetry" or "syslog") for log target ${quoted}`,
    );
  }
  for (const given of list(target, 'services')) {
    const service = given.replace(/^-/, '');
    if (service === 'all' || entryOf(plan.services, service)) continue;
    refuse(`log target ${quoted} specifies unknown service ${JSON.stringify(service)}`);
  }
  if (text(target, 'location') === '') {
    refuse(`plan must define "location" for log target ${quoted}`);
  }
}

/** Throws FormatError with Pebble's message when something is wrong. */
export function checkPlan(plan: Plan): void {
  for (const name of namesOf(plan.services)) {
    if (text(plan.services[name]!, 'command') !== '') continue;
    refuse(`plan must define "command" for service ${JSON.stringify(name)}`);
  }
  for (const name of namesOf(plan.checks)) checkCheck(name, plan.checks[name]!, plan);
  for (const name of namesOf(plan['log-targets']))
    checkTarget(name, plan['log-targets'][name]!, plan);
  inOrder(plan.services, namesOf(plan.services), 'start');
}
