/**
 * add-metric, which Juju 4 dropped. Only collect-metrics may record any, and nothing of 3.6 sends that hook any more.
 * Source: juju jujuc/add-metric.go, runner/context/context.go (AddMetric), internal/charm/metrics.go
 */
import { isReply, keyValues, refuse } from './arguments.ts';
import type { HookCommand } from './command.ts';

/** `key=value` words of which no value may be empty; the reason when they are refused. */
function metrics(words: readonly string[]): readonly string[] | string {
  const found = keyValues(words);
  if (isReply(found)) return (found.err ?? '').replace(/^ERROR |\n$/g, '');
  const empty = Object.entries(found).find(([, value]) => value === '');
  return empty ? `expected "key=value", got "${empty[0]}="` : Object.keys(found);
}

export const addMetric: HookCommand = {
  flags: { labels: { kind: 'text', short: 'l' } },
  run(_context, parsed) {
    if (parsed.rest.length === 0) return refuse(2, 'no metrics specified');
    const keys = metrics(parsed.rest);
    if (typeof keys === 'string') return refuse(2, `invalid metrics: ${keys}`);
    const labels = metrics(parsed.text['labels'] ? parsed.text['labels'].split(',') : []);
    if (typeof labels === 'string') return refuse(2, `invalid labels: ${labels}`);
    const reserved = keys.find((key) => key.startsWith('juju'));
    if (reserved !== undefined) return refuse(1, `${reserved} uses a reserved prefix`);
    return refuse(1, 'cannot record metric: metrics not allowed in this context');
  },
};
