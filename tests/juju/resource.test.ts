/** resource-get answers as Juju's. Source: juju jujuc/resource-get.go, runner/context/resources */
import { describe, expect, it } from 'vitest';
import { imageContent } from '../../src/engine/world/juju/resource.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { CHARM, run, shown, UNIT } from './unit.ts';

const unit: JujuSlice = {
  ...UNIT,
  resources: {
    software: { kind: 'file', filename: 'software.zip', digest: 'sha256:1', downloaded: false },
    image: { kind: 'oci-image', filename: '', digest: 'sha256:2', downloaded: false },
  },
};
const charm = { ...CHARM, resources: { software: {}, image: {}, later: {} } };
const bytes = new TextEncoder().encode('PK');
const blobs = { put: () => '', get: () => bytes };
const FOLDER = '/var/lib/juju/agents/unit-web-0/resources';
const REQUEST =
  'ERROR could not download resource: HTTP request failed: Get https://192.0.2.100:17070' +
  `/model/${UNIT.model.uuid}/units/unit-web-0/resources`;

describe('resource-get', () => {
  it('prints the path without a newline, and brings the file at once', () => {
    const { answer, kept } = run(['resource-get', 'software'], { unit, charm, blobs });
    const path = `${FOLDER}/software/software.zip`;
    const files = [{ path, bytes, parents: true }];
    expect(answer).toEqual({ kind: 'reply', code: 0, out: path, files });
    expect(kept.resources['software']?.downloaded).toBe(true);
  });

  it('brings a file once', () => {
    const { kept } = run(['resource-get', 'software'], { unit, charm, blobs });
    const again = run(['resource-get', 'software'], { unit: kept, charm, blobs });
    const out = `${FOLDER}/software/software.zip`;
    expect(again.answer).toEqual({ kind: 'reply', code: 0, out });
    expect(again.kept).toBe(kept);
  });

  it('tells where an image is in content.yaml', () => {
    const [code, out] = shown(['resource-get', 'image'], { unit, charm, blobs });
    expect([code, out]).toEqual([0, `${FOLDER}/image/content.yaml`]);
  });

  it.each([
    ['wants a name', [], [2, '', 'ERROR missing required resource name\n'], unit],
    ['takes one name', ['software', 'x'], [2, '', 'ERROR unrecognized args: ["x"]\n'], unit],
    [
      'names a resource that the charm does not declare',
      ['nope'],
      [1, '', `${REQUEST}/nope: resource#web/nope not found\n`],
      unit,
    ],
    [
      'names a resource that nobody gave',
      ['later'],
      [
        1,
        '',
        `${REQUEST}/later: while getting resource from charmhub: resource "later" not found\n`,
      ],
      unit,
    ],
    [
      'names an undeclared resource in the words of 4.0',
      ['nope'],
      [
        1,
        '',
        `${REQUEST}/nope: getting UUID of resource nope for application web: resource not found\n`,
      ],
      { ...unit, version: '4.0.1' },
    ],
    [
      'names a resource that nobody gave in the words of 4.0',
      ['later'],
      [1, '', `${REQUEST}/later: getting resource from charmhub: resource "later" not found\n`],
      { ...unit, version: '4.0.1' },
    ],
  ] as const)('%s', (_title, argv, expected, of) => {
    expect(shown(['resource-get', ...argv], { unit: of, charm, blobs })).toEqual(expected);
  });
});

describe('the file of an image', () => {
  it('has its credentials, empty where there are none', () => {
    expect(imageContent('ubuntu:24.04')).toBe(
      'registrypath: ubuntu:24.04\nusername: ""\npassword: ""\n',
    );
    expect(imageContent('r/i@sha256:1', { username: 'u', password: 'p' })).toBe(
      'registrypath: r/i@sha256:1\nusername: u\npassword: p\n',
    );
  });
});
