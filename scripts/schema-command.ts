/** `playbill schema`: the JSON Schema of tree files, as editors' YAML completion wants it, or of records. */
import { readFileSync } from 'node:fs';
import { Mistake } from '../src/engine/model/mistake.ts';
import { stableText } from '../src/engine/model/json.ts';
import { treeSchema } from '../src/engine/tree/schema.ts';

const RECORD = new URL('../src/engine/record/record.schema.json', import.meta.url);

export function schemaCommand(what = 'tree'): void {
  if (what === 'tree') process.stdout.write(stableText(treeSchema()));
  else if (what === 'record') process.stdout.write(readFileSync(RECORD, 'utf8'));
  else throw new Mistake(`there is no schema of ${what}`, { hint: 'tree or record' });
}
