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

/** A path as Go's filepath.Join makes it of a folder and a path that may be relative to it. */
function absolute(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Files by their absolute paths, which is what an error says of one that cannot be written. */
function placed(answer: Answer, cwd: string): Answer {
  if (answer.kind !== 'reply' || !answer.files) return answer;
  const files = answer.files.map((file) => ({ ...file, path: absolute(cwd, file.path) }));
  return { ...answer, files };
}

export function answerCommand(context: HookContext, request: CommandRequest): Answer {
  const [name = '', ...argv] = request.argv;
  const described = HELPS[name];
  const help = (): Reply => ok(described ? helpText(name, described, helpHook(context)) : '');
  const command = HOOK_COMMANDS[name];
  if (!command) return { kind: 'unsupported', what: `hook command ${name}` };
  const known = { relations: visibleRelations(context.seen).map(({ id }) => id) };
  const parsed = parseArguments(argv, command.flags, { known, help });
  return isReply(parsed) ? parsed : placed(command.run(context, parsed, request), request.cwd);
}
