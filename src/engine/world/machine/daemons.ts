/**
 * A program that puts itself into the background, as a rule says it: it ends well, and a process of it lives on.
 * Source: daemon(7).
 * Not modelled: the words in which a program says why it does not start.
 */
import type { Daemon, ProgramCallRule } from '../../model/exec-rule.ts';
import type { CommandRequest } from '../../model/request.ts';
import { file, textOf, type MachineDraw, type RootChanges } from './program.ts';
import { baseName, lifeOf, takePid } from './systemd-life.ts';
import { keepLife } from './systemd-manager.ts';

export function needPaths({ starts }: ProgramCallRule): readonly string[] {
  return Object.keys(starts?.needs ?? {});
}

function whyNot(draw: MachineDraw, { found = {} }: CommandRequest, daemon: Daemon): string | null {
  const { needs = {}, listens = [] } = daemon;
  const lacking = Object.entries(needs).find(
    ([path, text]) => !(textOf(found, path) ?? '').includes(text),
  );
  if (lacking) {
    const [path, text] = lacking;
    return found[path] ? `${path} has no "${text}"` : `${path}: No such file or directory`;
  }
  const taken = Object.values(draw.seen.processes ?? {}).flatMap((one) => one.listens);
  const port = listens.find((one) => taken.includes(one));
  return port === undefined ? null : `port ${port}: Address already in use`;
}

/** What becomes of the root, or what the program says that does not start. */
export function startDaemon(
  draw: MachineDraw,
  request: CommandRequest,
  daemon: Daemon,
): RootChanges | string {
  const { argv } = request;
  const why = whyNot(draw, request, daemon);
  if (why !== null) return `${baseName(argv[0] ?? '')}: ${why}\n`;
  const { listens = [], user = 'root', pidFile } = daemon;
  const being = lifeOf(draw.seen, draw.now);
  const pid = takePid(being);
  const made = { argv, user, unit: null, listens, signals: [], started: draw.now };
  const known = pidFile === undefined ? made : { ...made, pidFile };
  being.processes = { ...being.processes, [pid]: known };
  keepLife(draw, being);
  return pidFile === undefined ? {} : { [pidFile]: file(`${pid}\n`) };
}
