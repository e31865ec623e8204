/**
 * What a check finds when it is performed: nothing wrong, or an error in Pebble's words. The tree tells it; nothing is
 * asked over a network, and no command runs.
 * Source: pebble internals/overlord/checkstate/checkers.go, handlers.go (runCheck); Go's net and net/http for refusals.
 * Not modelled: what a name resolves to: `localhost` is 127.0.0.1, every other host is named as it is.
 */
import type { Millis } from '../../model/request.ts';
import { kindOf } from './check-change.ts';
import { durationText, parseDuration } from './go-duration.ts';
import { object, text, type Entry } from './plan.ts';
import type { CheckFinding, Container } from './slice.ts';

const PERIOD = 10e9;
const TIMEOUT = 3e9;
const NANOSECONDS = 1e6;
const LEAST: Millis = 0.001;

function nanoseconds(config: Entry, field: 'period' | 'timeout', otherwise: number): number {
  const given = text(config, field);
  const parsed = given === '' ? otherwise : parseDuration(given);
  return typeof parsed === 'number' ? parsed : otherwise;
}

export function periodOf(config: Entry): Millis {
  return Math.max(LEAST, nanoseconds(config, 'period', PERIOD) / NANOSECONDS);
}

function timeoutOf(config: Entry): number {
  return Math.min(nanoseconds(config, 'timeout', TIMEOUT), nanoseconds(config, 'period', PERIOD));
}

export function thresholdOf(config: Entry): number {
  return Number(config['threshold']);
}

export function findingOf(container: Container, name: string): CheckFinding {
  const findings = container.checkFindings ?? {};
  return (Object.hasOwn(findings, name) ? findings[name] : undefined) ?? { found: 'up' };
}

/** How long it takes to find something. */
export function delayOf(finding: CheckFinding, config: Entry): Millis {
  return finding.found === 'slow' ? timeoutOf(config) / NANOSECONDS : 0;
}

function refused(host: string, port: string): string {
  return `dial tcp ${host === 'localhost' ? '127.0.0.1' : host}:${port}: connect: connection refused`;
}

function nobodyAt(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed) return `Get ${JSON.stringify(url)}: unsupported protocol scheme ""`;
  const port = parsed.port || (parsed.protocol === 'https:' ? '443' : '80');
  return `Get ${JSON.stringify(url)}: ${refused(parsed.hostname, port)}`;
}

/** What a check says whose target is not there, or whose command fails. */
function failing(config: Entry): string {
  const kind = kindOf(config);
  if (kind === 'exec') return 'exit status 1';
  const target = object(config, kind) ?? {};
  if (kind === 'http') return nobodyAt(text(target, 'url'));
  return refused(text(target, 'host') || 'localhost', String(target['port']));
}

/** The error of a check that is performed, or null. */
export function errorOf(finding: CheckFinding, config: Entry): string | null {
  switch (finding.found) {
    case 'up':
      return null;
    case 'slow':
      return `check timed out after ${durationText(timeoutOf(config))}`;
    case 'down':
      return finding.error ?? failing(config);
  }
}
