/** Tiny charms in temporary folders, a stage for them, and a listener that notes what it hears. */
import { createHash, randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openStage, type OpenStage } from '../../src/engine/dispatch/open-stage.ts';
import type { StageOptions } from '../../src/engine/dispatch/stage-options.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { Ended, Job, Listener, ProcessesChange } from '../../src/engine/model/dispatch.ts';
import type { End } from '../../src/engine/model/outcome.ts';
import type { PreparedCharm, PreparedPython } from '../../src/engine/model/prepared.ts';
import type { Reply, Request } from '../../src/engine/model/request.ts';

export const UNIT_DIR = '/var/lib/juju/agents/unit-app-0';
export const NOW = 1_700_000_000_000;
export const NAMES = [
  'config-get',
  'is-leader',
  'juju-log',
  'relation-set',
  'status-set',
  'application-version-set',
  'relation-ids',
  'resource-get',
  'secret-add',
  'juju-reboot',
];

export type Files = Readonly<Record<string, string>>;
export type Heard = {
  readonly requests: Request[];
  readonly lines: string[];
  readonly traced: { what: string; data: unknown }[];
  /** Requests and lines in the order in which they came. */
  readonly order: string[];
};
/** A string: the event is stuck on it. */
export type Answers = (
  request: Request,
) => (Partial<Reply> & { readonly end?: End; readonly processes?: ProcessesChange }) | string;

export function memoryBlobs(): Blobs & { text(digest: string): string } {
  const store = new Map<string, Uint8Array>();
  const get = (digest: string): Uint8Array => {
    const found = store.get(digest);
    if (!found) throw new Error(`${digest} was never put`);
    return found;
  };
  return {
    put(bytes) {
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      store.set(digest, bytes);
      return digest;
    },
    get,
    text: (digest) => Buffer.from(get(digest)).toString('utf8'),
  };
}

/** Files whose text begins with `#!` are executable. */
export function writeCharm(folder: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    chmodSync(target, text.startsWith('#!') ? 0o755 : 0o644);
  }
  return folder;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'playbill-dispatch-'));
}

export function jobFor(path: string, changes: Partial<Job> = {}): Job {
  return {
    unit: 'app/0',
    path,
    environment: {
      CHARM_DIR: `${UNIT_DIR}/charm`,
      JUJU_CHARM_DIR: `${UNIT_DIR}/charm`,
      JUJU_CONTEXT_ID: 'app/0-test-0123',
      JUJU_AGENT_SOCKET_ADDRESS: `${UNIT_DIR}/agent.socket`,
      JUJU_AGENT_SOCKET_NETWORK: 'unix',
      JUJU_UNIT_NAME: 'app/0',
      JUJU_MODEL_NAME: 'test',
      JUJU_MODEL_UUID: 'e6e1f0f6-0000-4000-8000-000000000000',
      JUJU_VERSION: '3.6.14',
      JUJU_HOOK_NAME: path.startsWith('hooks/') ? path.slice(6) : '',
      JUJU_DISPATCH_PATH: path,
      LANG: 'C.UTF-8',
      TERM: 'tmux-256color',
    },
    channels: [
      { kind: 'commands', channel: 'juju', names: NAMES },
      { kind: 'commands', channel: 'clock', names: ['sleep'] },
      { kind: 'calls', channel: 'clock', names: ['sleep'] },
      { kind: 'http', channel: 'web', socket: '/charm/containers/web/pebble.socket' },
    ],
    charmDir: {},
    folders: {},
    files: {},
    now: NOW,
    seed: '00ff',
    machine: {
      hostname: 'juju-app-0',
      cpus: 3,
      memoryMiB: 2048,
      kernel: { release: '6.8.0-41-generic', version: '#41-Ubuntu SMP' },
    },
    limits: {
      seconds: 30,
      memory: 512 << 20,
      processes: 100,
      output: 1 << 20,
      calls: 1000,
      files: 16 << 20,
    },
    ...changes,
  };
}

/** A listener with a clock of its own that sleeps move; `answers` says what commands print. */
export function listen(answers: Answers = () => ({})): Listener & { heard: Heard } {
  const heard: Heard = { requests: [], lines: [], traced: [], order: [] };
  let now = NOW;
  return {
    heard,
    ask(request) {
      heard.requests.push(request);
      heard.order.push(request.kind === 'commands' ? request.argv.join(' ') : request.kind);
      if (request.kind === 'calls' && request.channel === 'clock')
        now += Number(request.args[0]) * 1000;
      const answer = answers(request);
      if (typeof answer === 'string') return { end: { kind: 'stuck', on: answer } };
      if (answer.end) return { end: answer.end };
      if (request.kind === 'commands' && request.argv[0] === 'sleep') {
        now += Number(request.argv[1]) * 1000;
      }
      const code = request.kind === 'http' ? 200 : 0;
      const { processes, ...said } = answer;
      const made = processes ? { processes } : {};
      return { reply: { kind: 'reply', code, out: '', ...said }, now, ...made };
    },
    line(stream, text) {
      heard.lines.push(`${stream}: ${text}`);
      heard.order.push(`${stream}: ${text}`);
    },
    traced: (what, data) => void heard.traced.push({ what, data }),
  };
}

export type Rig = AsyncDisposable & {
  readonly stage: OpenStage;
  readonly folder: string;
  readonly blobs: ReturnType<typeof memoryBlobs>;
  play(job: Job, answers?: Answers): Promise<{ ended: Ended; heard: Heard }>;
};

export type RigOptions = Partial<Omit<StageOptions, 'prepared'>> & {
  readonly main?: string;
  readonly python?: PreparedPython;
  /** Where the charm and the stage's own folder lie; a temporary one when it is not given. */
  readonly folder?: string;
};

export async function openRig(files: Files, options: RigOptions = {}): Promise<Rig> {
  const { main = null, python = null, folder = temporaryFolder(), ...rest } = options;
  const charm = join(folder, 'charm');
  mkdirSync(charm);
  const prepared: PreparedCharm = { folder: writeCharm(charm, files), digest: '', main, python };
  const stage = await openStage({
    prepared,
    unit: 'app/0',
    workFolder: join(folder, 'work'),
    sandbox: 'namespaces',
    machineCommands: ['apt-get', 'systemctl'],
    containers: ['web'],
    ...rest,
  });
  const blobs = memoryBlobs();
  return {
    stage,
    folder,
    blobs,
    async play(job, answers) {
      const listener = listen(answers);
      const ended = await stage.dispatch(job, listener, blobs);
      return { ended, heard: listener.heard };
    },
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]();
      // A folder that was given may lie where only its owner can remove it.
      const made = options.folder === undefined ? [folder] : [charm, join(folder, 'work')];
      for (const path of made) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** One hook, run as bash. */
export function bash(script: string): Files {
  return { 'hooks/install': `#!/bin/bash\n${script}\n`, 'metadata.yaml': 'name: app\n' };
}

export const DISPATCH =
  '#!/bin/sh\n' +
  'JUJU_DISPATCH_PATH="${JUJU_DISPATCH_PATH:-$0}" PYTHONPATH=lib:venv exec ./src/charm.py\n';

/**
 * The interpreter that `python3` is, with nothing installed, or with what pip puts into a cache
 * kept between runs.
 */
export function pythonWith(...requirements: string[]): PreparedPython {
  const said = execFileSync('python3', [
    '-Ic',
    'import os, sys; print(os.path.realpath(sys.executable)); print(sys.base_prefix)',
  ]);
  const [executable = '', basePrefix = ''] = said.toString('utf8').trim().split('\n');
  const key = createHash('sha256')
    .update(JSON.stringify([executable, requirements]))
    .digest('hex');
  const packages = join('node_modules/.cache/playbill-tests', key.slice(0, 16));
  if (!existsSync(packages)) {
    const making = `${packages}.${randomUUID()}`;
    mkdirSync(making, { recursive: true });
    if (requirements.length > 0) {
      const args = ['-m', 'pip', 'install', '--quiet', '--target', making, ...requirements];
      execFileSync(executable, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    }
    if (existsSync(packages)) rmSync(making, { recursive: true });
    else execFileSync('mv', [making, packages]);
  }
  return { ...pythonFrom(executable, join(process.cwd(), packages)), basePrefix, lock: key };
}

export function pythonFrom(executable: string, packages: string): PreparedPython {
  return { executable, basePrefix: '', packages, lock: '', description: '' };
}
