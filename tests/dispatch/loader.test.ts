/** A project's .playbill/loader.py, through the real sandbox. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporary } from '../project/temporary.ts';
import {
  DISPATCH,
  NOW,
  bash,
  jobFor,
  openRig,
  pythonWith,
  type Answers,
  type Files,
  type RigOptions,
} from './rig.ts';

const install = jobFor('hooks/install');
const python = pythonWith();

function charm(text: string, more: Files = {}): Files {
  return { dispatch: DISPATCH, 'src/charm.py': `#!/usr/bin/env python3\n${text}\n`, ...more };
}

const ways: [string, RigOptions][] = [
  ['a fork', { main: 'src/charm.py', python }],
  ['an interpreter of its own', { main: 'src/charm.py', python, freshInterpreter: true }],
  ['no sandbox', { main: 'src/charm.py', python, sandbox: 'none' }],
  ['lower rungs', { main: 'src/charm.py', python, lowerRungs: true }],
];

async function once(
  loader: string,
  { files, options, answers }: { files: Files; options: RigOptions; answers?: Answers },
) {
  const folder = temporary({ 'loader.py': `${loader}\n` });
  await using rig = await openRig(files, { ...options, loader: join(folder, 'loader.py') });
  return await rig.play(install, answers);
}

describe.each(ways)('a loader, with %s', (_, options) => {
  it('is run once, before the charm’s own module, and what it patches stays patched', async () => {
    const files = charm('import thing, own\nprint(thing.WORD, own.WORD, thing.LOADED)', {
      'lib/thing.py': 'WORD = "lib"\nLOADED = 0',
      'src/own.py': 'WORD = "own"',
    });
    const loader =
      'import thing, own\nthing.LOADED += 1\nthing.WORD = own.WORD = "patched"\nprint(__name__)';
    const { ended, heard } = await once(loader, { files, options });
    expect(ended.reason).toBe('');
    expect(heard.lines).toEqual(['stdout: playbill_loader', 'stdout: patched patched 1']);
    expect(ended.charmDir).toEqual({});
  });

  it('meets the trace’s time and the hook’s environment, and may ask hook commands', async () => {
    const loader = `import os, subprocess, time
print(time.time(), os.environ['JUJU_HOOK_NAME'], subprocess.check_output(['is-leader'], text=True))`;
    const { heard } = await once(loader, {
      files: charm(''),
      options,
      answers: () => ({ out: 'True' }),
    });
    expect(heard.lines).toEqual([`stdout: ${(NOW / 1000).toFixed(1)} install True`]);
  });

  it('sets variables that reach the charm and what it starts, and adds none of ours', async () => {
    const loader = "import os\nos.environ['KUBERNETES_SERVICE_HOST'] = '127.0.0.1'";
    const files = charm(`import os, subprocess
print(os.environ['KUBERNETES_SERVICE_HOST'], *[n for n in os.environ if n.startswith('PLAYBILL')], flush=True)
subprocess.run(['sh', '-c', 'echo $KUBERNETES_SERVICE_HOST'])`);
    const { heard } = await once(loader, { files, options });
    expect(heard.lines).toEqual(['stdout: 127.0.0.1', 'stdout: 127.0.0.1']);
  });

  it('that fails ends the charm, and the reason names it', async () => {
    const tries: [string, string][] = [
      ['\nraise ValueError("no stand-in")', 'ValueError: no stand-in'],
      ['x = (', "SyntaxError: '(' was never closed (loader.py, line 1)"],
      ['import sys; sys.exit(0)', 'SystemExit: 0'],
    ];
    for (const [loader, why] of tries) {
      const { ended, heard } = await once(loader, { files: charm('print("charm")'), options });
      expect(ended.end).toEqual({ kind: 'exited', code: 1 });
      expect(ended.reason).toBe(`.playbill/loader.py: ${why}`);
      expect(heard.lines.join('\n')).toMatch(/loader\.py", line \d/);
      expect(heard.lines.join('\n')).not.toMatch(/playbill_charm|stdout: charm/);
    }
  });

  it('is not run in the interpreters that it starts itself, as its stand-ins are', async () => {
    const loader = `import subprocess, sys
print('loader', flush=True)
subprocess.run([sys.executable, '-c', 'print("stand-in")'])`;
    const { heard } = await once(loader, { files: charm('print("charm")'), options });
    expect(heard.lines).toEqual(['stdout: loader', 'stdout: stand-in', 'stdout: charm']);
  });

  it('is run in the interpreters that the charm starts', async () => {
    const loader = 'import json\njson.PATCHED = "patched"';
    const files = charm(`import subprocess
subprocess.run(['python3', '-c', 'import json; print(json.PATCHED)'])`);
    expect((await once(loader, { files, options })).heard.lines).toEqual(['stdout: patched']);
  });
});

it('a charm may listen on any port of its own, unless the host keeps that from it', async () => {
  const files = bash(`perl -e 'use Socket; socket(S, PF_INET, SOCK_STREAM, 0);
    print bind(S, sockaddr_in(443, INADDR_LOOPBACK)) ? "bound" : $!'`);
  await using rig = await openRig(files);
  const kept = rig.stage.rungs.includes('network: no listening below port 1024');
  const { heard } = await rig.play(install);
  expect(heard.lines).toEqual([kept ? 'stdout: Permission denied' : 'stdout: bound']);
});

it('a loader that serves something does so once, as a variable of its own tells it', async () => {
  const loader = `import os, socket
if 'SERVED' not in os.environ:
    server = socket.create_server(('127.0.0.1', 16443))
    os.environ['SERVED'] = '1'
    print('serves', flush=True)`;
  const files = charm("import subprocess\nsubprocess.run(['python3', '-c', 'print(1)'])");
  const { heard } = await once(loader, { files, options: { main: 'src/charm.py', python } });
  expect(heard.lines).toEqual(['stdout: serves', 'stdout: 1']);
});

it('a loader is not run in the project’s own commands', async () => {
  const commands = temporary({ helm: '#!/usr/bin/env python3\nprint("helm")\n' });
  const files = charm("import subprocess\nsubprocess.run(['helm'])");
  const options = { main: 'src/charm.py', python, commands };
  const { heard } = await once('print("loader", flush=True)', { files, options });
  expect(heard.lines).toEqual(['stdout: loader', 'stdout: helm']);
});

it('a loader is run where a shell dispatch starts python3, with the trace’s time', async () => {
  const loader = 'import time\ntime.PATCHED = int(time.time())';
  const files = {
    dispatch: '#!/bin/bash\necho shell\npython3 src/run.py\n',
    'src/run.py': 'import time\nprint(time.PATCHED)',
  };
  const { heard } = await once(loader, { files, options: { python } });
  expect(heard.lines).toEqual(['stdout: shell', `stdout: ${NOW / 1000}`]);
});

const hostPython = existsSync('/usr/bin/python3');

it.runIf(hostPython)(
  'a charm that is not in Python finds the same in the host’s python3',
  async () => {
    const files = bash(
      'python3 -c "import time, uuid; print(time.time(), time.PATCHED, uuid.uuid4())"',
    );
    const loader = 'import time\ntime.PATCHED = 1';
    const { heard } = await once(loader, { files, options: {} });
    expect(heard.lines[0]).toMatch(new RegExp(`^stdout: ${(NOW / 1000).toFixed(1)} 1 `));
    expect((await once(loader, { files, options: {} })).heard.lines).toEqual(heard.lines);
  },
);

it('a loader is read-only for the charm, and nothing in a charm that is not in Python', async () => {
  const script = 'cd /opt/playbill/project; echo x > loader.py || echo x > new || ls';
  const { ended, heard } = await once('raise ValueError', { files: bash(script), options: {} });
  expect(ended.end).toEqual({ kind: 'exited', code: 0 });
  expect(heard.lines.filter((line) => line.startsWith('stdout'))).toEqual(['stdout: loader.py']);
});

describe.each(ways.filter(([name]) => name !== 'no sandbox'))(
  'a stand-in of Kubernetes, with %s',
  (_, options) => {
    const serve = `
import http.server, json
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({'path': self.path, 'token': self.headers['Authorization']}).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 16443), Api)`;
    const account = `
import os, pathlib
folder = pathlib.Path('/var/run/secrets/kubernetes.io/serviceaccount')
folder.mkdir(parents=True)
(folder / 'token').write_text('t0ken')
os.environ.update(KUBERNETES_SERVICE_HOST='127.0.0.1', KUBERNETES_SERVICE_PORT='16443')`;
    const files = charm(`
import os, pathlib, urllib.request
token = pathlib.Path('/run/secrets/kubernetes.io/serviceaccount/token').read_text()
host, port = os.environ['KUBERNETES_SERVICE_HOST'], os.environ['KUBERNETES_SERVICE_PORT']
request = urllib.request.Request(f'http://{host}:{port}/api/v1/pods', headers={'Authorization': token})
print(urllib.request.urlopen(request, timeout=5).read().decode())
print([name for name in os.listdir('/run') if os.path.exists(f'/run/{name}')])`);
    const said = ['stdout: {"path": "/api/v1/pods", "token": "t0ken"}', "stdout: ['secrets']"];

    it('answers from a thread of the charm’s process', async () => {
      const thread = `
import threading
threading.Thread(target=server.serve_forever, daemon=True).start()`;
      const { ended, heard } = await once(serve + account + thread, { files, options });
      expect(heard.lines).toEqual(said);
      expect(ended.end).toEqual({ kind: 'exited', code: 0 });
    });

    it('answers from a process of its own, which ends with the event', async () => {
      const process = `
import subprocess, sys
ready = """
import sys
sys.stdout.write('ready'); sys.stdout.flush()
server.serve_forever()
"""
started = subprocess.Popen([sys.executable, '-c', ${JSON.stringify(serve)} + ready], stdout=subprocess.PIPE)
assert started.stdout.read(5) == b'ready'`;
      const { ended, heard } = await once(account + process, { files, options });
      expect(heard.lines).toEqual(said);
      expect(ended.end).toEqual({ kind: 'exited', code: 0 });
    });
  },
);
