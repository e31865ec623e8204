/** The JSON Schema of a record file and of the index, made of the types in src/engine/record/format.ts. */
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { stableText } from '../src/engine/model/json.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The schema as text: draft 07, either a node's record or the index. */
export function recordSchemaText(): string {
  const generator = createGenerator({
    path: `${ROOT}src/engine/record/format.ts`,
    tsconfig: `${ROOT}tsconfig.json`,
    skipTypeCheck: true,
    additionalProperties: false,
  });
  const { definitions = {} } = generator.createSchema('NodeRecord');
  const more = generator.createSchema('Index').definitions ?? {};
  return stableText({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A record of Playbill: one node of a tree, or the index of all trees',
    anyOf: [{ $ref: '#/definitions/NodeRecord' }, { $ref: '#/definitions/Index' }],
    definitions: { ...definitions, ...more },
  });
}
