/** Programs of the machine that are simulated and are no package's tools, by name. */
import type { Program } from './program.ts';
import { chpasswd, chsh, passwd } from './passwd.ts';
import { systemctl } from './systemctl.ts';
import { useradd } from './user-add.ts';
import { addgroup, adduser, delgroup, deluser } from './user-adduser.ts';
import { usermod } from './user-change.ts';
import { userdel } from './user-delete.ts';
import { gpasswd, groupadd, groupdel, groupmod } from './user-groups.ts';

export const PROGRAMS: Readonly<Record<string, Program>> = {
  addgroup,
  adduser,
  chpasswd,
  chsh,
  delgroup,
  deluser,
  gpasswd,
  groupadd,
  groupdel,
  groupmod,
  passwd,
  systemctl,
  useradd,
  userdel,
  usermod,
};
