import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/engine/model/json.ts';
import {
  DISPATCH,
  NOW,
  UNIT_DIR,
  jobFor,
  openRig,
  pythonWith,
  type Answers,
  type Files,
  type RigOptions,
} from './rig.ts';

const install = jobFor('hooks/install');
const main = 'src/charm.py';
const bare = pythonWith();

function charm(text: string, more: Files = {}): Files {
  return {
    dispatch: DISPATCH,
    'src/charm.py': `#!/usr/bin/env python3\n${text}\n`,
    'metadata.yaml': 'name: app\ncontainers: {web: {}}\n',
    ...more,
  };
}

/** The same charm in a fork and in an interpreter of its own. */
async function bothWays(
  files: Files,
  { python = bare, ...rest }: RigOptions = {},
  answers?: Answers,
) {
  const heard = [];
  for (const freshInterpreter of [false, true]) {
    await using rig = await openRig(files, { main, python, freshInterpreter, ...rest });
    heard.push({ ...(await rig.play(install, answers)), text: rig.blobs.text });
  }
  const [fork, fresh] = heard;
  if (!fork || !fresh) throw new Error('two stages were played');
  return { fork, fresh };
}

/** What a charm printed as one line of JSON. */
function printed(heard: { lines: string[] }): Json {
  const line = heard.lines.find((text) => text.startsWith('stdout: {'));
  if (line === undefined) throw new Error(heard.lines.join('\n'));
  return JSON.parse(line.slice(8)) as Json;
}

describe('a Python charm finds the same in a fork and in an interpreter of its own', () => {
  it('its arguments, paths, module and environment', async () => {
    const { fork, fresh } = await bothWays(
      charm(`
import json, os, signal, sys
print(json.dumps({
  'signals': [str(signal.getsignal(n)) for n in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGTERM)],
  'argv': sys.argv, 'orig': sys.orig_argv, 'path': sys.path, 'file': __file__, 'name': __name__, 'main': sys.modules['__main__'].__file__,
  'environ': dict(os.environ), 'executable': sys.executable, 'prefix': sys.prefix, 'cwd': os.getcwd(), 'spec': __spec__,
  'encodings': [sys.stdout.encoding, sys.stderr.errors, sys.stdin.read(), sys.stdout.line_buffering, sys.getfilesystemencoding()],
  'hash': hash('a'), 'seed': 'PYTHONHASHSEED' in os.environ, 'umask': os.umask(0o22), 'uid': os.getuid(),
  'globals': sorted(globals()),
}, sort_keys=True, default=str))`),
    );
    expect(fork.ended.end).toEqual({ kind: 'exited', code: 0 });
    expect(printed(fork.heard)).toEqual(printed(fresh.heard));
    expect(printed(fork.heard)).toMatchObject({
      argv: ['./src/charm.py'],
      cwd: `${UNIT_DIR}/charm`,
      executable: expect.stringMatching(/^\/opt\/python\/bin\/python3/),
    });
  });

  it('folders in the order of names, whatever the host’s order is', async () => {
    const names = ['m', 'c', 'z', 'a', 'Y', 'k', 'b', 'x', 'd'];
    const several = Object.fromEntries(names.map((name) => [`rules/${name}/rule`, name]));
    const { fork, fresh } = await bothWays(
      charm(
        `
import glob, json, os, pathlib, shutil
from os import listdir
with os.scandir('rules') as entries:
  first = next(entries).name
  rest = [entry.name for entry in entries]
descriptor = os.open('rules', os.O_RDONLY)
shutil.copytree('rules', '/tmp/rules')
shutil.rmtree('/tmp/rules')
print(json.dumps({
  'listdir': [os.listdir('rules'), listdir(b'rules')[0].decode(), os.listdir(descriptor), listdir(path='rules')],
  'here': 'rules' in os.listdir() and 'rules' in [entry.name for entry in os.scandir()],
  'scandir': [first, *rest],
  'walk': [folders for _, folders, _ in os.walk('rules')][0],
  'glob': glob.glob('rules/*/rule'),
  'pathlib': [path.name for path in pathlib.Path('rules').iterdir()],
  'deep': [str(path) for path in pathlib.Path('rules').glob('**/rule')],
}))`,
        several,
      ),
    );
    const sorted = names.toSorted();
    const paths = sorted.map((name) => `rules/${name}/rule`);
    expect(printed(fork.heard)).toEqual({
      listdir: [sorted, 'Y', sorted, sorted],
      here: true,
      scandir: sorted,
      walk: sorted,
      glob: paths,
      pathlib: sorted,
      deep: paths,
    });
    expect(printed(fresh.heard)).toEqual(printed(fork.heard));
  });

  it('time and chance, which are the trace’s and the job’s', async () => {
    const { fork, fresh } = await bothWays(
      charm(`
import json, time, datetime, random, uuid, secrets, os, tempfile, pickle, subprocess, queue, threading, asyncio
start = time.monotonic()
time.sleep(90)
took = time.monotonic() - start
try:
  subprocess.run(['/usr/bin/sleep', '5'], timeout=0.2)
  waited = 'no'
except subprocess.TimeoutExpired:
  waited = 'timeout'
try:
  queue.Queue().get(timeout=0.05)
except queue.Empty:
  waited += ' empty'
waited += ' ' + str(threading.Event().wait(0.05))
waited += ' ' + str(asyncio.run(asyncio.sleep(0.05, 'slept')))
print(json.dumps({
  'took': took, 'waited': waited, 'time': time.time(), 'ns': time.time_ns(), 'now': str(datetime.datetime.now()), 'utc': str(datetime.datetime.utcnow()),
  'aware': str(datetime.datetime.now(datetime.timezone.utc)), 'today': str(datetime.date.today()), 'gm': time.strftime('%F %T'), 'ctime': time.ctime(),
  'same': pickle.loads(pickle.dumps(datetime.datetime.now())) == datetime.datetime.now(), 'type': type(datetime.datetime.now()) is datetime.datetime,
  'random': random.random(), 'own': random.Random().random(), 'uuid': [str(uuid.uuid4()), str(uuid.uuid1())], 'secret': secrets.token_hex(8),
  'urandom': os.urandom(4).hex(), 'file': tempfile.mkdtemp(), 'date': subprocess.check_output(['date', '+%s'], text=True),
}))`),
    );
    expect(fork.heard.lines.filter((line) => line.startsWith('stderr'))).toEqual([]);
    expect(printed(fork.heard)).toEqual(printed(fresh.heard));
    expect(printed(fork.heard)).toMatchObject({
      took: 90,
      waited: 'timeout empty False slept',
      time: NOW / 1000 + 90,
      now: '2023-11-14 22:14:50',
      utc: '2023-11-14 22:14:50',
      today: '2023-11-14',
      gm: '2023-11-14 22:14:50',
      same: true,
      type: true,
      date: `${NOW / 1000 + 90}\n`,
    });
    expect(fork.heard.requests).toEqual([
      { kind: 'calls', channel: 'clock', name: 'sleep', args: [90] },
    ]);
  });

  it('the machine', async () => {
    const { fork, fresh } = await bothWays(
      charm(`
import json, os, socket, platform, multiprocessing
print(json.dumps({'cpus': [os.cpu_count(), multiprocessing.cpu_count(), len(os.sched_getaffinity(0)), os.sysconf('SC_NPROCESSORS_ONLN')],
  'memory': os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') >> 20, 'host': [socket.gethostname(), platform.node()],
  'kernel': [os.uname().release, platform.release(), platform.system()]}))`),
    );
    expect(printed(fork.heard)).toEqual({
      cpus: [3, 3, 3, 3],
      memory: 2048,
      host: ['juju-app-0', 'juju-app-0'],
      kernel: ['6.8.0-41-generic', '6.8.0-41-generic', 'Linux'],
    });
    expect(printed(fresh.heard)).toEqual(printed(fork.heard));
  });

  it('answers of subprocess.run, as the real client would give them', async () => {
    const text = `
import json, subprocess, sys
P = subprocess.PIPE
tries = [
  lambda run: run(['config-get', 'a'], capture_output=True),
  lambda run: run(['config-get', 'a'], capture_output=True, text=True),
  lambda run: run(('config-get', 'a'), stdout=P, encoding='utf-8'),
  lambda run: run(args=['config-get'], stdout=P, stderr=P, universal_newlines=True, check=True),
  lambda run: run(['fail'], capture_output=True, encoding='utf-8', check=True),
  lambda run: run(['fail'], stdout=P, stderr=subprocess.STDOUT, text=True),
  lambda run: run(['/var/lib/juju/tools/unit-app-0/config-get'], stdout=P, timeout=5),
  lambda run: run(['relation-set', '--file', '-'], input='k: ü\\n', encoding='utf-8', capture_output=True),
  lambda run: run(['relation-set', '--file', '-'], input=b'raw', capture_output=True),
  lambda run: run(['relation-set', '--file', '-'], capture_output=True),
  lambda run: run('config-get $0', shell=True, capture_output=True, text=True),
  lambda run: run(['config-get'], stdout=subprocess.DEVNULL),
  lambda run: run(['config-get'], env={}, capture_output=True),
  lambda run: run(['config-get'], cwd='/tmp', capture_output=True),
  lambda run: run(['no-such-command'], capture_output=True),
  lambda run: run(['config-get', 3], capture_output=True),
  lambda run: subprocess.check_output(['config-get', 'x'], text=True),
]
said = []
for attempt in tries:
  try:
    said.append(repr(attempt(subprocess.run)))
  except Exception as error:
    said.append([type(error).__name__, str(error), repr(getattr(error, 'stdout', '')), repr(getattr(error, 'stderr', ''))])
print(json.dumps({'said': said}))
sys.stdout.flush()
subprocess.run(['config-get', 'shown'])`;
    const answers: Answers = (request) =>
      request.kind === 'commands' && request.argv[0] === 'fail'
        ? { code: 2, out: 'partly\n', err: 'ERROR failed\r\n' }
        : { out: '"ü"\r\nx\n' };
    const channels = [
      ...install.channels,
      { kind: 'commands', channel: 'juju', names: ['fail'] } as const,
    ];
    const found = [];
    for (const real of [false, true]) {
      const prelude = real
        ? 'import playbill_charm.commands as c, subprocess\nsubprocess.run = c._real_run\n'
        : '';
      await using rig = await openRig(charm(prelude + text), { main, python: bare });
      found.push((await rig.play({ ...install, channels }, answers)).heard);
    }
    const [taken, real] = found;
    expect(taken && printed(taken)).toEqual(real && printed(real));
    expect(taken?.requests).toEqual(real?.requests);
    expect(taken?.requests).toHaveLength(15);
    expect(taken?.lines).toEqual(real?.lines);
  });

  it('its end: codes, tracebacks, what atexit and open streams still write', async () => {
    const ends: [string, number][] = [
      ['import sys; sys.exit(7)', 7],
      ['import sys; sys.exit("a message")', 1],
      ['import atexit; atexit.register(print, "bye"); print("open", end="")', 0],
      ['import os; os._exit(9)', 9],
      [
        'def inner():\n    raise ValueError("no <b>good</b>")\ntry:\n    {}["k"]\nexcept KeyError as e:\n    inner()',
        1,
      ],
      ['x = (', 1],
      ['import nothing_like_this', 1],
      ['import sys\nsys.excepthook = lambda *a: print("mine", a[1])\nraise RuntimeError("x")', 1],
      [
        'import threading, time, sys\nthreading.Thread(target=lambda: print("late")).start()\nsys.exit(3)',
        3,
      ],
    ];
    for (const [text, code] of ends) {
      const { fork, fresh } = await bothWays(charm(text));
      expect(fork.ended.end).toEqual({ kind: 'exited', code });
      expect(fork.ended).toEqual(fresh.ended);
      expect(fork.heard).toEqual(fresh.heard);
    }
  });
});

it('the reason of a failed Python charm is its exception', async () => {
  const { fork } = await bothWays(
    charm('import sys\nsys.excepthook = lambda *a: None\nraise RuntimeError("it broke")'),
  );
  expect(fork.ended.reason).toBe('RuntimeError: it broke');
  expect(fork.heard.traced).toMatchObject([
    {
      what: 'raise',
      data: { type: 'RuntimeError', frames: [{ file: `${UNIT_DIR}/charm/src/charm.py`, line: 4 }] },
    },
  ]);
});

it('no byte code is left in the charm directory, and none of the host’s packages can be imported', async () => {
  const { fork, fresh } = await bothWays(
    charm('import own, lib_thing\ntry:\n    import pip\nexcept ImportError:\n    print("none")', {
      'src/own.py': 'import json\n',
      'lib/lib_thing.py': 'import textwrap\n',
    }),
  );
  for (const { ended, heard } of [fork, fresh]) {
    expect(heard.lines).toEqual(['stdout: none']);
    expect(ended).toMatchObject({ end: { kind: 'exited', code: 0 }, charmDir: {} });
  }
});

it('a library is imported before the event only when that depends on nothing of the event', async () => {
  const libraries = {
    clean: 'import json, uuid\nKEY = uuid.uuid4()',
    environment: 'import os\nWHERE = os.environ.get("CHARM_DIR")',
    copied: 'import os\nALL = dict(os.environ)',
    file: 'TEXT = open("metadata.yaml").read()',
    missing: 'import os\nTHERE = os.path.exists("/run/x")',
    clock: 'import time\nSTART = time.time()',
    chance: 'import random\nPICK = random.random()',
    thread:
      'import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()',
    process: 'import subprocess\nsubprocess.run(["true"])',
    through: 'import environment\n',
    printing: 'print("hello from import")',
    warning: 'import warnings\nwarnings.warn("old")',
  };
  const names = Object.keys(libraries);
  const files = Object.fromEntries(
    Object.entries(libraries).map(([name, text]) => [
      `lib/${name}.py`,
      `${text}\nimport os\nIMPORTED_IN = os.getpid()\n`,
    ]),
  );
  const text = `import ${names.join(', ')}\nimport json\nprint(json.dumps({name: globals()[name].IMPORTED_IN == 1 for name in ${JSON.stringify(names)}} | {'where': environment.WHERE, 'start': clock.START, 'key': str(clean.KEY), 'pick': chance.PICK}))`;
  const { fork, fresh } = await bothWays(charm(text, files));
  const before = Object.fromEntries(names.map((name) => [name, name === 'clean']));
  const told = { where: `${UNIT_DIR}/charm`, start: NOW / 1000 };
  expect(printed(fork.heard)).toMatchObject({ ...before, ...told });
  const { key, pick } = printed(fresh.heard) as { key: string; pick: number };
  expect(printed(fork.heard)).toMatchObject({ key, pick });
  expect(fork.heard.lines.slice(0, 1)).toEqual(['stdout: hello from import']);
});

it('a charm that changes its own libraries is run with the changed ones', async () => {
  await using rig = await openRig(
    charm('import thing\nprint(thing.WORD)\nopen("lib/thing.py", "w").write("WORD = 2")', {
      'lib/thing.py': 'WORD = 1',
    }),
    { main, python: bare },
  );
  const one = await rig.play(install);
  const two = await rig.play({ ...install, charmDir: one.ended.charmDir });
  expect([one.heard.lines, two.heard.lines]).toEqual([['stdout: 1'], ['stdout: 2']]);
});

it('what one event changes in its interpreter, the next does not see', async () => {
  await using rig = await openRig(
    charm(
      'import json, os, sys\nprint(getattr(json, "mark", None), os.environ.get("MARK"), len(sys.path))\njson.mark = 1; os.environ["MARK"] = "1"; sys.path.append("/x")',
    ),
    { main, python: bare },
  );
  const one = await rig.play(install);
  const two = await rig.play(install);
  expect(two.heard.lines).toEqual(one.heard.lines);
});

describe('an ops charm', () => {
  const python = pythonWith('ops==3.9.0');
  const text = `
import logging, uuid
import ops
from charms.demo.v0 import thing
logger = logging.getLogger(__name__)

class Demo(ops.CharmBase):
    _stored = ops.StoredState()
    def __init__(self, framework):
        super().__init__(framework)
        self._stored.set_default(n=0)
        framework.observe(self.on.install, self._on_install)
        framework.observe(self.on.start, self._on_start)
    def _on_install(self, event):
        self._stored.n += 1
        self.unit.status = ops.MaintenanceStatus(f'install {self._stored.n} {uuid.uuid4()}')
        logger.info('leader %s config %s', self.unit.is_leader(), dict(self.config))
        self.unit.get_container('web').can_connect()
        event.defer()
    def _on_start(self, event):
        raise ValueError(thing.hello())

if __name__ == '__main__':
    ops.main(Demo)`;
  const files = charm(text, {
    'lib/charms/demo/v0/thing.py': 'import yaml\ndef hello():\n    return "hello"\n',
    'config.yaml': 'options: {x: {type: int, default: 1}}\n',
  });
  const answers: Answers = (request) => {
    if (request.kind === 'http') {
      const out = '{"type":"sync","status-code":200,"status":"OK","result":{"version":"v1.32.1"}}';
      return { out, headers: { 'content-type': 'application/json' } };
    }
    const [name = ''] = request.kind === 'commands' ? request.argv : [];
    return { out: { 'is-leader': 'true', 'config-get': '{"x": 1}' }[name] ?? '' };
  };

  it('asks, answers and leaves the same in a fork and in an interpreter of its own', async () => {
    const { fork, fresh } = await bothWays(files, { python }, answers);
    expect(fork.heard.lines).toEqual([]);
    expect(fork.ended.end).toEqual({ kind: 'exited', code: 0 });
    expect(fork.heard).toEqual(fresh.heard);
    expect(Object.keys(fork.ended.charmDir)).toEqual(['.unit-state.db']);
    expect(fork.ended).toEqual(fresh.ended);
    expect(fork.heard.order).toContain('http');
  });

  it('is played the same on lower rungs', async () => {
    await using best = await openRig(files, { main, python });
    await using lower = await openRig(files, { main, python, lowerRungs: true });
    const played = await lower.play(install, answers);
    const { ended, heard } = await best.play(install, answers);
    expect(played).toEqual({ ended, heard });
  });

  it('goes on from the database it left, and fails with its exception', async () => {
    await using rig = await openRig(files, { main, python });
    const one = await rig.play(install, answers);
    const two = await rig.play({ ...install, charmDir: one.ended.charmDir }, answers);
    expect(two.heard.order.filter((text) => text.startsWith('status-set'))).toEqual([
      expect.stringContaining('install 2'),
    ]);
    const three = await rig.play(jobFor('hooks/start'), answers);
    expect(three.ended).toMatchObject({
      end: { kind: 'exited', code: 1 },
      reason: 'ValueError: hello',
    });
  });
});

it('a charm whose hooks are its programs has its packages from the machine', async () => {
  await using rig = await openRig(
    { 'hooks/install': '#!/usr/bin/python3\nimport yaml\nprint(yaml.safe_load("[1]"))\n' },
    { python: pythonWith('PyYAML==6.0.3') },
  );
  const { heard } = await rig.play(jobFor('hooks/install'));
  expect(heard.lines).toEqual(['stdout: [1]']);
});
