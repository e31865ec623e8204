/** Containers whose root is an image of thousands of files: what a node costs, and what branches see of each other. */
import { describe, expect, it } from 'vitest';
import { lookup } from '../../src/engine/files/path.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { Json } from '../../src/engine/model/json.ts';
import type { Evaluated } from '../../src/engine/play/evaluate-tree.ts';
import type {
  ContainerStateSpec,
  Definition,
  ReadImage,
} from '../../src/engine/tree/definition.ts';
import { listingBytes, type Listing } from '../../src/engine/files/listing.ts';
import type { Container } from '../../src/engine/world/pebble/slice.ts';
import { CHARM } from '../juju/unit.ts';
import { chain, last, play, using } from './chain.ts';
import type { Script } from './scripted-stage.ts';

const FILES = 2000;
const FILES_A_FOLDER = 100;
const charm: Charm = { ...CHARM, kubernetes: true, containers: { web: { mounts: [] } } };

/** An image as project reads it from a folder: that many files, each with a content of its own. */
function imageIn(blobs: Blobs, more: Listing = {}): ReadImage {
  const listing: Record<string, Listing[string]> = { ...more };
  for (let at = 0; at < FILES; at += 1) {
    const folder = `usr-${Math.floor(at / FILES_A_FOLDER)}`;
    const bytes = new TextEncoder().encode(`file ${at}\n`);
    listing[folder] = { kind: 'dir', mode: 0o755 };
    const digest = blobs.put(bytes);
    listing[`${folder}/file-${at}`] = { kind: 'file', mode: 0o644, digest, size: bytes.length };
  }
  return { digest: blobs.put(listingBytes(listing)), files: FILES, size: FILES * 10 };
}

function counted(blobs: Blobs): { blobs: Blobs; count(): { blobs: number; bytes: number } } {
  const kept = new Map<string, number>();
  const put = (bytes: Uint8Array): string => {
    const digest = blobs.put(bytes);
    kept.set(digest, bytes.length);
    return digest;
  };
  const sum = (): number => [...kept.values()].reduce((all, size) => all + size, 0);
  return {
    blobs: { put, get: (digest) => blobs.get(digest) },
    count: () => ({ blobs: kept.size, bytes: sum() }),
  };
}

type Playing = { script: Script; more?: Listing; spec?: ContainerStateSpec };

function begun({ script, more = {}, spec = {} }: Playing, store = new Map<string, Json>()) {
  const { given, jobs } = using(script, store);
  const counter = counted(given.blobs);
  const { blobs } = counter;
  const base = imageIn(blobs, more);
  const web = { canConnect: true, image: 'image', base, ...spec };
  return {
    given: { ...given, charm, blobs },
    jobs,
    store,
    counter,
    state: { containers: { web } },
  };
}

function webOf({ state }: Evaluated): Container {
  return state.pebble.containers['web']!;
}

function textIn(node: Evaluated, path: string, blobs: Blobs): string | null {
  const entry = lookup(webOf(node).root, path);
  return entry?.kind === 'file' ? new TextDecoder().decode(blobs.get(entry.digest)) : null;
}

/** Each hook pushes a file that has its own name. */
const pushing: Script = ({ job, push }) => {
  const { code } = push('web', `/srv/${job.path.split('/')[1]}`, `${job.path}\n`);
  return code === 200 ? 0 : 1;
};

describe('a node over an image of 2,000 files', () => {
  it('costs what it changed: a blob, and a few hundred bytes of its state and record', async () => {
    const { given, counter, store, state } = begun({ script: pushing });
    const before = counter.count();
    const [root, ...nodes] = await play(chain(['start', 'config-changed'], state), given);
    const after = counter.count();
    expect(nodes.map(({ record }) => record.outcome.kind)).toEqual(['played', 'played']);
    expect(before.blobs).toBe(FILES + 1);
    expect(after.blobs - before.blobs).toBe(nodes.length);
    expect(after.bytes - before.bytes).toBe(
      'hooks/start\n'.length + 'hooks/config-changed\n'.length,
    );
    for (const { record } of nodes) {
      const files = record.changed.pebble?.filter(({ path }) => path.includes('root'));
      expect(files?.map(({ path }) => path.at(-1))).toEqual(
        record.id === 'life/start' ? ['srv'] : ['config-changed'],
      );
      expect(JSON.stringify(record).length).toBeLessThan(4000);
    }
    expect(JSON.stringify(root?.record).length).toBeLessThan(6000);
    for (const kept of store.values()) expect(JSON.stringify(kept).length).toBeLessThan(10_000);
  });

  it('names the image by its listing in the root’s record, and says no file of it there', async () => {
    const { given, state } = begun({ script: () => 0 });
    const [root] = await play(chain([], state), given);
    const web = root?.record.state?.pebble.containers['web'];
    expect(web?.base).toEqual({ ...state.containers.web.base });
    expect(web?.root.entries).toEqual({});
    expect(web?.gone).toEqual({});
  });

  it('tells what of the image is gone, and what took its place', async () => {
    const script: Script = ({ post, push }) => {
      const paths = [{ path: '/usr-1', recursive: true }, { path: '/usr-2/file-200' }];
      post('web', '/v1/files', { action: 'remove', paths });
      push('web', '/usr-3/file-300', 'other\n');
      return 0;
    };
    const { given, state } = begun({ script });
    const node = last(await play(chain(['start'], state), given));
    const changed = node.record.changed.pebble?.map(({ path }) => path.slice(2).join('/'));
    expect(changed?.filter((path) => path.startsWith('gone'))).toEqual([
      'gone/usr-1',
      'gone/usr-2/file-200',
    ]);
    expect(changed?.filter((path) => path.startsWith('root'))).toEqual(['root/entries/usr-3']);
    expect(textIn(node, '/usr-3/file-300', given.blobs)).toBe('other\n');
    expect(textIn(node, '/usr-3/file-301', given.blobs)).toBe('file 301\n');
    expect(lookup(webOf(node).root, '/usr-1')).toBeUndefined();
  });

  it('is the same from the store, and below it the image is whole again', async () => {
    const store = new Map<string, Json>();
    const first = begun({ script: pushing }, store);
    const played = await play(chain(['start', 'config-changed'], first.state), first.given);
    const again = begun({ script: pushing }, store);
    const { blobs } = first.given;
    const known = await play(chain(['start', 'config-changed'], again.state), {
      ...again.given,
      blobs,
    });
    expect(again.jobs).toHaveLength(0);
    expect(known.map(({ record }) => record)).toEqual(played.map(({ record }) => record));
    expect(webOf(last(known)).root).toEqual(webOf(last(played)).root);
    expect(textIn(last(known), '/usr-19/file-1999', blobs)).toBe('file 1999\n');
  });
});

describe('two branches', () => {
  it('never see each other’s files', async () => {
    const seen: string[] = [];
    const script: Script = (asking) => {
      const { out } = asking.get('web', '/v1/files?action=list&path=/srv');
      seen.push(
        `${asking.job.path}: ${[...out.matchAll(/"path":"([^"]*)"/g)].map(([, at]) => at)}`,
      );
      return pushing(asking);
    };
    const { given, state } = begun({ script });
    const trunk = chain(['install', 'start', 'config-changed'], state);
    const other = chain(['install', 'stop', 'remove'], state);
    const nodes = [...trunk.nodes, ...other.nodes.slice(1)];
    const tree: Definition = { ...trunk, consistency: 'permissive', nodes };
    const all = await play(tree, given);
    expect(seen).toEqual([
      'hooks/install: ',
      'hooks/start: /srv/install',
      'hooks/config-changed: /srv/install,/srv/start',
      'hooks/stop: /srv/install',
      'hooks/remove: /srv/install,/srv/stop',
    ]);
    expect(Object.keys(webOf(all[0]!).root.entries)).not.toContain('srv');
  });
});

describe('a container that restarts', () => {
  it('has its image again, with what the root laid over it, and nothing else', async () => {
    const files = { '/etc/app.conf': 'port: 1\n', '/usr-0/file-0': null };
    const { given, state } = begun({ script: pushing, spec: { files } });
    const restart = { happens: { kind: 'container-restart', containers: ['web'] } } as const;
    const connected = { containers: { web: { canConnect: true } } };
    const node = last(
      await play(chain(['start', restart, connected, 'config-changed'], state), given),
    );
    expect(textIn(node, '/etc/app.conf', given.blobs)).toBe('port: 1\n');
    expect(lookup(webOf(node).root, '/usr-0/file-0')).toBeUndefined();
    expect(textIn(node, '/usr-0/file-1', given.blobs)).toBe('file 1\n');
    expect(lookup(webOf(node).root, '/srv/start')).toBeUndefined();
    expect(lookup(webOf(node).root, '/srv/config-changed')).toBeDefined();
  });

  it('has another image when a delta brings one', async () => {
    const { given, state } = begun({ script: pushing });
    const { blobs } = given;
    const digest = blobs.put(new TextEncoder().encode('new\n'));
    const listing = { new: { kind: 'file', mode: 0o600, digest, size: 4 } } as const;
    const base = { digest: blobs.put(listingBytes(listing)), files: 1, size: 4 };
    const spec = { containers: { web: { image: 'other', base, canConnect: true } } };
    const node = last(await play(chain(['start', spec, 'config-changed'], state), given));
    expect(Object.keys(webOf(node).root.entries).sort()).toEqual(['new', 'srv']);
    expect(lookup(webOf(node).root, '/srv/start')).toBeUndefined();
    const delta = node.record.deltas[0]!;
    expect(delta.spec).toEqual({ containers: { web: { image: 'other', 'can-connect': true } } });
    expect(delta.changed.pebble?.map(({ path }) => path.slice(2).join('/'))).toContain(
      'base/digest',
    );
  });
});

describe('a volume', () => {
  it('lies over what the image has there, behind links as well', async () => {
    const mounted: Charm = {
      ...charm,
      containers: { web: { mounts: [{ storage: 'data', location: '/var/run/data' }] } },
      storage: { data: { type: 'filesystem' } },
    };
    const more: Listing = {
      run: { kind: 'dir', mode: 0o755 },
      'run/data': { kind: 'dir', mode: 0o755 },
      'run/data/hidden': { kind: 'link', target: 'x' },
      var: { kind: 'dir', mode: 0o755 },
      'var/run': { kind: 'link', target: '../run' },
    };
    const script: Script = ({ push }) =>
      push('web', '/var/run/data/a', 'a\n').code === 200 ? 0 : 1;
    const { given, state } = begun({ script, more });
    const node = last(await play(chain(['start'], state), { ...given, charm: mounted }));
    const folder = lookup(webOf(node).root, '/run/data');
    expect(folder?.kind === 'dir' && Object.keys(folder.entries)).toEqual(['a']);
    const [left] = Object.values(node.state.machine.folders);
    expect(Object.keys(left ?? {})).toEqual(['a']);
  });
});
