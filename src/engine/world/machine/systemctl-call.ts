/** What systemctl's verbs are given and answer. Source: systemctl(1). */
import type { Options } from './program-options.ts';
import type { Manager } from './systemd-manager.ts';
import { loadUnit, unitNames } from './unit-load.ts';

export type Call = {
  readonly verb: string;
  readonly options: Options;
  /** Names as they were given. */
  readonly words: readonly string[];
  /** With their type, patterns as the units they fit. */
  readonly names: readonly string[];
  readonly quiet: boolean;
};
/** null: the verb has nothing to say of how it ended yet, because time must pass. */
export type Told = {
  readonly code: number;
  readonly out?: string;
  readonly err?: string;
  readonly waits?: true;
};
export type Handler = (manager: Manager, call: Call) => Told;

/** A pattern of a shell, as names of units are held against it. */
export function fitsPattern(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^(?:${source})$`).test(name);
}

/** Units that the manager has in memory. */
export function inMemory(manager: Manager): readonly string[] {
  const names = unitNames(manager.unit).filter(
    (name) => !/@\.\w+$/.test(name) && loadUnit(manager.unit, name).name === name,
  );
  return [...new Set([...names, ...Object.keys(manager.units)])].sort();
}
