/**
 * What an author wrote of a workload container, as the container itself has it: contents in the store, times as
 * numbers.
 */
import type { Daemon, ProgramCallRule } from '../model/exec-rule.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Millis } from '../model/request.ts';
import type {
  CheckSpec,
  ContainerFileSpec,
  ContainerStateSpec,
  ExecOutputSpec,
  ExecSpec,
  StartsSpec,
  ProgramSpec,
} from '../tree/definition.ts';
import { emptyContainer, layContainer } from '../world/pebble/container.ts';
import { parseDuration } from '../world/pebble/go-duration.ts';
import {
  layDescribed,
  type FileDescription,
  type WholeDescription,
} from '../world/pebble/lay-described.ts';
import type { Container, ExecRule, Program } from '../world/pebble/slice.ts';

type ToldCheck = NonNullable<WholeDescription['checks']>[string];

const NANOSECONDS = 1e6;

export function millis(text: string | undefined): Millis {
  const parsed = text === undefined ? 0 : parseDuration(text);
  if (typeof parsed === 'string') throw new Error(`a tree was read with ${parsed}`);
  return parsed / NANOSECONDS;
}

export function fileOf(spec: ContainerFileSpec, blobs: Blobs): FileDescription {
  if (typeof spec === 'string') return fileOf({ text: spec }, blobs);
  const { user, group } = spec;
  const owner = {
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
  };
  if ('link' in spec) return { target: spec.link, ...owner };
  const owned = {
    ...owner,
    ...(spec.mode === undefined ? {} : { mode: Number.parseInt(spec.mode, 8) }),
  };
  if ('text' in spec) {
    const bytes = new TextEncoder().encode(spec.text);
    return { digest: blobs.put(bytes), size: bytes.length, ...owned };
  }
  const { digest, size, from } = spec;
  if (digest === undefined || size === undefined) throw new Error(`${from} was not read`);
  return { digest, size, ...owned };
}

function programOf({ exits, after, slow, output = '', signals, run }: ProgramSpec): Program {
  return {
    ...(exits === undefined ? {} : { exits }),
    after: millis(after),
    output,
    slow: millis(slow),
    ...(signals === undefined ? {} : { signals }),
    ...(run === undefined ? {} : { run }),
  };
}

function wordsOf(command: ExecSpec['command']): ExecRule['command'] {
  return typeof command === 'string' ? command.split(/\s+/).filter(Boolean) : command;
}

function inputsOf(stdin: NonNullable<ExecSpec['stdin']>): Readonly<Record<string, ExecOutputSpec>> {
  const all = Object.entries(stdin).map(
    ([text, output]) => [text, typeof output === 'string' ? { stdout: output } : output] as const,
  );
  return Object.fromEntries(all);
}

function daemonOf({ 'pid-file': pidFile, ...rest }: StartsSpec): Daemon {
  return { ...rest, ...(pidFile === undefined ? {} : { pidFile }) };
}

export function ruleOf({
  command,
  stdin,
  takes,
  starts,
  ...rest
}: ExecSpec): ExecRule & Pick<ProgramCallRule, 'starts'> {
  return {
    ...rest,
    command: wordsOf(command),
    ...(stdin === undefined ? {} : { stdin: inputsOf(stdin) }),
    ...(takes === undefined ? {} : { takes: millis(takes) }),
    ...(starts === undefined ? {} : { starts: daemonOf(starts) }),
  };
}

function toldOf(spec: CheckSpec): ToldCheck {
  if (typeof spec !== 'string') return { found: 'down', error: spec.down };
  return spec === 'slow' ? { found: 'slow' } : spec;
}

function mapped<From, To>(
  record: Readonly<Record<string, From>> | undefined,
  make: (one: NonNullable<From>) => To,
): Readonly<Record<string, To | Extract<From, null>>> {
  const all = Object.entries(record ?? {}).map(
    ([name, one]) => [name, one === null ? null : make(one as NonNullable<From>)] as const,
  );
  return Object.fromEntries(all) as Readonly<Record<string, To | Extract<From, null>>>;
}

function described(spec: ContainerStateSpec, blobs: Blobs): WholeDescription {
  const { image, base, files, services, exec, checks, ...rest } = spec;
  if (image !== undefined && base === undefined) throw new Error(`${image} was not read`);
  return {
    ...rest,
    ...(base ? { base } : {}),
    ...(files ? { files: mapped(files, (file) => fileOf(file, blobs)) } : {}),
    ...(services ? { programs: mapped(services, programOf) } : {}),
    ...(exec === undefined ? {} : { execs: exec?.map(ruleOf) ?? null }),
    ...(checks ? { checks: mapped(checks, toldOf) } : {}),
  };
}

type With = { readonly blobs: Blobs; readonly now: Millis };

/** Layers are the image's, in a delta too; files are what something in the container wrote. */
function withImage(laid: Container, { layers }: ContainerStateSpec, at: With): Container {
  const { image } = laid;
  if (!image || !layers) return laid;
  const made = layContainer({ ...emptyContainer(), layers: image.layers }, { layers }, at);
  return { ...laid, image: { ...image, layers: made.layers } };
}

/** The container with what the author says of it. Throws Mistake. */
export function laidContainer(container: Container, spec: ContainerStateSpec, at: With): Container {
  return withImage(layDescribed(container, described(spec, at.blobs), at), spec, at);
}
