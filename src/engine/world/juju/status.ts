/**
 * status-set and status-get. A status is set at once and survives a failing hook; what status-get told of the unit
 * first it tells for the rest of the hook.
 * Source: juju jujuc/status-set.go, status-get.go, internal/worker/uniter/runner/context/context.go
 * Not modelled: statuses of the application's other units.
 */
import type { Json } from '../../model/json.ts';
import { ok, quoted, refuse, unrecognised, type Parsed } from './arguments.ts';
import { leads, unitName, type HookCommand, type HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import type { JujuSlice, Status, StatusName } from './slice.ts';

const SETTABLE: readonly string[] = ['maintenance', 'blocked', 'waiting', 'active'];
const NOT_LEADER = 'this unit is not the leader';

export const statusSet: HookCommand = {
  flags: { application: { kind: 'yes' } },
  run(context, parsed) {
    const [status, message = '', ...more] = parsed.rest;
    if (status === undefined) return refuse(2, 'invalid args, require <status> [message]');
    if (!SETTABLE.includes(status)) {
      const expected = `[${SETTABLE.join(' ')}]`;
      return refuse(2, `invalid status ${quoted(status)}, expected one of ${expected}`);
    }
    if (more.length > 0) return unrecognised(more);
    const value = { status: status as StatusName, message, since: context.now };
    if (parsed.yes['application']) {
      if (!leads(context)) return refuse(1, NOT_LEADER);
      context.set((slice) => void (slice.appStatus = value));
      return ok('');
    }
    context.set((slice) => {
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

/** The unit's status as the hook read it first. */
function unitStatus({ seen, set }: HookContext): Status {
  const { hook } = seen;
  if (hook && !hook.unitStatus) {
    set((slice) => {
      if (slice.hook) slice.hook.unitStatus = seen.unitStatus;
    });
  }
  return hook?.unitStatus ?? seen.unitStatus;
}

function details(of: { status: string; message: string }, withData: boolean): Json {
  if (!withData) return { status: of.status };
  return { status: of.status, message: of.message, 'status-data': {} };
}

function isBare(parsed: Parsed): boolean {
  return !parsed.yes['include-data'] && (parsed.text['format'] ?? 'smart') === 'smart';
}

export const statusGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, 'include-data': { kind: 'yes' }, application: { kind: 'yes' } },
  run(context, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const withData = parsed.yes['include-data'] ?? false;
    if (!parsed.yes['application']) {
      const unit = unitStatus(context);
      return formatted(isBare(parsed) ? unit.status : details(unit, withData), parsed);
    }
    if (!leads(context)) return refuse(1, `finding application status: ${NOT_LEADER}`);
    const application = applicationStatus(context.seen);
    if (isBare(parsed)) return formatted(application.status, parsed);
    const units = { [unitName(context.seen)]: details(context.seen.unitStatus, withData) };
    const shown = { ...(details(application, withData) as object), units };
    return formatted({ 'application-status': shown }, parsed);
  },
};
