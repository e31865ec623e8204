/** Events of the small charm as lines of `playbill transition`, through the program itself: how many in a second. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHARM = 'scripts/bench/small';

const db = {
  _type: 'Relation',
  endpoint: 'db',
  id: 1,
  remote_app_name: 'postgresql',
  remote_units_data: { _type: 'dict_int', items: { '0': {} } },
};

/** The same five events that the peer runs, each from the same state. */
function lines(): readonly string[] {
  const state = { leader: true, config: { slug: 'hello' }, relations: [db] };
  const written = [
    ...['install', 'config_changed', 'start', 'update_status'].map((name) => ({ name })),
    { name: 'db_relation_created', endpoint: 'db', relation_id: 1 },
  ];
  return written.map((event) => JSON.stringify({ charm: CHARM, state, event }));
}

type Answer = { readonly error?: string; readonly outcome?: { readonly kind: string } };

/** Transitions per second of wall time, after one pass that is not counted. */
export async function benchTransitions(passes: number): Promise<number> {
  const program = spawn(
    process.execPath,
    ['bin/playbill.js', 'transition', '--dialect', 'scenario'],
    { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const pass = lines();
  const all = Array.from({ length: passes + 1 }, () => pass).flat();
  program.stdin.end(`${all.join('\n')}\n`);
  let answered = 0;
  let began = 0;
  for await (const text of createInterface({ input: program.stdout })) {
    const { error, outcome } = JSON.parse(text) as Answer;
    if (outcome?.kind !== 'played') throw new Error(error ?? JSON.stringify(outcome));
    answered += 1;
    if (answered === pass.length) began = performance.now();
  }
  const seconds = (performance.now() - began) / 1000;
  if (program.exitCode === null) await once(program, 'exit');
  if (answered < all.length) throw new Error(`${answered} of ${all.length} lines were answered`);
  return (answered - pass.length) / seconds;
}
