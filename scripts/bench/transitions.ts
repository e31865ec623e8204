/** The bench's events as lines of `playbill transition`, through the program itself: how many it plays in a second. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHARM = 'src/content/charms/notice-board';

const board = (can_connect: boolean): object => ({
  _type: 'Container',
  name: 'board',
  can_connect,
});
const db = {
  _type: 'Relation',
  endpoint: 'db',
  id: 1,
  remote_app_name: 'postgresql',
  remote_app_data: { endpoints: 'db.example:5432', username: 'board', password: 'x' },
  remote_units_data: { _type: 'dict_int', items: { '0': {} } },
};

/** The same nine events that the peer runs, each from a state of its own. */
function lines(): readonly string[] {
  const state = { leader: true, config: { slug: 'hello' }, containers: [board(false)] };
  const ready = { ...state, containers: [board(true)] };
  const related = { ...ready, relations: [db] };
  const about = { endpoint: 'db', relation_id: 1 };
  const written = [
    ...['install', 'leader_elected', 'config_changed', 'start'].map((name) => ({
      state,
      event: { name },
    })),
    { state: ready, event: { name: 'board_pebble_ready', container: 'board' } },
    ...['created', 'joined', 'changed'].map((phase) => ({
      state: related,
      event: { name: `db_relation_${phase}`, ...about },
    })),
    { state: related, event: { name: 'update_status' } },
  ];
  return written.map((one) => JSON.stringify({ charm: CHARM, ...one }));
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
