/**
 * Programs of a container that are really run, in its sandbox: services and what is executed, as the simulated Pebble
 * starts, signals and ends them; what they print and how they end is told to it.
 * Source: pebble internals/overlord/servstate/handlers.go, internals/overlord/cmdstate/handlers.go.
 * Not modelled: terminals; output of what a program left running; other users than root.
 */
import { constants } from 'node:os';
import type { Draft } from 'immer';
import type {
  ContainerSandbox,
  ProgramEnd,
  RunningProgram,
} from '../../src/engine/dispatch/container-sandbox.ts';
import type { Ran, RunErrand } from '../../src/engine/model/errand.ts';
import { bytesOf } from '../../src/engine/world/pebble/exec-bytes.ts';
import { PATH } from '../../src/engine/world/pebble/exec-rules.ts';
import { liveService, print } from '../../src/engine/world/pebble/behaviour-life.ts';
import type {
  Container,
  ExecRule,
  Program,
  ServiceEvent,
} from '../../src/engine/world/pebble/slice.ts';
import type { WallClockPebble } from './wall-clock.ts';

/** More than this on its way to a client that does not read ends the program. */
const UNSENT_BYTES_MAX = 64 << 20;
/** No program inside is anybody but root. */
const NOBODY = 65_534;

const UNTOUCHED = Object.fromEntries(Object.keys(constants.signals).map((name) => [name, {}]));
/** What a signal makes of a program is seen when it has got it. */
export const LIVE_PROGRAM: Program = {
  after: 0,
  output: '',
  slow: 0,
  run: 'real',
  signals: UNTOUCHED,
};
export const LIVE_RULE: ExecRule = { command: { like: '' }, run: 'real', signals: UNTOUCHED };

type Out = {
  /** Sends what an execution printed. Answers how many bytes wait to be sent. */
  send(socket: string, bytes: Uint8Array): number;
};
type Service = { readonly program: RunningProgram; readonly start: number; phase: string };
type Execution = { readonly program: RunningProgram; signals: number; ends: boolean };

type Sent = { readonly service: string; readonly signal: string; readonly count: number };

/** How often each service was sent each signal. */
function countsOf(history: readonly ServiceEvent[]): ReadonlyMap<string, Sent> {
  const counts = new Map<string, Sent>();
  for (const { what, service, signal = '', times = 1 } of history) {
    if (what !== 'signalled') continue;
    const key = `${service} ${signal}`;
    counts.set(key, { service, signal, count: (counts.get(key)?.count ?? 0) + times });
  }
  return counts;
}

export class LivePrograms {
  private readonly sandbox: ContainerSandbox;
  private readonly out: Out;
  private readonly services = new Map<string, Service>();
  private readonly executions = new Map<string, Execution>();
  private sent: ReadonlyMap<string, Sent> = new Map();
  /** Whether files may be other than Pebble made them. */
  any = false;

  constructor(sandbox: ContainerSandbox, out: Out) {
    this.sandbox = sandbox;
    this.out = out;
  }

  /** Does what has come to be wanted. */
  follow(pebble: WallClockPebble): void {
    pebble.change(wantExecutions);
    this.start(pebble);
    for (const [name, service] of this.services)
      this.followService(name, service, pebble.container);
    for (const [task, one] of this.executions) this.followExecution(task, one, pebble);
    this.passSignals(pebble.container);
  }

  private start(pebble: WallClockPebble): void {
    for (let errand = pebble.errand(); errand?.kind === 'run'; errand = pebble.errand()) {
      const [kind, name = ''] = errand.id.split(/ (.*)/s);
      if (kind === 'service') this.startService(pebble, name, errand);
      else this.startExecution(pebble, name, errand);
      this.any = true;
    }
  }

  private startService(pebble: WallClockPebble, name: string, errand: RunErrand): void {
    this.services.get(name)?.program.signal('SIGKILL');
    const text = new TextDecoder();
    let anew = true;
    const program = this.program(errand, false, (bytes) => {
      if (this.services.get(name)?.program !== program) return;
      pebble.happens((container, at) => {
        const service = liveService(container, name);
        const printed = text.decode(bytes, { stream: true });
        if (service) print(service, { container, name, at }, printed, anew);
        anew = false;
      });
    });
    const start = pebble.container.services[name]?.life?.starts ?? 0;
    this.services.set(name, { program, start, phase: '' });
    pebble.change(({ services }) => void delete services[name]?.life?.real);
    this.awaitEnd(program, errand, (ran) => {
      if (this.services.get(name)?.program !== program) return;
      this.services.delete(name);
      pebble.brought(errand, ran);
    });
  }

  private startExecution(pebble: WallClockPebble, task: string, errand: RunErrand): void {
    const program = this.program(errand, true, (bytes, stream) => {
      const socket = `${task}/${stream === 'stdout' ? 'stdio' : 'stderr'}`;
      if (this.out.send(socket, bytes) > UNSENT_BYTES_MAX) program.signal('SIGKILL');
    });
    this.executions.set(task, { program, signals: 0, ends: false });
    pebble.change(({ executions }) => {
      const run = executions?.[task];
      if (run) run.real = 'ran';
    });
    this.awaitEnd(program, errand, (ran) => {
      if (this.executions.delete(task)) pebble.brought(errand, ran);
    });
  }

  private program(
    { argv, environment, cwd, split, owner }: RunErrand,
    stdin: boolean,
    output: Parameters<ContainerSandbox['start']>[1],
  ): RunningProgram {
    const user = owner.user === 'root' ? {} : { user: NOBODY };
    const stderr = split ? 'split' : 'joined';
    return this.sandbox.start({ argv, env: environment, cwd, stdin, stderr, ...user }, output);
  }

  private awaitEnd(program: RunningProgram, errand: RunErrand, then: (ran: Ran) => void): void {
    void program.exited.then(async (end) => then(await this.ranOf(end, errand)));
  }

  private async ranOf(end: ProgramEnd, { argv: [name = ''] }: RunErrand): Promise<Ran> {
    if (!('failed' in end)) return end;
    return { failed: end.failed, path: await this.sandbox.find(name, PATH) };
  }

  private followService(name: string, service: Service, { services }: Container): void {
    const life = services[name]?.life;
    const lives =
      life?.starts === service.start && ['starting', 'running', 'terminating'].includes(life.phase);
    if (!lives) {
      this.services.delete(name);
      service.program.signal('SIGKILL');
    } else if (life.phase === 'terminating' && service.phase !== life.phase) {
      service.program.signal('SIGTERM');
    }
    service.phase = life?.phase ?? '';
  }

  private followExecution(task: string, one: Execution, pebble: WallClockPebble): void {
    const { executions, executed } = pebble.container;
    const run = executions?.[task];
    if (!run || run.ended) {
      this.executions.delete(task);
      one.program.signal('SIGKILL');
      return;
    }
    if (run.stdin !== '') {
      one.program.write(bytesOf(run.stdin));
      pebble.change((container) => void (container.executions![task]!.stdin = ''));
    }
    if (run.stdinEnded && !one.ends) one.program.end();
    one.ends = run.stdinEnded;
    const { signalled = [] } = executed?.findLast((other) => other.task === task) ?? {};
    for (const signal of signalled.slice(one.signals)) one.program.signal(signal, 'program');
    one.signals = signalled.length;
  }

  private passSignals({ history }: Container): void {
    const sent = countsOf(history);
    for (const [key, { count, service, signal }] of sent) {
      const before = this.sent.get(key)?.count ?? 0;
      for (let turn = before; turn < count; turn += 1) {
        this.services.get(service)?.program.signal(signal, 'program');
      }
    }
    this.sent = sent;
  }
}

/** Executions that have begun are to be run now. */
function wantExecutions({ executions = {} }: Draft<Container>): void {
  for (const run of Object.values(executions)) {
    if (run.started !== null && !run.ended && run.real === undefined) run.real = 'wanted';
  }
}
