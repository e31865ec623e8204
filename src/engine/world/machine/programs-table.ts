/** Programs of the machine that are simulated and are no package's tools, by name. */
import type { Program } from './program.ts';
import { chpasswd, chsh, passwd } from './passwd.ts';
import { crontab } from './cron.ts';
import { ufw } from './firewall.ts';
import { updateCaCertificates } from './host-certificates.ts';
import { hostname, hostnamectl, timedatectl } from './host-name.ts';
import { nproc, systemdDetectVirt, uptime } from './host-facts.ts';
import { ss } from './host-sockets.ts';
import { journalctl } from './journalctl.ts';
import { jujud } from './juju-agent.ts';
import { uname } from './kernel.ts';
import { lsbRelease } from './lsb-release.ts';
import { REFUSED_PROGRAMS } from './programs-refused.ts';
import { service } from './service-script.ts';
import { sysctl } from './sysctl.ts';
import { systemctl } from './systemctl.ts';
import { useradd } from './user-add.ts';
import { addgroup, adduser } from './user-adduser.ts';
import { usermod } from './user-change.ts';
import { delgroup, deluser } from './user-deluser.ts';
import { userdel } from './user-delete.ts';
import { gpasswd, groupadd, groupdel, groupmod } from './user-groups.ts';

export const PROGRAMS: Readonly<Record<string, Program>> = {
  ...REFUSED_PROGRAMS,
  addgroup,
  adduser,
  chpasswd,
  chsh,
  crontab,
  delgroup,
  deluser,
  gpasswd,
  groupadd,
  groupdel,
  groupmod,
  hostname,
  hostnamectl,
  journalctl,
  jujud,
  lsb_release: lsbRelease,
  nproc,
  passwd,
  service,
  ss,
  sysctl,
  systemctl,
  'systemd-detect-virt': systemdDetectVirt,
  timedatectl,
  ufw,
  uname,
  'update-ca-certificates': updateCaCertificates,
  uptime,
  useradd,
  userdel,
  usermod,
};
