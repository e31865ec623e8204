/**
 * Why an installation failed, in one sentence that names the package, from what pip or uv printed.
 * Source: the messages of pip 22 to 26 and of uv.
 */
import { Mistake } from '../model/mistake.ts';

/** How they name the package that they failed at, surest first. */
const NAMES = [
  /No matching distribution found for (.+)$/,
  /[Bb]ecause there (?:is|are) no versions? of ([\w.-]+(?:[=<>!~]+[\w.]+)?)/,
  /[Bb]ecause ([\w.-]+) was not found/,
  /Failed to build `?([\w.-]+)/,
  /Failed building wheel for ([\w.-]+)/,
  /Could not build wheels for ([^\s,]+)/,
  /satisfies the requirement ([^\s(]+)/,
  /Invalid requirement: [`'"]?([^`'"\n]+)/,
  /Failed to (?:fetch|download)[: ]+\S*?\/simple\/([\w.-]+)/,
];
const BEGUN = /^(?:Collecting|Processing) ([^\s(]+)/;
const UNREACHABLE = new RegExp(
  [
    'connection broken',
    'Failed to establish a new connection',
    'name resolution',
    'error sending request',
    'tcp connect error',
    'dns error',
    'ReadTimeout',
  ].join('|'),
  'i',
);
const RAISED = /^(?:\w+\.)*[A-Z]\w*(?:Error|Exception)\b/;
const OPERATOR = /no such comparison operator|Couldn't parse requirement/;

function lastMatch(lines: readonly string[], pattern: RegExp): string | undefined {
  return lines.findLast((line) => pattern.test(line));
}

function nameIn(lines: readonly string[]): string {
  for (const pattern of NAMES) {
    const found = lines.map((line) => pattern.exec(line)?.[1]).find((name) => name !== undefined);
    if (found !== undefined) return found.trim();
  }
  if (lines.some((line) => OPERATOR.test(line))) return 'what is written there';
  const begun = BEGUN.exec(lastMatch(lines, BEGUN) ?? '')?.[1];
  return begun?.split('/').at(-1) ?? 'the packages';
}

function reasonIn(lines: readonly string[]): string {
  const build = lines.some((line) => /\[end of output\]|build backend returned/.test(line));
  const raised = build ? lastMatch(lines, RAISED) : undefined;
  if (raised !== undefined) return `building it failed: ${raised}`;
  const said =
    lastMatch(lines, /^cause: /) ?? lastMatch(lines, /^(?:ERROR|error): /) ?? lines.at(-1);
  return (said ?? 'no reason was given').replace(/^(?:cause|ERROR|error): /, '');
}

/** `lines` is all that the installer printed, `from` says where the requirements were found. */
export function installFailure(lines: readonly string[], from: string): Mistake {
  const said = lines.map((line) => line.trim()).filter((line) => line !== '');
  const name = nameIn(said);
  if (lastMatch(said, UNREACHABLE) !== undefined) {
    return new Mistake(`cannot install ${name} (${from}): the package registry cannot be reached`, {
      hint: 'Look at the network, and at the registry and proxy that pip is set to use.',
    });
  }
  return new Mistake(`cannot install ${name} (${from}): ${reasonIn(said)}`, {
    hint: 'See what the registry has for this Python, or name another: --python PATH.',
  });
}
