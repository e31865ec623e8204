/** A machine's programs called one after another, over a root that they look at and change, with no process. */
import { produce, type Draft } from 'immer';
import { openBareRoot } from '../../src/engine/files/made-root.ts';
import type { CommandRequest, Found, Reply, RootChange } from '../../src/engine/model/request.ts';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import type { MachineDraw, Program } from '../../src/engine/world/machine/program.ts';
import { memoryBlobs } from '../dispatch/rig.ts';

export const NOW = 1_700_000_000_000;
export type Ran = { readonly code: number; readonly out: string; readonly err: string };
/** What was refused, by name. */
export type Unmet = { readonly unmet: string };
export type Given = Partial<Pick<CommandRequest, 'user' | 'cwd'>> & { readonly stdin?: string };
export type Machine = {
  readonly blobs: ReturnType<typeof memoryBlobs>;
  slice(): MachineSlice;
  draw(): MachineDraw;
  change(part: Partial<MachineSlice>): void;
  run(argv: readonly string[], given?: Given): Ran | Unmet;
  files(...paths: string[]): Readonly<Record<string, Found>>;
  write(root: Readonly<Record<string, RootChange>>): void;
  text(path: string): string | null;
};

const EMPTY: MachineSlice = {
  cpus: 1,
  memoryMiB: 1024,
  charmDir: {},
  folders: {},
  databases: {},
};
const LOOKS_MAX = 8;

export function openMachine(
  programs: Readonly<Record<string, Program>>,
  part: Partial<MachineSlice> = {},
): Machine {
  let slice: MachineSlice = { ...EMPTY, ...part };
  const blobs = memoryBlobs();
  const root = openBareRoot({}, blobs);
  const draw = (): MachineDraw =>
    ({
      get seen() {
        return slice;
      },
      others: {},
      now: NOW,
      asked: NOW,
      blobs,
      event: { kind: 'install' },
      charm: {},
      set: (change: (draft: Draft<MachineSlice>) => void) => {
        slice = produce(slice, change);
      },
      buffer: () => undefined,
    }) as unknown as MachineDraw;
  const asked = (request: CommandRequest, stdin: Uint8Array | null): Reply | Unmet => {
    const program = programs[request.argv[0] ?? ''];
    if (!program) throw new Error(`${request.argv[0]} is no program`);
    let given = request;
    for (let turn = 0; turn < LOOKS_MAX; turn += 1) {
      const answer = program(draw(), given);
      if (answer.kind === 'reply') return answer;
      if (answer.kind === 'unsupported') return { unmet: answer.what };
      if (answer.kind !== 'look') throw new Error(`${request.argv.join(' ')}: ${answer.kind}`);
      const found = { ...given.found, ...root.look(answer.paths) };
      const reads = answer.paths.includes('/dev/stdin');
      given = { ...given, found, ...(reads ? { stdin } : {}) };
    }
    throw new Error(`${request.argv.join(' ')} looks without end`);
  };
  return {
    blobs,
    slice: () => slice,
    draw,
    change: (more) => void (slice = { ...slice, ...more }),
    run(argv, { stdin = '', cwd = '/', user } = {}) {
      const input = new TextEncoder().encode(stdin);
      const request = { kind: 'commands', channel: 'machine', argv, cwd, stdin: null } as const;
      const answer = asked({ ...request, ...(user === undefined ? {} : { user }) }, input);
      if ('unmet' in answer) return answer;
      root.change(answer.root ?? {}, NOW);
      const out = typeof answer.out === 'string' ? answer.out : Buffer.from(answer.out).toString();
      return { code: answer.code, out, err: answer.err ?? '' };
    },
    files: (...paths) => root.look(paths),
    write: (changes) => root.change(changes, NOW),
    text(path) {
      const found = root.look([path])[path];
      return found?.kind === 'file' ? Buffer.from(found.bytes).toString('utf8') : null;
    },
  };
}

/** The file as a package brings it. */
export function packageFile(machine: Pick<Machine, 'blobs'>, text: string, mode = 0o644) {
  const bytes = new TextEncoder().encode(text);
  return { digest: machine.blobs.put(bytes), size: bytes.length, mode };
}
