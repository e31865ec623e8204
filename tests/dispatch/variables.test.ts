import { expect, it } from 'vitest';
import { DISPATCH, jobFor, openRig, pythonWith } from './rig.ts';

const main = 'src/charm.py';
const text = `#!/usr/bin/env python3
import json, os, subprocess
told = subprocess.run(['env'], capture_output=True, text=True).stdout
passed_on = [line for line in told.splitlines() if not line.startswith('_=')]
print(json.dumps([sorted(os.environ.items()), sorted(passed_on)]))
os.environ['LEFT'] = 'over'
os.environ.pop('JUJU_VERSION', None)
`;

it('each event has its own variables, whatever the one before had or did to them', async () => {
  const { environment } = jobFor('hooks/install');
  const { JUJU_AGENT_SOCKET_NETWORK: _, ...fewer } = environment;
  const environments = [
    environment,
    { ...environment, JUJU_RELATION: 'db', JUJU_RELATION_ID: 'db:1' },
    { ...environment, JUJU_RELATION: 'db', JUJU_RELATION_ID: 'db:2' },
    fewer,
    Object.fromEntries(Object.entries(environment).reverse()),
    { ...environment, JUJU_MODEL_NAME: '' },
    environment,
  ];
  const said: string[][] = [];
  for (const freshInterpreter of [false, true]) {
    const python = pythonWith();
    const files = { dispatch: DISPATCH, [main]: text };
    await using rig = await openRig(files, { main, python, freshInterpreter });
    const lines: string[] = [];
    for (const one of environments) {
      const { heard } = await rig.play(jobFor('hooks/install', { environment: one }));
      lines.push(...heard.lines);
    }
    said.push(lines);
  }
  expect(said[0]).toHaveLength(environments.length);
  expect(said[0]).toEqual(said[1]);
  expect(new Set(said[0]).size).toBe(5);
});
