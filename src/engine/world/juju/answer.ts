/**
 * How one hook command is answered: found by its name, its arguments read, run in the hook's context.
 * Source: juju internal/worker/uniter/runner/jujuc (server.go), internal/cmd (cmd.go, Main)
 */
import type { Answer, CommandRequest, Reply } from '../../model/request.ts';
import { isReply, ok, parseArguments } from './arguments.ts';
import type { HookContext } from './command.ts';
import { helpText, type HelpHook } from './help.ts';
import { hookRelation, relationKey, visibleRelations } from './relation-context.ts';
import { HELPS, HOOK_COMMANDS } from './table.ts';

function helpHook(context: HookContext): HelpHook {
  const { event } = context;
  const relation = hookRelation(context);
  if (!relation || event.kind !== 'relation') return { relation: '', endpoint: '', unit: '' };
  return { relation: relationKey(relation), endpoint: event.endpoint, unit: event.unit ?? '' };
}

export function answerCommand(context: HookContext, request: CommandRequest): Answer {
  const [name = '', ...argv] = request.argv;
  const described = HELPS[name];
  const help = (): Reply => ok(described ? helpText(name, described, helpHook(context)) : '');
  const command = HOOK_COMMANDS[name];
  if (!command) return { kind: 'unsupported', what: `hook command ${name}` };
  const known = { relations: visibleRelations(context.seen).map(({ id }) => id) };
  const parsed = parseArguments(argv, command.flags, { known, help });
  return isReply(parsed) ? parsed : command.run(context, parsed, request);
}
