/**
 * status-set and status-get. A status is set at once and survives a failing hook.
 * Source: juju jujuc/status-set.go, status-get.go
 * Not modelled: status-data, status-get's cache within a hook.
 */
import type { Json } from '../../model/json.ts';
import { ok, refuse, unrecognised } from './arguments.ts';
import { unitName, type HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import type { JujuSlice, StatusName } from './slice.ts';

const SETTABLE: readonly string[] = ['maintenance', 'blocked', 'waiting', 'active'];

export const statusSet: HookCommand = {
  flags: { application: { kind: 'yes' } },
  run({ seen, now, set }, parsed) {
    const [status, message = '', ...more] = parsed.rest;
    if (status === undefined) return refuse(2, 'invalid args, require <status> [message]');
    if (!SETTABLE.includes(status)) {
      return refuse(
        2,
        `invalid status ${JSON.stringify(status)}, expected one of [${SETTABLE.join(' ')}]`,
      );
    }
    if (more.length > 0) return unrecognised(more);
    const value = { status: status as StatusName, message, since: now };
    if (parsed.yes['application']) {
      if (!seen.leader) return refuse(1, 'setting application status: this unit is not the leader');
      set((slice) => void (slice.appStatus = value));
      return ok('');
    }
    set((slice) => {
      slice.unitStatus = value;
      slice.stage.statusSet = true;
    });
    return ok('');
  },
};

/** The application's status as Juju shows it: what a leader set, else this unit's own. */
export function applicationStatus(slice: JujuSlice): { status: string; message: string } {
  return slice.appStatus ?? slice.unitStatus;
}

export const statusGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, 'include-data': { kind: 'yes' }, application: { kind: 'yes' } },
  run({ seen }, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const withData = parsed.yes['include-data'] ?? false;
    const shown = (of: { status: string; message: string }): Json =>
      withData
        ? { status: of.status, message: of.message, 'status-data': {} }
        : { status: of.status };
    if (parsed.yes['application']) {
      if (!seen.leader) return refuse(1, 'finding application status: this unit is not the leader');
      const application = applicationStatus(seen);
      if (parsed.text['format'] === undefined && !withData)
        return formatted(application.status, parsed);
      const units = { [unitName(seen)]: shown(seen.unitStatus) };
      return formatted(
        { 'application-status': { ...(shown(application) as object), units } },
        parsed,
      );
    }
    const smart = (parsed.text['format'] ?? 'smart') === 'smart' && !withData;
    return formatted(smart ? seen.unitStatus.status : shown(seen.unitStatus), parsed);
  },
};
