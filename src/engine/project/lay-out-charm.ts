/**
 * The entries of a charm as they lie in its charm directory: its files, the declarations that Juju
 * reads, and dispatch.
 * Source: charmcraft charm_builder.py (handle_dispatcher), dispatch.py (create_dispatch),
 * services/package.py.
 * Not modelled: manifest.yaml; the links hooks/{install,start,upgrade-charm} to dispatch that the charm
 * plugin adds for old Juju, through which ops runs itself once more and says so in the log.
 */
import type { Charm } from '../model/charm.ts';
import { digestOfEntries, type CharmEntry } from './charm-entry.ts';
import { dispatchScript, readDispatch } from './charm-dispatch.ts';
import type { Packing } from './charmcraft-parts.ts';

export type LaidOut = {
  readonly entries: readonly CharmEntry[];
  readonly digest: string;
  /** See PreparedCharm. */
  readonly main: string | null;
};

function textEntry(path: string, text: string, executable: boolean): CharmEntry {
  return { path, kind: 'file', executable, bytes: () => new TextEncoder().encode(text) };
}

function textOf(entry: CharmEntry | undefined): string {
  return entry?.kind === 'file' ? Buffer.from(entry.bytes()).toString('utf8') : '';
}

/**
 * What dispatch says in the end: null when the charm has none and charmcraft would give it none.
 */
function dispatchOf(
  entries: ReadonlyMap<string, CharmEntry>,
  packing: Packing | null,
): string | null {
  const own = entries.get('dispatch');
  if (own) {
    const known = readDispatch(textOf(own));
    return known?.form === 'newer' ? dispatchScript(known.entrypoint, 'python3') : textOf(own);
  }
  const { main, entrypoint } = packing ?? { main: null, entrypoint: 'src/charm.py' };
  if (!entries.has(entrypoint)) return null;
  if (main?.plugin === 'charm') return dispatchScript(entrypoint, 'itself');
  const hooks = [...entries.keys()].some((path) => path.startsWith('hooks/'));
  return hooks ? null : dispatchScript(entrypoint, 'python3');
}

/**
 * `packing` is null for a packed charm, which needs nothing made. Entries under `venv/` are left
 * out.
 */
export function layOut(
  source: readonly CharmEntry[],
  charm: Charm,
  packing: Packing | null,
): LaidOut {
  const entries = new Map(
    source.filter(({ path }) => !path.startsWith('venv/')).map((entry) => [entry.path, entry]),
  );
  for (const [name, text] of Object.entries(charm.written)) {
    entries.set(name, textEntry(name, text, false));
  }
  const script = dispatchOf(entries, packing);
  if (script !== null) {
    const executable = entries.get('dispatch')?.executable ?? true;
    entries.set('dispatch', textEntry('dispatch', script, executable));
  }
  const sorted = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const main = script === null ? null : (readDispatch(script)?.entrypoint ?? null);
  return {
    entries: sorted,
    digest: digestOfEntries(sorted),
    main: main !== null && entries.has(main) ? main : null,
  };
}
