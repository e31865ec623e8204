"""The files under /etc and /proc that tell about the machine: the State's machine, not the host.

Source: Ubuntu 22.04's base-files; proc(5) for the shape of cpuinfo and meminfo.
"""

# What interpreters and TLS need to work, and nothing that tells who uses this host.
ETC_FROM_HOST = (
    'ld.so.cache',
    'ld.so.conf',
    'ld.so.conf.d',
    'alternatives',
    'ssl',
    'ca-certificates',
    'ca-certificates.conf',
    'pki',
    'mime.types',
    'protocols',
    'services',
    'perl',
)

OS_RELEASE = """PRETTY_NAME="Ubuntu 22.04.5 LTS"
NAME="Ubuntu"
VERSION_ID="22.04"
VERSION="22.04.5 LTS (Jammy Jellyfish)"
VERSION_CODENAME=jammy
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=jammy
"""
LSB_RELEASE = """DISTRIB_ID=Ubuntu
DISTRIB_RELEASE=22.04
DISTRIB_CODENAME=jammy
DISTRIB_DESCRIPTION="Ubuntu 22.04.5 LTS"
"""
USERS = (
    ('root', 0, '/root', '/bin/bash'),
    ('daemon', 1, '/usr/sbin', '/usr/sbin/nologin'),
    ('bin', 2, '/bin', '/usr/sbin/nologin'),
    ('sys', 3, '/dev', '/usr/sbin/nologin'),
    ('mail', 8, '/var/mail', '/usr/sbin/nologin'),
    ('www-data', 33, '/var/www', '/usr/sbin/nologin'),
    ('nobody', 65534, '/nonexistent', '/usr/sbin/nologin'),
)
GROUPS = (
    ('root', 0),
    ('daemon', 1),
    ('bin', 2),
    ('sys', 3),
    ('adm', 4),
    ('tty', 5),
    ('mail', 8),
    ('sudo', 27),
    ('www-data', 33),
    ('shadow', 42),
    ('nogroup', 65534),
)


def made_etc():
    """Texts by path under /etc. `hostname` and `hosts` are empty here: they are the job's."""
    passwd = ''.join(
        f'{name}:x:{uid}:{uid}:{name}:{home}:{shell}\n' for name, uid, home, shell in USERS
    )
    return {
        'os-release': OS_RELEASE,
        'lsb-release': LSB_RELEASE,
        'debian_version': 'bookworm/sid\n',
        'passwd': passwd,
        'group': ''.join(f'{name}:x:{gid}:\n' for name, gid in GROUPS),
        'nsswitch.conf': 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n',
        'resolv.conf': '',
        'hostname': '',
        'hosts': '',
        'profile': '',
        'bash.bashrc': '',
        'timezone': 'Etc/UTC\n',
        'shells': '/bin/sh\n/bin/bash\n',
    }


def names_of(cpus):
    return [f'cpu{number}' for number in range(cpus)]


def machine_files(machine):
    """Texts that tell of one machine of the State, by name."""
    name, cpus, kib = machine['hostname'], machine['cpus'], machine['memoryMiB'] * 1024
    kernel = machine['kernel']
    processors = [
        f'processor\t: {number}\nvendor_id\t: GenuineIntel\nmodel name\t: Playbill virtual CPU\n'
        f'cpu MHz\t\t: 2000.000\nphysical id\t: 0\nsiblings\t: {cpus}\ncore id\t\t: {number}\n'
        f'cpu cores\t: {cpus}\nflags\t\t: fpu sse sse2\n\n'
        for number in range(cpus)
    ]
    rows = (
        ('MemTotal', kib),
        ('MemFree', kib * 3 // 4),
        ('MemAvailable', kib * 7 // 8),
        ('Buffers', 0),
        ('Cached', kib // 8),
        ('SwapCached', 0),
        ('SwapTotal', 0),
        ('SwapFree', 0),
    )
    return {
        'hostname': f'{name}\n',
        'hosts': f'127.0.0.1 localhost\n127.0.1.1 {name}\n::1 localhost ip6-localhost\n',
        'cpuinfo': ''.join(processors),
        'version': 'Linux version {release} (buildd@ubuntu) {version}\n'.format(**kernel),
        'cmdline': f'BOOT_IMAGE=/boot/vmlinuz-{kernel["release"]} root=LABEL=cloudimg-rootfs ro\n',
        'loadavg': '0.00 0.00 0.00 1/100 1\n',
        'stat': ''.join(f'{cpu} 0 0 0 60000 0 0 0 0 0 0\n' for cpu in ('cpu', *names_of(cpus)))
        + 'intr 0\nctxt 0\nbtime 1767225000\nprocesses 1\nprocs_running 1\nprocs_blocked 0\n',
        'uptime': f'600.00 {600 * cpus}.00\n',
        'kernel-release': f'{kernel["release"]}\n',
        'kernel-version': f'{kernel["version"]}\n',
        'meminfo': ''.join(f'{label + ":":<16}{value:>8} kB\n' for label, value in rows),
    }
