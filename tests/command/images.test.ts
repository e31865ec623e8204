/** `playbill play` with a container whose image is a folder beside its tree. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NodeRecord } from '../../src/engine/record/format.ts';
import { makeRepository, type Repository } from './repository.ts';

const FILES = 2000;
const LAYER = 'services: {app: {override: replace, command: app, startup: enabled}}\n';
const LAYERS = 'image/var/lib/pebble/default/layers';

function podded(repository: Repository, container: string): void {
  const containers = 'containers: {web: {}}\nassumes: [k8s-api]\n';
  repository.write('metadata.yaml', `name: tiny\nsummary: s\ndescription: d\n${containers}`);
  repository.write('hooks/web-pebble-ready', '#!/bin/bash\nstatus-set active\n', 0o755);
  const root = `root: {use: [leader, containers-ready], containers: {web: ${container}}}`;
  repository.write('trees/life.yaml', `title: Life\n${root}\nsteps:\n- web-pebble-ready\n`);
}

function recordOf(repository: Repository, id: string): NodeRecord {
  return JSON.parse(repository.read(`records/${id}.json`)) as NodeRecord;
}

describe('playing over an image', () => {
  it('records its listing once and none of its files, and the plan that it brings', async () => {
    using repository = makeRepository();
    podded(repository, '{image: ../image, files: {/bin/tool: {from: tool.bin, mode: "0755"}}}');
    repository.write('trees/tool.bin', '\u0000binary');
    repository.write(`${LAYERS}/001-app.yaml`, LAYER);
    for (let at = 0; at < FILES; at += 1) {
      repository.write(`image/usr/share/folder-${at % 20}/a-file-${at}`, `file ${at}\n`);
    }
    symlinkSync('/etc/hostname', join(repository.folder, 'image/link'));
    const { code, err } = await repository.run('play');
    expect([code, err]).toEqual([0, '']);
    const web = recordOf(repository, 'life').state?.pebble.containers['web'];
    expect(web?.layers.map(({ label }) => label)).toEqual(['app']);
    expect(web?.base?.files).toBe(FILES + 1);
    expect(Object.keys(web?.root.entries ?? {})).toEqual(['bin']);
    const blobs = Object.entries(repository.files('records/blobs'));
    const listing = blobs.filter(([, text]) => text.includes('a-file-1999'));
    expect(listing).toHaveLength(1);
    expect(listing[0]?.[1].length).toBeGreaterThan(200_000);
    expect(blobs.filter(([, text]) => text.startsWith('file '))).toEqual([]);
    const bytes = JSON.stringify(recordOf(repository, 'life/web-pebble-ready')).length;
    expect(bytes).toBeLessThan(10_000);
  });

  it('says at its place what is not there or cannot be', async () => {
    using repository = makeRepository();
    podded(repository, '{image: ../image, files: {/a: {from: none.bin}}}');
    const told = async () => (await repository.run('play')).err.trim().split('\n');
    expect(await told()).toEqual(['trees/life.yaml:2:60: container web: image: no such folder']);
    repository.write(`${LAYERS}/one.yaml`, LAYER);
    expect(await told()).toEqual([
      'trees/life.yaml:2:60: container web: /var/lib/pebble/default/layers: ' +
        'invalid layer filename: "one.yaml" (must look like "123-some-label.yaml")',
      '  Pebble would not start with it.',
    ]);
    podded(repository, '{files: {/a: {from: none.bin}}}');
    expect(await told()).toEqual([
      'trees/life.yaml:2:68: none.bin: no such file',
      '  A file of a container is named relative to the tree’s file.',
    ]);
  });
});
