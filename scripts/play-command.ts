/** `playbill play`: trees in, records out, a table of outcomes at the end. */
import { playProject, type Played } from './play-project.ts';
import type { PlayOptions } from './play-session.ts';
import { jsonReporter, textReporter } from './reporter.ts';

export type PlayCommandOptions = PlayOptions & { readonly json?: boolean };

/** Plays and tells about it; the exit code is set for when the program ends. */
export async function playAndReport(options: PlayCommandOptions): Promise<Played> {
  const reporter = options.json ? jsonReporter(process.stdout) : textReporter(process.stdout);
  const played = await playProject(process.cwd(), options, reporter.on);
  reporter.end(played);
  process.exitCode = played.code;
  return played;
}

export async function playCommand(options: PlayCommandOptions): Promise<void> {
  await playAndReport(options);
}
