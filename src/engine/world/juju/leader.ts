/**
 * leader-get and leader-set, which Juju 4 dropped. What is set is there at once, whatever becomes of the hook.
 * Source: juju jujuc/leader-get.go, leader-set.go, runner/context/leader.go, state/application.go
 */
import { isReply, keyValues, ok, quoted, refuse, unrecognised } from './arguments.ts';
import { leads, type HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';

export const leaderGet: HookCommand = {
  flags: FORMAT_FLAGS,
  run({ seen }, parsed) {
    const [given = '-', ...more] = parsed.rest;
    const key = given === '-' ? '' : given;
    if (key.includes('=')) return refuse(2, `invalid key ${quoted(key)}`);
    if (more.length > 0) return unrecognised(more);
    if (key === '') return formatted(seen.leaderSettings, parsed);
    const found = Object.hasOwn(seen.leaderSettings, key) ? seen.leaderSettings[key] : undefined;
    return formatted(found ?? null, parsed);
  },
};

export const leaderSet: HookCommand = {
  flags: {},
  run(context, parsed) {
    const wanted = keyValues(parsed.rest);
    if (isReply(wanted)) return wanted;
    if (!leads(context)) {
      return refuse(1, 'cannot write leadership settings: cannot write settings: not the leader');
    }
    context.set((slice) => {
      for (const [key, value] of Object.entries(wanted)) {
        if (value === '') delete slice.leaderSettings[key];
        else slice.leaderSettings[key] = value;
      }
    });
    return ok('');
  },
};
