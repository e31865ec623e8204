/**
 * `npm run schema`: writes the JSON Schema of records from the types that define them. The file is committed, printed
 * by `playbill schema record`, and held against the types by a test.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recordSchemaText } from './record-schema.ts';

const FILE = fileURLToPath(new URL('../src/engine/record/record.schema.json', import.meta.url));

writeFileSync(FILE, recordSchemaText());
