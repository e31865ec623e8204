/**
 * resource-get: the path of a resource's file, which it brings to the unit at once; it stays when the hook fails.
 * Source: juju jujuc/resource-get.go, runner/context/resources, internal/resource/opener.go, state/resources.go.
 * Not modelled: a file that the charm removed or changed after it was brought, a charm's publisher who withdraws one.
 */
import type { Charm } from '../../model/charm.ts';
import { ok, quoted, refuse, unrecognised } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { agentFolder } from './environment.ts';
import { goYaml } from './go-yaml.ts';
import type { JujuSlice, Resource } from './slice.ts';
import { isJuju4 } from './version.ts';

const CONTROLLER = '192.0.2.100:17070';

/** Where the unit's agent keeps a resource. */
export function resourcePath(
  slice: Pick<JujuSlice, 'app' | 'unit'>,
  name: string,
  { kind, filename }: Pick<Resource, 'kind' | 'filename'>,
): string {
  const file = kind === 'oci-image' ? 'content.yaml' : filename;
  return `${agentFolder(slice)}/resources/${name}/${file}`;
}

/** The file of an image's resource: where it is, and who may have it. */
export function imageContent(
  registrypath: string,
  { username = '', password = '' }: { username?: string; password?: string } = {},
): string {
  return `${goYaml({ registrypath, username, password }, { ordered: true })}\n`;
}

/** The controller's answer for what it has not: an unknown name, or a file that nobody gave. */
function absent(slice: JujuSlice, charm: Charm, name: string): string {
  const url = `https://${CONTROLLER}/model/${slice.model.uuid}/units/unit-${slice.app}-${slice.unit}/resources/${name}`;
  const request = `could not download resource: HTTP request failed: Get ${url}`;
  const declared = Object.hasOwn(charm.resources, name);
  if (isJuju4(slice)) {
    return declared
      ? `${request}: getting resource from charmhub: resource ${quoted(name)} not found`
      : `${request}: getting UUID of resource ${name} for application ${slice.app}: resource not found`;
  }
  return declared
    ? `${request}: while getting resource from charmhub: resource ${quoted(name)} not found`
    : `${request}: resource#${slice.app}/${name} not found`;
}

export const resourceGet: HookCommand = {
  flags: {},
  run({ seen, charm, blobs, set }, parsed) {
    const [name, ...more] = parsed.rest;
    if (name === undefined) return refuse(2, 'missing required resource name');
    if (more.length > 0) return unrecognised(more);
    const resource = Object.hasOwn(seen.resources, name) ? seen.resources[name] : undefined;
    if (!resource) return refuse(1, absent(seen, charm, name));
    const path = resourcePath(seen, name, resource);
    if (resource.downloaded) return ok(path);
    set((slice) => {
      const own = slice.resources[name];
      if (own) own.downloaded = true;
    });
    return { ...ok(path), files: [{ path, bytes: blobs.get(resource.digest), parents: true }] };
  },
};
