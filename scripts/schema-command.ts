/** `playbill schema`: the JSON Schema of tree files, as editors' YAML completion wants it. */
import { stableText } from '../src/engine/model/json.ts';
import { treeSchema } from '../src/engine/tree/schema.ts';

export function schemaCommand(): void {
  process.stdout.write(stableText(treeSchema()));
}
