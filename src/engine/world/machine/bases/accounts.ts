/**
 * Users and groups of Ubuntu's server images, before any charm is there.
 * Source: Debian's base-passwd for ids below 100; public listings of /etc/passwd on 22.04 and 24.04 servers for the
 * rest, whose ids depend on the order in which an image was made.
 * Not modelled: passwords (none is set).
 */

export type Release = '22.04' | '24.04';

const HOMES = '/home';
const NOLOGIN = '/usr/sbin/nologin';
/** The day since 1970 on which passwords were last changed. */
const CHANGED = { '22.04': 19_101, '24.04': 19_834 } as const;

/** name uid gid home (`~`: where homes are), then the shell unless it is nologin, `-` or the comment. */
const BOTH = `
root 0 0 /root /bin/bash root
daemon 1 1 /usr/sbin
bin 2 2 /bin
sys 3 3 /dev
sync 4 65534 /bin /bin/sync sync
games 5 60 /usr/games
man 6 12 /var/cache/man
lp 7 7 /var/spool/lpd
mail 8 8 /var/mail
news 9 9 /var/spool/news
uucp 10 10 /var/spool/uucp
proxy 13 13 /bin
www-data 33 33 /var/www
backup 34 34 /var/backups
list 38 38 /var/list ${NOLOGIN} Mailing List Manager
irc 39 39 /run/ircd ${NOLOGIN} ircd`;
const OWN: Readonly<Record<Release, string>> = {
  '22.04': `
gnats 41 41 /var/lib/gnats ${NOLOGIN} Gnats Bug-Reporting System (admin)
nobody 65534 65534 /nonexistent
_apt 100 65534 /nonexistent ${NOLOGIN} -
systemd-network 101 102 /run/systemd ${NOLOGIN} systemd Network Management,,,
systemd-resolve 102 103 /run/systemd ${NOLOGIN} systemd Resolver,,,
messagebus 103 104 /nonexistent ${NOLOGIN} -
systemd-timesync 104 105 /run/systemd ${NOLOGIN} systemd Time Synchronization,,,
pollinate 105 1 /var/cache/pollinate /bin/false -
sshd 106 65534 /run/sshd ${NOLOGIN} -
syslog 107 113 ~syslog ${NOLOGIN} -
uuidd 108 114 /run/uuidd ${NOLOGIN} -
tcpdump 109 115 /nonexistent ${NOLOGIN} -
tss 110 116 /var/lib/tpm /bin/false TPM software stack,,,
landscape 111 117 /var/lib/landscape ${NOLOGIN} -
fwupd-refresh 112 118 /run/systemd ${NOLOGIN} fwupd-refresh user,,,
ubuntu 1000 1000 ~ubuntu /bin/bash Ubuntu
lxd 999 100 /var/snap/lxd/common/lxd /bin/false -`,
  '24.04': `
_apt 42 65534 /nonexistent ${NOLOGIN} -
nobody 65534 65534 /nonexistent
systemd-network 998 998 / ${NOLOGIN} systemd Network Management
systemd-timesync 997 997 / ${NOLOGIN} systemd Time Synchronization
dhcpcd 100 65534 /usr/lib/dhcpcd /bin/false DHCP Client Daemon,,,
messagebus 101 102 /nonexistent ${NOLOGIN} -
systemd-resolve 992 992 / ${NOLOGIN} systemd Resolver
pollinate 102 1 /var/cache/pollinate /bin/false -
polkitd 991 991 / ${NOLOGIN} User for polkitd
syslog 103 104 /nonexistent ${NOLOGIN} -
uuidd 104 105 /run/uuidd ${NOLOGIN} -
tcpdump 105 107 /nonexistent ${NOLOGIN} -
tss 106 108 /var/lib/tpm /bin/false TPM software stack,,,
landscape 107 109 /var/lib/landscape ${NOLOGIN} -
fwupd-refresh 989 989 /var/lib/fwupd ${NOLOGIN} Firmware update daemon
usbmux 108 46 /var/lib/usbmux ${NOLOGIN} usbmux daemon,,,
sshd 109 65534 /run/sshd ${NOLOGIN} -
ubuntu 1000 1000 ~ubuntu /bin/bash Ubuntu`,
};

const GROUPS =
  'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 ' +
  'fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 ' +
  'irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534';
const OWN_GROUPS: Readonly<Record<Release, string>> = {
  '22.04':
    'gnats:41 systemd-journal:101 systemd-network:102 systemd-resolve:103 messagebus:104 systemd-timesync:105 ' +
    'input:106 sgx:107 kvm:108 render:109 lxd:110 _ssh:111 crontab:112 syslog:113 uuidd:114 tcpdump:115 tss:116 ' +
    'landscape:117 fwupd-refresh:118 netdev:119 ubuntu:1000',
  '24.04':
    'systemd-journal:999 systemd-network:998 systemd-timesync:997 input:996 sgx:995 kvm:994 render:993 ' +
    'messagebus:102 systemd-resolve:992 _ssh:103 polkitd:991 syslog:104 crontab:990 uuidd:105 rdma:106 tcpdump:107 ' +
    'tss:108 landscape:109 fwupd-refresh:989 netdev:110 lxd:111 ubuntu:1000',
};
/** Groups that the image's own user is in. */
const UBUNTU = ['adm', 'dialout', 'cdrom', 'floppy', 'sudo', 'audio', 'dip', 'video', 'plugdev'];

type User = { readonly name: string; readonly line: string };

function users(release: Release): readonly User[] {
  return `${BOTH}${OWN[release]}`
    .trim()
    .split('\n')
    .map((row) => {
      const [name = '', uid, gid, home = '', shell = NOLOGIN, ...words] = row.split(' ');
      const comment = words.join(' ') || name;
      const told = comment === '-' ? '' : comment;
      return {
        name,
        line: `${name}:x:${uid}:${gid}:${told}:${home.replace('~', `${HOMES}/`)}:${shell}\n`,
      };
    });
}

/** Texts of the files that say who there is, by path without a leading slash. */
export function accountTexts(release: Release): Readonly<Record<string, string>> {
  const all = users(release);
  const groups = `${GROUPS} ${OWN_GROUPS[release]}`.split(' ').map((one) => one.split(':'));
  const members = (name = ''): string => {
    if (UBUNTU.includes(name) || name === 'lxd') return name === 'adm' ? 'syslog,ubuntu' : 'ubuntu';
    return '';
  };
  const changed = CHANGED[release];
  return {
    'etc/passwd': all.map(({ line }) => line).join(''),
    'etc/group': groups.map(([name, gid]) => `${name}:x:${gid}:${members(name)}\n`).join(''),
    'etc/shadow': all
      .map(({ name }) => `${name}:${name === 'ubuntu' ? '!' : '*'}:${changed}:0:99999:7:::\n`)
      .join(''),
    'etc/gshadow': groups.map(([name]) => `${name}:*::${members(name)}\n`).join(''),
    'etc/subuid': 'ubuntu:100000:65536\n',
    'etc/subgid': 'ubuntu:100000:65536\n',
  };
}
