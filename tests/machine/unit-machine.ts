/** A machine of files in memory, for units and users: programs look at its files and change them, nothing runs. */
import { produce } from 'immer';
import type { Answer, CommandRequest, Found, RootChange } from '../../src/engine/model/request.ts';
import type { MachineDraw, Program } from '../../src/engine/world/machine/program.ts';
import { ruled } from '../../src/engine/world/machine/program-rules.ts';
import { PROGRAMS } from '../../src/engine/world/machine/programs-table.ts';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import { nextOfUnits, passUnits } from '../../src/engine/world/machine/systemd-life.ts';
import { baseUnitFiles } from '../../src/engine/world/machine/unit-base.ts';
import { blobsInMemory } from '../play/scripted-stage.ts';

export const NOW = Date.UTC(2026, 10, 21, 18, 25, 57);
export type Ran = { readonly code: number; readonly out: string; readonly err: string };
export type Given = { readonly stdin?: string; readonly user?: number };

const EMPTY: MachineSlice = { cpus: 2, memoryMiB: 2048, charmDir: {}, folders: {}, databases: {} };
const TURNS_MAX = 50;

/** A path as a root where /lib, /bin and /sbin are folders of /usr has it. */
function merged(path: string): string {
  return path.replace(/^\/(lib|bin|sbin)(?=\/|$)/, '/usr/$1');
}

export class Machine {
  slice: MachineSlice;
  now = NOW;
  readonly files = new Map<string, Found>();
  private readonly blobs = blobsInMemory();
  private readonly juju: object;

  constructor(slice: Partial<MachineSlice> = {}, juju: object = { app: 'app', unit: 0 }) {
    this.slice = { ...EMPTY, ...slice };
    this.juju = juju;
    const base = baseUnitFiles(slice.base === 'ubuntu@24.04' ? '24.04' : '22.04');
    for (const [path, text] of Object.entries(base.files)) this.write(path, text);
    for (const [path, target] of Object.entries(base.links)) this.link(path, target);
    for (const name of ['sleep', 'true', 'false', 'sh']) this.write(`/bin/${name}`, '#!', 0o755);
    for (const dir of ['/', '/etc', '/usr', '/var', '/run', '/home']) this.folder(dir);
  }

  folder(path: string): void {
    this.files.set(merged(path), { kind: 'dir', mode: 0o755 });
  }

  write(path: string, text: string, mode = 0o644): void {
    this.files.set(merged(path), { kind: 'file', mode, bytes: new TextEncoder().encode(text) });
  }

  link(path: string, target: string): void {
    this.files.set(merged(path), { kind: 'link', target });
  }

  text(path: string): string | null {
    const found = this.files.get(merged(path));
    return found?.kind === 'file' ? new TextDecoder().decode(found.bytes) : null;
  }

  /** What is below a folder, by path. */
  private below(dir: string, deep: boolean): [string, Found][] {
    const prefix = `${merged(dir)}/`;
    return [...this.files].filter(
      ([path]) => path.startsWith(prefix) && (deep || !path.slice(prefix.length).includes('/')),
    );
  }

  private found(paths: readonly string[]): Record<string, Found> {
    const pairs = paths.flatMap((path): [string, Found][] => {
      const star = /^(.*)\/(\*\*?)$/.exec(path);
      if (star) return this.below(star[1] ?? '', star[2] === '**');
      const found = this.files.get(merged(path));
      return found ? [[path, found]] : [];
    });
    return Object.fromEntries(pairs);
  }

  private change(path: string, change: RootChange): void {
    const at = merged(path);
    if (change.kind === 'removed') {
      for (const other of this.files.keys()) {
        if (other === at || other.startsWith(`${at}/`)) this.files.delete(other);
      }
      return;
    }
    const steps = at.split('/').slice(1, -1);
    for (let depth = 1; depth <= steps.length; depth += 1) {
      const dir = `/${steps.slice(0, depth).join('/')}`;
      if (!this.files.has(dir)) this.folder(dir);
    }
    if (change.kind === 'link') this.link(at, change.target);
    else this.files.set(at, change);
  }

  private draw(asked: number): MachineDraw {
    const set = (change: (slice: never) => void): void => {
      this.slice = produce(this.slice, change as never);
    };
    return {
      seen: this.slice,
      others: { juju: this.juju },
      now: this.now,
      asked,
      blobs: this.blobs,
      event: { kind: 'lifecycle', name: 'install' },
      charm: {} as never,
      set,
      buffer: set,
    } as never;
  }

  /** Lets time pass, with whatever happens by itself. */
  pass(millis: number): void {
    const to = this.now + millis;
    this.slice = passUnits(this.slice, to);
    this.now = to;
  }

  private waited(until: number | null): void {
    const next = Math.min(until ?? Infinity, nextOfUnits(this.slice) ?? Infinity);
    if (!Number.isFinite(next)) throw new Error('it waits for what never comes');
    this.pass(next - this.now);
  }

  private done(answer: Exclude<Answer, { kind: 'look' | 'wait' }>): Ran {
    if (answer.kind !== 'reply') {
      return { code: -1, out: '', err: answer.kind === 'end' ? answer.end.kind : answer.what };
    }
    for (const [path, change] of Object.entries(answer.root ?? {})) this.change(path, change);
    return { code: answer.code, out: String(answer.out), err: answer.err ?? '' };
  }

  run(argv: readonly string[], { stdin = '', user = 0 }: Given = {}): Ran {
    const asked = this.now;
    const by = user === 0 ? {} : { user };
    let request: CommandRequest = {
      kind: 'commands',
      channel: 'machine',
      argv,
      cwd: '/',
      stdin: null,
      ...by,
    };
    const program: Program | null = PROGRAMS[argv[0] ?? ''] ?? ruled(this.slice.execs ?? []);
    if (!program) throw new Error(`no program ${argv[0]}`);
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const answer = program(this.draw(asked), request);
      if (answer.kind === 'wait') this.waited(answer.until);
      else if (answer.kind !== 'look') return this.done(answer);
      else {
        const given = answer.paths.includes('/dev/stdin');
        const found = { ...request.found, ...this.found(answer.paths) };
        const input = given ? { stdin: new TextEncoder().encode(stdin) } : {};
        request = { ...request, found, ...input };
      }
    }
    throw new Error(`${argv.join(' ')} looks for ever`);
  }

  sh(line: string, given?: Given): Ran {
    return this.run(line.split(' ').filter(Boolean), given);
  }
}
