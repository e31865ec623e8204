/** What a recorder asked a real Pebble through ops' own client, and what that told it. */
import { readFileSync } from 'node:fs';

const FOLDER = new URL('./transcripts/', import.meta.url);
/** Where the recorder's own calls begin, behind what both scripts need. */
const BEGIN = "# the daemon's own identity";

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

const FIRST = read('ops_client.py');
const DEFINITIONS = FIRST.slice(0, FIRST.indexOf(BEGIN));

function script(name: string, calls: number, text: string) {
  return { name, calls, text, recorded: JSON.parse(read(`${name}.expected.json`)) as unknown[] };
}

/** Each names its socket and its folder in arguments, and prints what it was told, a call each. */
export const OPS_CLIENT_SCRIPTS = [
  script('ops_client', 95, FIRST),
  script('ops_client_more', 76, DEFINITIONS + read('ops_client_more.py')),
] as const;
