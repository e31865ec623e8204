/** Storage and resources. */
import { failureOf } from './failure.ts';
import { eventName, failed, steps, type Rule } from './rule.ts';

export const STORAGE_RULES: readonly Rule[] = [
  {
    rule: 'storage-add counts up over the calls of a hook',
    source: 'internal/worker/uniter/runner/context/context.go, HookContext.AddUnitStorage',
    juju(theirs, one) {
      if (failureOf(one) !== null) return;
      const asked: Record<string, number> = {};
      for (const { step, answer } of steps(theirs, one)) {
        if (step[0] !== 'storage-add' || failed(answer)) continue;
        asked[String(step[1])] = (asked[String(step[1])] ?? 0) + Number(step[2]);
      }
      theirs.requested = asked;
    },
  },
  {
    rule: 'storage that has been detached is gone',
    source: 'internal/worker/uniter/storage/attachments.go, Attachments.CommitHook',
    juju(theirs, one) {
      const { name, index } = (one.event['storage'] ?? {}) as { name?: string; index?: number };
      if (name === undefined || theirs.failed !== null) return;
      if (!eventName(one).endsWith('_storage_detaching')) return;
      theirs.storages = theirs.storages.filter((id) => id !== `${name}/${index}`);
    },
  },
  {
    rule: 'a resource that was never given is a failed command',
    source: 'internal/worker/uniter/runner/jujuc/resource-get.go, ResourceGetCmd.Run',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one))
        if (step[0] === 'resource-get' && answer === '! RuntimeError') tell('! ModelError');
    },
  },
];
