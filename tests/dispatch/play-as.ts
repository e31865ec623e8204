/**
 * Plays hostile hooks in a process of its own, as whatever user it was started: argv[2] is
 * {files, events, main, python, folder} as JSON, and so is what it prints. The parent looks at
 * the host afterwards.
 */
import type { Changes } from '../../src/engine/files/tree.ts';
import type { Limits, SimulatedProcess } from '../../src/engine/model/dispatch.ts';
import { jobFor, openRig, pythonFrom, type Answers, type Files } from './rig.ts';

export type Play = {
  readonly files: Files;
  readonly events: readonly { readonly path: string; readonly limits?: Partial<Limits> }[];
  readonly main: string | null;
  /** The interpreter and the folder of packages, for a Python charm. */
  readonly python: { readonly executable: string; readonly packages: string } | null;
  readonly folder: string;
  /** Each event finds the machine as the one before it left it; else as it began. */
  readonly keep?: boolean;
  readonly sandbox?: 'none';
  /** Of a machine: its simulated processes; a deadly signal ends one. */
  readonly processes?: readonly SimulatedProcess[];
};
export type Played = {
  readonly end: unknown;
  readonly reason: string;
  readonly lines: string[];
  readonly rungs: readonly string[];
  /** What was changed of the machine's root and of the charm directory. */
  readonly root: Changes;
  readonly charmDir: Changes;
  readonly left: readonly SimulatedProcess[];
  /** Signals that processes were sent. */
  readonly signals: readonly string[];
};

const play = JSON.parse(process.argv[2] ?? '') as Play;
const python = play.python && pythonFrom(play.python.executable, play.python.packages);
await using rig = await openRig(play.files, {
  folder: play.folder,
  sandbox: play.sandbox ?? 'namespaces',
  ...(play.main === null ? {} : { main: play.main }),
  ...(python ? { python } : {}),
});
const LIVED_ON = ['SIGHUP', 'SIGUSR1', 'SIGUSR2'];
/** `start-it` starts a process. */
const ending: Answers = (request) => {
  if (request.kind === 'commands' && request.argv[0] === 'systemctl') {
    return { processes: { start: [{ pid: 4100, argv: ['daemon'], user: 'root' }], end: [] } };
  }
  if (request.kind !== 'calls' || request.name !== 'signal') return {};
  const [pid, name] = request.args;
  return { processes: { start: [], end: LIVED_ON.includes(String(name)) ? [] : [Number(pid)] } };
};

const played: Played[] = [];
let machine: Changes = {};
let charmDir: Changes = {};
for (const { path, limits } of play.events) {
  const job = jobFor(path);
  const before = play.keep === true ? { root: machine, charmDir } : {};
  const about = { ...before, ...(play.processes ? { processes: play.processes } : {}) };
  const { ended, heard } = await rig.play(
    { ...job, ...about, limits: { ...job.limits, ...limits } },
    ending,
  );
  const { end, reason, root = {}, left = [] } = ended;
  machine = root;
  ({ charmDir } = ended);
  const lines = heard.lines.slice(0, 200);
  const { rungs } = rig.stage;
  const signals = heard.requests.flatMap((one) =>
    one.kind === 'calls' && one.name === 'signal' ? [one.args.join(' ')] : [],
  );
  played.push({ end, reason, lines, rungs, root, charmDir, left, signals });
}
console.log(JSON.stringify(played));
