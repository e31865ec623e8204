/** What a tree says of a container, laid over it. */
import { describe, expect, it } from 'vitest';
import { lookup } from '../../src/engine/files/path.ts';
import { laidContainer } from '../../src/engine/play/lay-container.ts';
import type { ContainerStateSpec } from '../../src/engine/tree/definition.ts';
import { asImage, emptyContainer } from '../../src/engine/world/pebble/container.ts';
import type { Container } from '../../src/engine/world/pebble/slice.ts';
import { blobsInMemory } from './scripted-stage.ts';

const blobs = blobsInMemory();
const NOW = 1000;

function laid(...specs: readonly ContainerStateSpec[]): Container {
  const empty = emptyContainer({ name: 'web', canConnect: true });
  return specs.reduce(
    (container, spec) => laidContainer(container, spec, { blobs, now: NOW }),
    empty,
  );
}

function later(root: ContainerStateSpec, ...deltas: readonly ContainerStateSpec[]): Container {
  return deltas.reduce(
    (container, spec) => laidContainer(container, spec, { blobs, now: NOW }),
    asImage(laid(root)),
  );
}

describe('files', () => {
  it('may be text, bytes, somebody’s and links', () => {
    const digest = blobs.put(new Uint8Array([0, 255]));
    const { root } = laid({
      files: {
        '/a/text': 'x',
        '/a/secret': { text: 'y', mode: '0600', user: 'web', group: 'www' },
        '/a/bytes': { from: 'a.bin', digest, size: 2 },
        '/a/link': { link: 'text', user: 'web' },
      },
    });
    const owned = { modified: NOW, user: 'root', group: 'root' };
    expect(lookup(root, '/a/text')).toMatchObject({ ...owned, kind: 'file', mode: 0o644, size: 1 });
    expect(lookup(root, '/a/secret')).toMatchObject({ mode: 0o600, user: 'web', group: 'www' });
    expect(lookup(root, '/a/bytes')).toMatchObject({ ...owned, digest, size: 2 });
    const folder = lookup(root, '/a');
    const link = folder?.kind === 'dir' ? folder.entries['link'] : undefined;
    expect(link).toMatchObject({ kind: 'link', mode: 0o777, target: 'text', user: 'web' });
    expect(lookup(root, '/a/link')).toBe(lookup(root, '/a/text'));
  });

  it('in the folder of layers are the plan that a root begins with', () => {
    const path = '/var/lib/pebble/default/layers';
    const layer = 'services: {a: {override: replace, command: a}}';
    const files = { [`${path}/002-two.yaml`]: layer, [`${path}/001-one.yaml`]: 'summary: s' };
    const merged = { a: { override: 'merge', summary: 'of the tree' } };
    const layers = { two: { services: { a: { override: 'replace', command: 'b' } } } };
    expect(laid({ files }).layers.map(({ label }) => label)).toEqual(['one', 'two']);
    const over = laid({ files, layers: { ...layers, three: { services: merged } } });
    expect(over.layers.map(({ label }) => label)).toEqual(['one', 'two', 'three']);
    expect(over.layers[1]?.layer).toMatchObject({ services: { a: { command: 'b' } } });
  });

  it('there are nothing to a Pebble that runs', () => {
    const files = { '/var/lib/pebble/default/layers/001-one.yaml': 'summary: s' };
    expect(later({}, { files }).layers).toEqual([]);
  });

  it('that cannot be where they are put are a mistake', () => {
    expect(() => laid({ files: { '/a': 'x', '/a/b': 'y' } })).toThrow(
      'file "/a/b" cannot be put into the container: ENOTDIR',
    );
  });
});

describe('programs', () => {
  it('of services are told in milliseconds, and null is as usual', () => {
    const services = {
      a: { exits: 1, after: '1.5s', output: 'x' },
      b: { slow: '2m', signals: { SIGHUP: { output: 'y' } } },
    };
    const { programs } = laid({ services: { ...services, c: {} } }, { services: { c: null } });
    expect(programs).toEqual({
      a: { exits: 1, after: 1500, output: 'x', slow: 0 },
      b: { after: 0, output: '', slow: 120_000, signals: { SIGHUP: { output: 'y' } } },
    });
  });

  it('that are executed have the words of their commands', () => {
    const { execs } = laid({
      exec: [
        { command: 'pg_isready  -q', exit: 2, takes: '500ms' },
        { command: ['a', 'b c'], stdin: { x: 'printed', y: { exit: 1 } } },
        { command: { like: '^z' }, run: 'real', takes: '2s' },
      ],
    });
    expect(execs).toEqual([
      { command: ['pg_isready', '-q'], exit: 2, takes: 500 },
      { command: ['a', 'b c'], stdin: { x: { stdout: 'printed' }, y: { exit: 1 } } },
      { command: { like: '^z' }, run: 'real', takes: 2000 },
    ]);
  });

  it('of a delta come first, take the place of the same, and are all forgotten for null', () => {
    const exec = [{ command: 'a' }, { command: 'b', exit: 1 }];
    const more = { exec: [{ command: 'b', exit: 2 }, { command: 'a x' }] };
    expect(later({ exec }, more).execs).toEqual([
      { command: ['b'], exit: 2 },
      { command: ['a', 'x'] },
      { command: ['a'] },
    ]);
    expect(later({ exec }, { exec: null }).execs).toBeUndefined();
  });
});

describe('checks', () => {
  const layers = {
    all: {
      checks: Object.fromEntries(
        ['a', 'b', 'c'].map((name) => [name, { override: 'replace', tcp: { port: 1 } }]),
      ),
    },
  };

  it('find what they are told to from then on', () => {
    const container = laid(
      { layers },
      { checks: { a: 'slow', b: { down: 'in these words' }, c: 'down' } },
    );
    expect(container.checkFindings).toEqual({
      a: { found: 'slow' },
      b: { found: 'down', error: 'in these words' },
      c: { found: 'down' },
    });
    expect(
      laidContainer(container, { checks: { b: 'up' } }, { blobs, now: NOW }).checkFindings,
    ).toEqual({ a: { found: 'slow' }, c: { found: 'down' } });
  });
});
