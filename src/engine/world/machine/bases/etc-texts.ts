/**
 * Configuration that Ubuntu's server images have, as far as charms look at it.
 * Source: files of base-files, apt, adduser, login, sudo, libpam-runtime, systemd and libc-bin, in the meaning they
 * have there; comments are left out.
 * Not modelled: names that DNS would know, as there is no network; what else is under /etc; modules of PAM beyond
 * those that say yes to root.
 */
import type { Release } from './accounts.ts';

const NAMES = {
  '22.04': { codename: 'jammy', name: 'Jammy Jellyfish', point: '22.04.5', debian: 'bookworm/sid' },
  '24.04': { codename: 'noble', name: 'Noble Numbat', point: '24.04.3', debian: 'trixie/sid' },
} as const;
const ARCHIVE = 'http://archive.ubuntu.com/ubuntu';
const SECURITY = 'http://security.ubuntu.com/ubuntu';
const COMPONENTS = 'main restricted universe multiverse';
const KEYRING = '/usr/share/keyrings/ubuntu-archive-keyring.gpg';

function osRelease(release: Release): string {
  const { codename, name, point } = NAMES[release];
  return `PRETTY_NAME="Ubuntu ${point} LTS"
NAME="Ubuntu"
VERSION_ID="${release}"
VERSION="${point} LTS (${name})"
VERSION_CODENAME=${codename}
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=${codename}
${release === '24.04' ? 'LOGO=ubuntu-logo\n' : ''}`;
}

function sources(release: Release): Readonly<Record<string, string>> {
  const { codename } = NAMES[release];
  if (release === '22.04') {
    const suites = [codename, `${codename}-updates`, `${codename}-backports`];
    const lines = suites.map((suite) => `deb ${ARCHIVE} ${suite} ${COMPONENTS}\n`);
    const security = `deb ${SECURITY} ${codename}-security ${COMPONENTS}\n`;
    return { 'etc/apt/sources.list': `${lines.join('')}${security}` };
  }
  const stanza = (address: string, suites: string): string =>
    `Types: deb\nURIs: ${address}/\nSuites: ${suites}\nComponents: ${COMPONENTS}\nSigned-By: ${KEYRING}\n`;
  const own = `${codename} ${codename}-updates ${codename}-backports`;
  return {
    'etc/apt/sources.list.d/ubuntu.sources': `${stanza(ARCHIVE, own)}\n${stanza(SECURITY, `${codename}-security`)}`,
  };
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const PERMIT = ['auth', 'account', 'session'].map((kind) => `${kind} required pam_permit.so\n`);

/** Texts by path without a leading slash; all of mode 0644 and root's. */
export function etcTexts(release: Release): Readonly<Record<string, string>> {
  const { codename, point, debian } = NAMES[release];
  return {
    ...sources(release),
    'etc/os-release': osRelease(release),
    'usr/lib/os-release': osRelease(release),
    'etc/lsb-release':
      `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${release}\nDISTRIB_CODENAME=${codename}\n` +
      `DISTRIB_DESCRIPTION="Ubuntu ${point} LTS"\n`,
    'etc/debian_version': `${debian}\n`,
    'etc/issue': `Ubuntu ${point} LTS \\n \\l\n\n`,
    'etc/issue.net': `Ubuntu ${point} LTS\n`,
    'etc/adduser.conf': 'DSHELL=/bin/bash\nDHOME=/home\nSKEL=/etc/skel\nUSERGROUPS=yes\n',
    'etc/apt/apt.conf.d/20auto-upgrades':
      'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
    'etc/bash.bashrc': '',
    'etc/crontab': `SHELL=/bin/sh\nPATH=${PATH}\n\n17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n`,
    'etc/default/locale': 'LANG=C.UTF-8\n',
    'etc/default/grub':
      'GRUB_DEFAULT=0\nGRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX_DEFAULT=""\nGRUB_CMDLINE_LINUX=""\n',
    'etc/environment': `PATH="${PATH}:/usr/games:/usr/local/games:/snap/bin"\n`,
    'etc/fstab': 'LABEL=cloudimg-rootfs\t/\t ext4\tdiscard,errors=remount-ro\t0 1\n',
    'etc/host.conf': 'multi on\n',
    'etc/hosts.allow': '',
    'etc/hosts.deny': '',
    'etc/ld.so.preload': '',
    'etc/login.defs':
      'MAIL_DIR\t/var/mail\nUID_MIN\t1000\nUID_MAX\t60000\nSYS_UID_MIN\t100\nSYS_UID_MAX\t999\nGID_MIN\t1000\n' +
      'GID_MAX\t60000\nSYS_GID_MIN\t100\nSYS_GID_MAX\t999\nUMASK\t022\nHOME_MODE\t0750\nENCRYPT_METHOD SHA512\n' +
      'SUB_UID_MIN\t100000\nSUB_UID_COUNT\t65536\nSUB_GID_MIN\t100000\nSUB_GID_COUNT\t65536\nUSERGROUPS_ENAB yes\n',
    'etc/logrotate.conf': 'weekly\nsu root adm\nrotate 4\ncreate\ninclude /etc/logrotate.d\n',
    'etc/modules': '',
    'etc/netplan/50-cloud-init.yaml':
      'network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n',
    'etc/nsswitch.conf':
      'passwd: files systemd\ngroup: files systemd\nshadow: files\ngshadow: files\n\n' +
      'hosts: files\nnetworks: files\n\n' +
      'protocols: db files\nservices: db files\nethers: db files\nrpc: db files\n\nnetgroup: nis\n',
    'etc/pam.d/other': PERMIT.join(''),
    'etc/pam.d/su': PERMIT.join(''),
    'etc/pam.d/sudo': PERMIT.join(''),
    'etc/pam.d/runuser': PERMIT.join(''),
    'etc/profile':
      'if [ -d /etc/profile.d ]; then\n  for i in /etc/profile.d/*.sh; do\n' +
      '    [ -r "$i" ] && . "$i"\n  done\n  unset i\nfi\n',
    'etc/resolv.conf': 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch lxd\n',
    'etc/rsyslog.conf': 'module(load="imuxsock")\n$IncludeConfig /etc/rsyslog.d/*.conf\n',
    'etc/security/limits.conf': '',
    'etc/shells':
      '/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/sh\n/bin/dash\n/usr/bin/dash\n',
    'etc/skel/.bash_logout': '',
    'etc/skel/.bashrc': '',
    'etc/skel/.profile': 'mesg n 2> /dev/null || true\n',
    'etc/ssh/sshd_config':
      'Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\n' +
      'X11Forwarding yes\nPrintMotd no\n' +
      'AcceptEnv LANG LC_*\nSubsystem\tsftp\t/usr/lib/openssh/sftp-server\n',
    'etc/sysctl.conf': '',
    'etc/timezone': 'Etc/UTC\n',
    'etc/ufw/ufw.conf': 'ENABLED=no\nLOGLEVEL=low\n',
  };
}
