/** is-leader and application-version-set. Source: juju jujuc/is-leader.go and application-version-set.go. */
import { ok, refuse, unrecognised } from './arguments.ts';
import { leads, type HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';

export const isLeader: HookCommand = {
  flags: FORMAT_FLAGS,
  run(context, parsed) {
    return parsed.rest.length > 0 ? unrecognised(parsed.rest) : formatted(leads(context), parsed);
  },
};

export const applicationVersionSet: HookCommand = {
  flags: {},
  run({ set }, parsed) {
    const [version, ...more] = parsed.rest;
    if (version === undefined) return refuse(2, 'no version specified');
    if (more.length > 0) return unrecognised(more);
    set((slice) => void (slice.workloadVersion = version));
    return ok('');
  },
};
