/**
 * k8s-spec-set and -get, their older names pod-spec-*, and k8s-raw-set and -get, all of which Juju 4 dropped.
 * Source: juju jujuc/k8s-*.go, runner/context/context.go (SetPodSpec, addCommitHookChangesForCAAS),
 * apiserver uniter.go (GetPodSpec, setRawK8sSpecOperation), caas/kubernetes/provider/specs/types.go.
 * What is set lands on exit 0, and only then can it be read. On machines it is read, and dropped.
 * Not modelled: what a spec may have beside its version and its containers' names and images, --k8s-resources.
 */
import { load } from 'js-yaml';
import type { Problem } from '../../model/outcome.ts';
import { ok, refuse, unrecognised } from './arguments.ts';
import { leads, type HookCommand, type HookContext } from './command.ts';
import type { JujuSlice } from './slice.ts';
import { fileInput } from './state-file.ts';

const VERSION_MAX = 3;
const NOT_KUBERNETES = 'called CAASModel() on a non-CAAS Model not supported';
const NOT_LEADER = 'this unit is not the leader';

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function containerProblem(container: unknown): string | null {
  const { name, image, imageDetails } = isMapping(container) ? container : {};
  if (!name) return 'spec name is missing';
  const path = isMapping(imageDetails) ? imageDetails['imagePath'] : undefined;
  return image || path ? null : 'spec image details is missing';
}

/** Why Juju takes no such spec; null when it does. `undefined`: the text is no YAML mapping. */
function specProblem(text: string): string | null | undefined {
  let spec: unknown;
  try {
    spec = load(text);
  } catch {
    return undefined;
  }
  if (!isMapping(spec)) return undefined;
  const { version = 0, containers } = spec;
  if (![0, 2, VERSION_MAX].includes(Number(version))) {
    return `latest supported version ${VERSION_MAX}, but got podspec version ${String(version)}`;
  }
  const list = Array.isArray(containers) ? containers : [];
  if (list.length === 0) return 'require at least one container spec';
  return list.map(containerProblem).find((problem) => problem !== null) ?? null;
}

export const k8sSpecSet: HookCommand = {
  flags: { file: { kind: 'text' }, 'k8s-resources': { kind: 'text' } },
  run(context, parsed, request) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const {
      argv: [name = ''],
    } = request;
    if (parsed.text['k8s-resources'])
      return { kind: 'unsupported', what: `${name} --k8s-resources` };
    const spec = fileInput(name, parsed.text['file'] ?? '-', request);
    if (spec.kind !== 'text') return spec;
    if (spec.text === '') {
      const how = 'pipe k8s spec to command, or specify a file with --file';
      return refuse(1, `no k8s spec specified: ${how}`);
    }
    if (!leads(context)) return refuse(1, NOT_LEADER);
    const problem = specProblem(spec.text);
    if (problem === undefined) {
      return { kind: 'unsupported', what: `${name} with what is no YAML mapping` };
    }
    if (problem !== null) return refuse(1, problem);
    if (context.seen.model.type === 'kubernetes') bufferSpec(context, spec.text);
    return ok('');
  },
};

function bufferSpec({ buffer }: HookContext, spec: string): void {
  buffer((slice) => {
    if (slice.hook && slice.hook.specBefore === undefined) slice.hook.specBefore = slice.podSpec;
    slice.podSpec = spec;
  });
}

/** What the controller has: not yet what this hook has set. */
function committedSpec({ hook, podSpec }: JujuSlice): string | null {
  return hook?.specBefore === undefined ? podSpec : hook.specBefore;
}

export const k8sSpecGet: HookCommand = {
  flags: {},
  run({ seen }, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    if (seen.model.type !== 'kubernetes') return refuse(1, NOT_KUBERNETES);
    const spec = committedSpec(seen);
    return spec === null ? refuse(1, `podspec for application ${seen.app} not found`) : ok(spec);
  },
};

export const k8sRawSet: HookCommand = {
  flags: { file: { kind: 'text' } },
  run(context, parsed, request) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const spec = fileInput('k8s-raw-set', parsed.text['file'] ?? '-', request);
    if (spec.kind !== 'text') return spec;
    if (spec.text === '') {
      const how = 'pipe k8s raw spec to command, or specify a file with --file';
      return refuse(1, `no k8s raw spec specified: ${how}`);
    }
    if (!leads(context)) return refuse(1, NOT_LEADER);
    context.buffer((slice) => {
      if (slice.hook) slice.hook.rawSpec = spec.text;
    });
    return ok('');
  },
};

/** No controller has one, as none that is not told to by a feature flag takes it. */
export const k8sRawGet: HookCommand = {
  flags: {},
  run({ seen }, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    if (seen.model.type !== 'kubernetes') return refuse(1, NOT_KUBERNETES);
    const known = committedSpec(seen) !== null;
    return known ? ok('') : refuse(1, `raw k8s spec for application ${seen.app} not found`);
  },
};

/** What the agent and the controller have against the specs that a hook has set. */
export function commitProblems(_kept: JujuSlice, seen: JujuSlice): readonly Problem[] {
  const { hook, model, leader } = seen;
  const [pod, raw] = [hook?.specBefore !== undefined, hook?.rawSpec !== undefined];
  if (model.type !== 'kubernetes' || (!pod && !raw)) return [];
  if (pod && raw) {
    const either =
      'either k8s-spec-set or k8s-raw-set can be run for each application, but not both';
    return [{ message: either }];
  }
  if (!leader) return [{ message: NOT_LEADER }];
  return raw
    ? [
        {
          message:
            'cannot apply changes: feature flag "raw-k8s-spec" is required for setting raw k8s spec',
        },
      ]
    : [];
}
