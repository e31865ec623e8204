/**
 * What a tree says of services' programs, laid over a container: a process that runs behaves so from now on.
 */
import { produce, type Draft } from 'immer';
import { Mistake } from '../../model/mistake.ts';
import type { Millis } from '../../model/request.ts';
import { exitCode } from './behaviour-program.ts';
import { clearTimers, exitsBy, liveService, print } from './behaviour-life.ts';
import type { Container, Program } from './slice.ts';
import { run } from './tasks.ts';

/** Pebble sends these itself, and then no file can be written. */
const STOPPING = ['SIGTERM', 'SIGKILL'];

function check(name: string, { signals = {} }: Program): void {
  for (const signal of STOPPING) {
    const { files } = signals[signal] ?? {};
    if (files === undefined) continue;
    throw new Mistake(`service ${JSON.stringify(name)}: it cannot write files on ${signal}`);
  }
}

function behaveNow(container: Draft<Container>, name: string, program: Program, now: Millis): void {
  const service = liveService(container, name);
  if (service?.current !== 'active') return;
  clearTimers(service, ['exit']);
  print(service, { container, name, at: now }, program.output);
  if (program.exits !== undefined) exitsBy(service, now + program.after, exitCode(program.exits));
}

/** The container with programs that behave so; null: as usual again. Throws Mistake. */
export function layPrograms(
  container: Container,
  programs: Readonly<Record<string, Program | null>>,
  now: Millis,
): Container {
  const usual: Program = { after: 0, output: '', slow: 0 };
  return produce(container, (draft) => {
    for (const [name, program] of Object.entries(programs)) {
      if (program) check(name, program);
      if (program) draft.programs[name] = program as Draft<Program>;
      else delete draft.programs[name];
      behaveNow(draft, name, program ?? usual, now);
    }
    run(draft, now);
  });
}
