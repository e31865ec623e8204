/** Hook commands as a charm's shell meets them: real processes in a sandbox, answered as a hook is. */
import { expect, it } from 'vitest';
import { bash, jobFor, openRig, type Answers } from '../dispatch/rig.ts';
import { juju } from '../../src/engine/world/juju/counterpart.ts';
import { hook } from './rows.ts';
import { CHARM, UNIT } from './unit.ts';

/** What a shell script prints in a hook of the unit, stderr too, line by line. */
async function printed(script: string): Promise<readonly string[]> {
  const inHook = hook();
  const answers: Answers = (request) => {
    if (request.kind !== 'commands') throw new Error(request.kind);
    const answer = inHook.answer(request);
    if (answer.kind !== 'reply') throw new Error(answer.kind);
    return answer;
  };
  const channels = juju.channels(UNIT, CHARM);
  await using rig = await openRig(bash(`exec 2>&1\n${script}`));
  const { heard } = await rig.play(jobFor('hooks/install', { channels }), answers);
  return heard.lines.map((line) => line.replace(/^stdout: /, ''));
}

it('-o writes a file where the command runs, and prints nothing', async () => {
  const script = `
    mkdir deep; cd deep
    config-get slug --format=json -o slug.json; echo "code $?"; cat slug.json
    relation-ids nope --output empty; wc -c < empty`;
  expect(await printed(script)).toEqual(['code 0', '"hello"', '0']);
});

it('-o fails where there is no such folder', async () => {
  expect(await printed('is-leader -o no/such/file; echo "code $?"')).toEqual([
    'ERROR open /var/lib/juju/agents/unit-app-0/charm/no/such/file: no such file or directory',
    'code 1',
  ]);
});

it('charm-helpers finds --file in the help of relation-set', async () => {
  expect(await printed('relation-set --help | grep -c -- --file')).toEqual(['1']);
});

it('a file of settings is read where the command runs', async () => {
  const script = `
    printf 'port: 5432\\nname: "a b"\\n' > settings.yaml
    relation-set -r db:1 --file settings.yaml name=c; echo "code $?"
    relation-get -r db:1 - web/0
    echo '- a' > list.yaml; relation-set -r db:1 --file=list.yaml; echo "code $?"`;
  expect(await printed(script)).toEqual([
    'code 0',
    'name: c',
    'port: "5432"',
    'private-address: 192.0.2.10',
    'ERROR yaml: unmarshal errors:',
    '  line 1: cannot unmarshal !!seq into map[string]string',
    'code 1',
  ]);
});
