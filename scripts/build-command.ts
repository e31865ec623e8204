/** `playbill build`: plays the trees, then builds the site from their records, red nodes and all. */
import { relative, resolve } from 'node:path';
import { buildSite } from '../src/site/build-site.ts';
import { playAndReport, type PlayCommandOptions } from './play-command.ts';

type BuildOptions = PlayCommandOptions & { readonly out?: string; readonly base?: string };

export async function buildCommand(options: BuildOptions): Promise<void> {
  const { project } = await playAndReport(options);
  const outFolder =
    options.out === undefined ? resolve(project.root, 'site') : resolve(options.out);
  const log = (text: string): void => {
    if (!options.json) console.log(text);
  };
  await buildSite({
    projectRoot: project.root,
    records: project.recordsFolder,
    out: outFolder,
    quiet: options.json ?? false,
    ...(options.base === undefined ? {} : { base: options.base }),
  });
  log(
    `\nThe site is in ${relative(process.cwd(), outFolder) || '.'}: open index.html, or run playbill preview.`,
  );
}
