/**
 * Why a sandbox could not be made on this host, in the author's words, with what would allow it.
 */
import { readFileSync } from 'node:fs';
import { Mistake } from '../model/mistake.ts';
import type { RefusedFrame } from './control-frames.ts';

const LAST_RESORT =
  'With --no-sandbox the charm runs bare: only for charms you trust, on a machine you can lose.';

/** Kernel settings that forbid user namespaces, the value that forbids, and how to allow them. */
const SETTINGS = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    why: 'AppArmor forbids unprivileged user namespaces here (Ubuntu 23.10 and newer)',
    hint: 'Allow them with: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    why: 'this kernel forbids unprivileged user namespaces',
    hint: 'Allow them with: sudo sysctl kernel.unprivileged_userns_clone=1',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    forbids: '0',
    why: 'this kernel allows no user namespaces',
    hint: 'Allow them with: sudo sysctl user.max_user_namespaces=10000',
  },
] as const;

/** The host does not let a sandbox be made at all: there is a lower rung. */
export class NoNamespaces extends Mistake {}

export type SettingReader = (file: string) => string | null;

function readSetting(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

/** The Mistake for a refused step. `setting` reads a kernel setting, null where there is none. */
export function sandboxRefusal(frame: RefusedFrame, setting: SettingReader = readSetting): Mistake {
  const found = SETTINGS.find(({ file, forbids }) => setting(file) === forbids);
  if (found && frame.step !== 'interpreter') {
    return new NoNamespaces(`no sandbox can be made: ${found.why} (${frame.message})`, {
      hint: found.hint,
    });
  }
  const hint =
    frame.step === 'interpreter'
      ? 'Name an interpreter that was installed as a whole with --python PATH.'
      : 'In a container, start it with user namespaces allowed, for example ' +
        `docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined. ${LAST_RESORT}`;
  const Refusal = frame.step === 'interpreter' ? Mistake : NoNamespaces;
  return new Refusal(`no sandbox can be made: ${frame.message}`, { hint });
}
