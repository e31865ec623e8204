/**
 * How one hook command is answered: found by its name, its arguments read, run in the hook's context.
 * Source: juju internal/worker/uniter/runner/jujuc (server.go), internal/cmd (cmd.go, Main)
 */
import type { Answer, CommandRequest, Reply } from '../../model/request.ts';
import { isReply, ok, parseArguments } from './arguments.ts';
import type { HookContext } from './command.ts';
import { helpText, type HelpHook } from './help.ts';
import { HELPS, HOOK_COMMANDS } from './table.ts';

function helpHook({ event, seen }: HookContext): HelpHook {
  if (event.kind !== 'relation') return { relation: '', endpoint: '', unit: '' };
  const relation = `${event.endpoint}:${event.relation}`;
  const own = seen.relations[relation];
  return { relation: own ? relation : '', endpoint: event.endpoint, unit: event.unit ?? '' };
}

export function answerCommand(context: HookContext, request: CommandRequest): Answer {
  const [name = '', ...argv] = request.argv;
  const described = HELPS[name];
  const help = (): Reply => ok(described ? helpText(name, described, helpHook(context)) : '');
  const command = HOOK_COMMANDS[name];
  if (!command) {
    const asked = described !== undefined && argv.some((word) => ['--help', '-h'].includes(word));
    return asked ? help() : { kind: 'unsupported', what: `hook command ${name}` };
  }
  const known = { relations: Object.values(context.seen.relations).map(({ id }) => id) };
  const parsed = parseArguments(argv, command.flags, { known, help });
  return isReply(parsed) ? parsed : command.run(context, parsed, request);
}
