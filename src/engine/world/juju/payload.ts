/**
 * payload-register, payload-unregister and payload-status-set, which Juju 4 dropped. They write at once.
 * Source: juju jujuc/payload-*.go, runner/context/payloads, core/payloads, state/payloads.go.
 * The controller keeps one payload a class: it looks at the class alone, whatever id a command names.
 * Not modelled: a payload's labels.
 */
import type { Draft } from 'immer';
import { ok, quoted, refuse, unrecognised } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { agentFolder } from './environment.ts';
import type { JujuSlice } from './slice.ts';

const STATUSES: readonly string[] = ['running', 'starting', 'stopped', 'stopping'];

function ofClass(slice: JujuSlice | Draft<JujuSlice>, name: string): string | undefined {
  return Object.keys(slice.payloads).find((key) => key.slice(0, key.indexOf('/')) === name);
}

export const payloadRegister: HookCommand = {
  flags: {},
  run({ seen, charm, set }, parsed, request) {
    const [type, name, id] = parsed.rest;
    if (type === undefined || name === undefined || id === undefined) {
      return refuse(2, 'missing required arguments');
    }
    // It reads the metadata of the folder that it is run in.
    if (request.cwd !== `${agentFolder(seen)}/charm`) {
      return refuse(1, `open ${request.cwd}/metadata.yaml: no such file or directory`);
    }
    const declared = charm.payloads ?? {};
    const wanted = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (wanted === undefined) {
      return refuse(1, `payload ${quoted(name)} not found in metadata.yaml`);
    }
    if (wanted !== type) {
      const [given, payload, expected] = [type, name, wanted].map(quoted);
      return refuse(1, `incorrect type ${given} for payload ${payload}, expected ${expected}`);
    }
    if (id === '') return refuse(1, 'missing ID not valid');
    set((slice) => {
      const before = ofClass(slice, name);
      if (before !== undefined) delete slice.payloads[before];
      slice.payloads[`${name}/${id}`] = 'running';
    });
    return ok('');
  },
};

export const payloadUnregister: HookCommand = {
  flags: {},
  run({ seen, set }, parsed) {
    const [name, id, ...more] = parsed.rest;
    if (name === undefined || id === undefined) return refuse(2, 'missing required arguments');
    if (more.length > 0) return unrecognised(more);
    const key = ofClass(seen, name);
    if (key !== undefined) set((slice) => void delete slice.payloads[key]);
    return ok('');
  },
};

export const payloadStatusSet: HookCommand = {
  flags: {},
  run({ seen, set }, parsed) {
    const [name, id, status, ...more] = parsed.rest;
    if (name === undefined || id === undefined || status === undefined) {
      return refuse(2, 'missing required arguments');
    }
    if (more.length > 0) return unrecognised(more);
    if (!STATUSES.includes(status)) {
      const expected = STATUSES.map(quoted).join(', ');
      const message = `status ${quoted(status)} not supported; expected one of [${expected}]`;
      return refuse(1, message);
    }
    const key = ofClass(seen, name);
    if (key === undefined) return refuse(1, 'payload not found');
    set((slice) => void (slice.payloads[key] = status));
    return ok('');
  },
};
