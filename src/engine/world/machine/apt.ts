/**
 * apt as people use it: what apt-get and apt-cache do, and lists of packages.
 * Source: apt(8); outputs recorded from apt 2.6.1 (tests/machine/recorded).
 */
import { aptCache } from './apt-cache.ts';
import { aptGet } from './apt-get.ts';
import { aptOptions } from './apt-options.ts';
import { globSource } from './apt-select.ts';
import { CODENAMES, offeredNames, offersOf, packageOf, presentOf } from './package-base.ts';
import { upgradeOf } from './package-plan.ts';
import { release, reply, type MachineDraw, type Program } from './program.ts';

const WARNING =
  '\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n';

function lineOf({ seen }: MachineDraw, name: string, upgrades: boolean): string {
  const here = presentOf(seen, name);
  const [latest] = offersOf(seen, name);
  const later = upgradeOf(seen, name);
  const one = upgrades ? latest : (here ?? latest);
  if (!one) return '';
  const offered = offersOf(seen, name).some(({ version }) => version === one.version);
  const suites = [
    ...(offered ? [CODENAMES[release(seen)]] : []),
    ...(here && !upgrades ? ['now'] : []),
  ];
  const head = `${name}/${suites.join(',')} ${one.version} ${one.arch}`;
  if (upgrades) return `${head} [upgradable from: ${here?.version}]\n`;
  if (!here) return `${head}${packageOf(seen, name) ? ' [residual-config]' : ''}\n`;
  const how = later ? `,upgradable to: ${later.version}` : here.auto ? ',automatic' : '';
  return `${head} [installed${offered ? '' : ',local'}${how}]\n`;
}

function list(draw: MachineDraw, patterns: readonly string[], flags: ReadonlySet<string>) {
  const { seen } = draw;
  const own = Object.keys(seen.packages ?? {}).filter((name) => presentOf(seen, name));
  const all = [...new Set([...offeredNames(seen), ...own])].sort();
  const tests = patterns.map((pattern) => new RegExp(globSource(pattern)));
  const upgrades = flags.has('upgradable') || flags.has('upgradeable');
  const lines = all.flatMap((name) => {
    if (tests.length > 0 && !tests.some((test) => test.test(name))) return [];
    if (flags.has('installed') && !presentOf(seen, name)) return [];
    if (flags.has('manual-installed') && (!presentOf(seen, name) || packageOf(seen, name)?.auto))
      return [];
    if (upgrades && !upgradeOf(seen, name)) return [];
    return [lineOf(draw, name, upgrades)];
  });
  return reply(0, `Listing...\n${lines.join('')}`, WARNING);
}

const CACHE = ['show', 'policy', 'madison', 'depends', 'search', 'pkgnames'];

export const apt: Program = (draw, request) => {
  const options = aptOptions(request.argv.slice(1));
  if (typeof options === 'string') return reply(100, '', `E: ${options}\n`);
  const { operation = '', rest, flags } = options;
  if (operation === 'list') return list(draw, rest, flags);
  const answer = CACHE.includes(operation) ? aptCache(draw, request) : aptGet(draw, request);
  if (answer.kind !== 'reply') return answer;
  return { ...answer, err: `${WARNING}${answer.err ?? ''}` };
};
