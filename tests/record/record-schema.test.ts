/** The published schema of records is what the types say, takes every committed record, and refuses what is none. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { recordSchemaText } from '../../scripts/record-schema.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(ROOT, 'src/engine/record/record.schema.json'), 'utf8');
const validate = new Ajv({ strict: false }).compile(JSON.parse(text));

function records(): readonly string[] {
  return readdirSync(join(ROOT, 'records'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the schema of records', () => {
  it('is made of the types: npm run schema writes it', () => {
    expect(text).toBe(recordSchemaText());
  });

  it('takes every committed record and the index', () => {
    const files = records();
    expect(files.length).toBeGreaterThan(50);
    const refused = files.filter((file) => !validate(JSON.parse(readFileSync(file, 'utf8'))));
    expect(refused).toEqual([]);
  });

  it.each([
    ['of another format', { format: 2 }],
    ['with an outcome nobody knows', { outcome: { kind: 'fine' } }],
    ['with a key of the cache', { key: 'sha256:00' }],
  ])('refuses a record %s', (_title, change) => {
    const record = JSON.parse(readFileSync(join(ROOT, 'records/pennant.json'), 'utf8')) as object;
    expect(validate({ ...record, ...change })).toBe(false);
  });
});
