/**
 * What a dispatch finds outside of the charm directory: storage that is attached, resources that were fetched before.
 * Source: juju internal/worker/uniter (paths.go, resources). Not modelled: block devices.
 */
import type { Changes } from '../files/tree.ts';
import { agentFolder } from '../world/juju/environment.ts';
import type { JujuSlice } from '../world/juju/slice.ts';

/** By location: what earlier dispatches left there. */
export function storageFolders(
  { storages }: JujuSlice,
  left: Readonly<Record<string, Changes>>,
): Readonly<Record<string, Changes>> {
  const mounted = Object.values(storages).filter(
    ({ kind, attached }) => kind === 'filesystem' && attached,
  );
  return Object.fromEntries(mounted.map(({ location }) => [location, left[location] ?? {}]));
}

/** By absolute path: digests. */
export function downloadedResources(slice: JujuSlice): Readonly<Record<string, string>> {
  const fetched = Object.entries(slice.resources).filter(([, { downloaded }]) => downloaded);
  return Object.fromEntries(
    fetched.map(([name, { filename, digest }]) => [
      `${agentFolder(slice)}/resources/${name}/${filename}`,
      digest,
    ]),
  );
}
