/**
 * What a hook command prints when it is asked for `--help`: usage, summary, options with their defaults, details.
 * Source: juju internal/cmd (cmd.go, Info.Help), github.com/juju/gnuflag (PrintDefaults). The sentences are our own.
 * Not modelled: the sections Examples and See also.
 */
import { quoted } from './arguments.ts';

/** The relation hook in which help is asked for; empty texts outside of one. */
export type HelpHook = {
  readonly relation: string;
  readonly endpoint: string;
  readonly unit: string;
};
/** An option by all its names; `relation` stands for the hook's own relation as default. */
export type HelpFlag = {
  readonly names: readonly string[];
  readonly kind: 'text' | 'value' | 'relation';
  readonly usual: string;
  readonly about: string;
};
type PerHook = string | ((hook: HelpHook) => string);
export type Help = {
  /** What stands behind the options in the usage line. */
  readonly words: PerHook;
  readonly summary: string;
  readonly flags: readonly HelpFlag[];
  readonly details: PerHook;
};

function names(all: string): readonly string[] {
  return all.split(' ').sort((a, b) => a.length - b.length);
}

/** An option that takes a text. */
export function text(all: string, about: string, usual = ''): HelpFlag {
  return { names: names(all), kind: 'text', usual, about };
}

/** An option that takes no value. */
export function yes(all: string, about: string): HelpFlag {
  return { names: names(all), kind: 'value', usual: 'false', about };
}

/** An option whose value is a file, a number or a format. */
export function value(all: string, about: string, usual = ''): HelpFlag {
  return { names: names(all), kind: 'value', usual, about };
}

export function relation(about = 'Choose a relation by its id'): HelpFlag {
  return { names: ['r', 'relation'], kind: 'relation', usual: '', about };
}

/** `--format` and `-o`, which most commands that print something have. */
export function output(usual: 'smart' | 'yaml' = 'smart'): readonly HelpFlag[] {
  const choices = usual === 'smart' ? 'json|smart|yaml' : 'json|yaml';
  return [
    value('format', `Choose the output format (${choices})`, usual),
    text('o output', 'Write to this file'),
  ];
}

export const OLD_FORMAT = text('format', 'has no effect, kept for older charms');

function flagText(flag: HelpFlag, hook: HelpHook): string {
  const called = flag.names.map((name) => `${name.length > 1 ? '--' : '-'}${name}`).join(', ');
  const usual = flag.kind === 'relation' ? hook.relation : flag.usual;
  const shown = flag.kind === 'text' ? ` (= ${quoted(usual)})` : `  (= ${usual})`;
  return `${called}${shown}\n    ${flag.about}\n`;
}

function per(hook: HelpHook, what: PerHook): string {
  return typeof what === 'string' ? what : what(hook);
}

export function helpText(name: string, help: Help, hook: HelpHook): string {
  const options = help.flags.length > 0 ? ' [options]' : '';
  const words = per(hook, help.words);
  const flags = help.flags.toSorted((a, b) => ((a.names[0] ?? '') < (b.names[0] ?? '') ? -1 : 1));
  const details = per(hook, help.details).trim();
  return [
    `Usage: ${name}${options}${words === '' ? '' : ` ${words}`}\n`,
    `\nSummary:\n${help.summary}\n`,
    flags.length === 0 ? '' : `\nOptions:\n${flags.map((flag) => flagText(flag, hook)).join('')}`,
    details === '' ? '' : `\nDetails:\n${details}\n`,
  ].join('');
}
