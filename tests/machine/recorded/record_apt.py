"""Records what the real apt and dpkg answer, in a root of its own that is thrown away.

    unshare --mount --net --pid --fork --uts python3 tests/machine/recorded/record_apt.py OUT

Below is this host's root, read-only; its package database is replaced by one with a single package, its archive by one
of made packages, served on the loopback of an empty network. Run as root, in a container or virtual machine.
"""

import functools
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading

TOP = '/tmp/playbill-record'
ROOT = f'{TOP}/root'
WWW = f'{TOP}/www'
STATUS = """Package: pb-base
Essential: yes
Status: install ok installed
Priority: required
Section: admin
Installed-Size: 10
Maintainer: Nobody <nobody@example.org>
Architecture: amd64
Version: 1.0
Description: what is there before
 It does nothing.

"""
PACKAGES = (
    ('pb-lib', '2.0-1', 'all', '', {}, 'a library'),
    ('pb-extra', '0.5', 'all', '', {}, 'something recommended'),
    (
        'pb-tool',
        '1.0-1',
        'amd64',
        'Depends: pb-lib (>= 1.5)\nRecommends: pb-extra\n',
        {'/etc/pb-tool.conf': 'old\n', '/usr/bin/pb-tool': '#!/bin/sh\n'},
        'a tool',
    ),
    (
        'pb-tool',
        '1.1-1',
        'amd64',
        'Depends: pb-lib (>= 1.5)\nRecommends: pb-extra\n',
        {'/etc/pb-tool.conf': 'new\n', '/usr/bin/pb-tool': '#!/bin/sh\n'},
        'a tool',
    ),
    ('pb-broken', '1.0', 'all', 'Depends: pb-nowhere\n', {}, 'cannot be installed'),
    ('pb-rival', '1.0', 'all', 'Conflicts: pb-tool\n', {}, 'cannot be beside pb-tool'),
    ('pb-mail', '1.0', 'all', 'Provides: pb-agent\n', {}, 'provides an agent'),
    ('pb-local', '3.0', 'all', 'Depends: pb-lib\n', {'/usr/share/pb-local': 'x\n'}, 'a file'),
)


def sh(*argv):
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)


def build(name, version, arch, fields, files, description):
    tree = f'{TOP}/build/{name}_{version}'
    os.makedirs(f'{tree}/DEBIAN')
    for path, text in files.items():
        os.makedirs(os.path.dirname(tree + path), exist_ok=True)
        with open(tree + path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(tree + path, 0o755 if path.startswith('/usr/bin') else 0o644)
    conffiles = ''.join(f'{path}\n' for path in files if path.startswith('/etc/'))
    if conffiles:
        with open(f'{tree}/DEBIAN/conffiles', 'w', encoding='utf-8') as file:
            file.write(conffiles)
    control = (
        f'Package: {name}\nVersion: {version}\nArchitecture: {arch}\n'
        'Maintainer: Nobody <nobody@example.org>\nInstalled-Size: 12\n'
        f'{fields}Section: utils\nPriority: optional\n'
        f'Description: {description}\n It does nothing.\n'
    )
    with open(f'{tree}/DEBIAN/control', 'w', encoding='utf-8') as file:
        file.write(control)
    folder = f'{TOP}/local' if name == 'pb-local' else f'{WWW}/ubuntu/pool'
    os.makedirs(folder, exist_ok=True)
    sh('dpkg-deb', '--root-owner-group', '-b', tree, f'{folder}/{name}_{version}_{arch}.deb')


def archive():
    for package in PACKAGES:
        build(*package)
    dist = f'{WWW}/ubuntu/dists/jammy'
    os.makedirs(f'{dist}/main/binary-amd64')
    made = subprocess.run(
        ['dpkg-scanpackages', '--multiversion', 'pool'],
        cwd=f'{WWW}/ubuntu',
        check=True,
        capture_output=True,
    ).stdout
    with open(f'{dist}/main/binary-amd64/Packages', 'wb') as file:
        file.write(made)
    with open(f'{dist}/Release', 'w', encoding='utf-8') as file:
        file.write(
            'Origin: Ubuntu\nLabel: Ubuntu\nSuite: jammy\nVersion: 22.04\nCodename: jammy\n'
            'Date: Thu, 21 Apr 2022 17:16:08 UTC\nArchitectures: amd64\nComponents: main\n'
            f'SHA256:\n {hashlib.sha256(made).hexdigest()} {len(made)} main/binary-amd64/Packages\n'
        )


def lay_root():
    for name in ('upper', 'work', 'root'):
        os.makedirs(f'{TOP}/{name}')
    sh('mount', '-t', 'tmpfs', 'tmpfs', f'{TOP}/upper')
    os.makedirs(f'{TOP}/upper/u')
    os.makedirs(f'{TOP}/upper/w')
    options = f'lowerdir=/,upperdir={TOP}/upper/u,workdir={TOP}/upper/w'
    sh('mount', '-t', 'overlay', 'overlay', '-o', options, ROOT)
    sh('mount', '-t', 'proc', 'proc', f'{ROOT}/proc')
    sh('mount', '--bind', '/dev', f'{ROOT}/dev')
    sh('mkdir', '-p', f'{ROOT}/dev/pts')
    sh('mount', '-t', 'devpts', 'devpts', f'{ROOT}/dev/pts', '-o', 'newinstance,ptmxmode=0666')
    sh('mount', '--bind', f'{ROOT}/dev/pts/ptmx', f'{ROOT}/dev/ptmx')
    for folder in ('/var/lib/dpkg', '/var/lib/apt', '/var/cache/apt', '/etc/apt', '/local'):
        sh('rm', '-rf', f'{ROOT}{folder}')
    for folder in (
        '/var/lib/dpkg/info',
        '/var/lib/dpkg/updates',
        '/var/lib/dpkg/alternatives',
        '/var/lib/apt/lists/partial',
        '/var/cache/apt/archives/partial',
        '/etc/apt/apt.conf.d',
        '/etc/apt/preferences.d',
        '/etc/apt/trusted.gpg.d',
        '/etc/apt/sources.list.d',
        '/local',
    ):
        os.makedirs(ROOT + folder)
    for path, text in {
        '/var/lib/dpkg/status': STATUS,
        '/var/lib/dpkg/available': '',
        '/var/lib/dpkg/info/pb-base.list': '/.\n',
        '/etc/apt/sources.list': 'deb [trusted=yes] http://archive.ubuntu.com/ubuntu jammy main\n',
        '/etc/hosts': '127.0.0.1 archive.ubuntu.com localhost\n',
        '/etc/apt/apt.conf.d/10made': 'APT::Sandbox::User "root";\n',
    }.items():
        with open(ROOT + path, 'w', encoding='utf-8') as file:
            file.write(text)
    sh('cp', '-r', f'{TOP}/local/.', f'{ROOT}/local')


STRIPPED = (
    (r'\(Reading database[^)]*\)', '(Reading database)'),
    (r'\(Reading database[^)]*installed\.', '(Reading database)'),
    (r'Fetched .*', 'Fetched'),
    (r'(?m)^Get:\d+ .*\n', ''),
    (r'Need to get .*', 'Need to get'),
    (r'After this operation, .*', 'After this operation'),
)


def recorded(argv, env=None, stdin=''):
    done = subprocess.run(
        ['chroot', ROOT, *argv],
        input=stdin,
        text=True,
        capture_output=True,
        env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'DEBIAN_FRONTEND': 'noninteractive'}
        | (env or {}),
    )
    out = done.stdout
    for pattern, replacement in STRIPPED:
        out = re.sub(pattern, replacement, out)
    return {
        'argv': list(argv),
        **({'stdin': stdin} if stdin else {}),
        'code': done.returncode,
        'stdout': out,
        'stderr': done.stderr,
    }


STEPS = """
apt-get update
apt-cache policy pb-tool
apt-cache policy pb-none
apt-cache show pb-lib
apt-cache show pb-none
apt-cache show pb-tool=1.0-1
apt-cache madison pb-tool
apt-cache depends pb-tool
apt-cache search pb-
apt-cache pkgnames pb-t
dpkg -s pb-tool
dpkg -l pb-tool
dpkg -L pb-tool
dpkg -S /usr/bin/pb-tool
dpkg-query -W pb-tool
apt-get install -y pb-none
apt-get install -y pb-none pb-lib
apt-get install -y pb-broken
apt-get install -y pb-agent
apt-get install pb-tool
apt-get install -y pb-tool=9.9
apt-get install -y pb-tool/noble
apt-get install -y --no-install-recommends pb-tool=1.0-1
dpkg -l pb-tool
dpkg -l pb-*
dpkg -s pb-tool
dpkg -L pb-tool
dpkg -S /usr/bin/pb-tool
dpkg -S pb-tool.conf
dpkg-query -W pb-tool
dpkg-query -W -f=${Package}\\t${Version}\\t${Status}\\t${db:Status-Abbrev}\\n pb-tool pb-lib
dpkg-query -W -f ${binary:Package;12}|${Architecture;-8}|${Maintainer}\\n pb-tool
dpkg-query -W pb-none
apt-cache policy pb-tool
apt-mark showauto
apt-mark showmanual
apt list --installed
apt list --upgradable
apt-get install -y pb-tool
dpkg -s pb-tool
apt-get install -y pb-tool
apt-get install -y --reinstall pb-lib
apt-get upgrade -y
apt-mark hold pb-tool
apt-mark hold pb-tool
apt-mark showhold
dpkg -l pb-tool
dpkg --get-selections
apt-get install -y pb-tool=1.0-1
apt-get remove -y pb-tool
apt-mark unhold pb-tool
apt-mark auto pb-tool
apt-mark manual pb-tool
apt-mark manual pb-none
apt-get install -y --allow-downgrades pb-tool=1.0-1
apt-get install -y pb-tool=1.1-1
apt-get install -y pb-rival
apt-get remove -y pb-rival
apt-get install -y pb-tool
apt-get remove -y pb-tool
dpkg -l pb-tool
dpkg -s pb-tool
dpkg -L pb-tool
dpkg-query -W pb-tool
dpkg-query -W -f=${Status}\\n pb-tool
apt-get remove -y pb-tool
apt-cache policy pb-tool
apt-get purge -y pb-tool
dpkg -l pb-tool
apt-get autoremove -y
apt-get autoremove -y
apt-get purge -y pb-none
apt-get remove -y pb-base
apt-get clean
apt-get check
dpkg -i /local/pb-local_3.0_all.deb
dpkg -s pb-local
apt-get install -f -y
dpkg -i /local/nothing.deb
apt-get install -y /local/pb-local_3.0_all.deb
dpkg -r pb-lib
dpkg -P pb-local
dpkg -r pb-local
dpkg --configure -a
dpkg --print-architecture
dpkg --print-foreign-architectures
dpkg --get-selections pb-*
dpkg --audit
dpkg --compare-versions 1.0 lt 1.1
dpkg --compare-versions 1.0 gt 1.1
dpkg --compare-versions 1.0~rc1 lt 1.0
dpkg --compare-versions 1:0.9 gt 2.0
dpkg --compare-versions 1.0 foo 1.1
apt-get install -y pb-lib --dry-run
apt-get -s remove pb-lib
apt-get -qq install -y pb-extra
apt-get -q install -y pb-mail
!echo kept > /etc/pb-tool.conf
apt-get install -y --no-install-recommends pb-tool=1.0-1
apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold pb-tool=1.0-1
cat /etc/pb-tool.conf
apt-get install -y --no-install-recommends --option=Dpkg::Options::=--force-confold pb-tool
apt-get purge -y --auto-remove pb-tool
!echo kept > /etc/pb-tool.conf
apt-get install -y --no-install-recommends pb-tool=1.0-1
dpkg -s pb-tool
!cat /etc/pb-tool.conf
apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold pb-tool=1.0-1
!cat /etc/pb-tool.conf
!ls /etc/pb-tool.conf*
apt-get install -y --no-install-recommends --option=Dpkg::Options::=--force-confdef --option=Dpkg::Options::=--force-confnew pb-tool
!cat /etc/pb-tool.conf
!ls /etc/pb-tool.conf*
apt-get purge -y --auto-remove pb-tool
!ls /etc/pb-tool.conf*
apt-get -y install pb-tool pb-extra-
apt-get -y install pb-tool pb-lib
apt-get dist-upgrade -y
apt-get install -y pb-t.*
apt-get frobnicate
apt-get --frobnicate install x
apt-cache frobnicate
dpkg --frobnicate
apt-get
apt-mark frobnicate
"""


def main(out):
    sh('mount', '--make-rprivate', '/')
    sh('rm', '-rf', TOP)
    os.makedirs(TOP)
    sh('ip', 'link', 'set', 'lo', 'up')
    archive()
    lay_root()
    quiet = type('Quiet', (http.server.SimpleHTTPRequestHandler,), {'log_message': lambda *_: None})
    server = http.server.ThreadingHTTPServer(
        ('127.0.0.1', 80), functools.partial(quiet, directory=WWW)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    versions = [
        subprocess.run([name, '--version'], text=True, capture_output=True).stdout.splitlines()[0]
        for name in ('apt-get', 'dpkg')
    ]
    steps = []
    for line in STEPS.strip().splitlines():
        argv = ['sh', '-c', line[1:]] if line[0] == '!' else line.split(' ')
        steps.append(recorded([word.replace('\\\\', '\\') for word in argv]))
    stripped = [pattern for pattern, _ in STRIPPED]
    with open(out, 'w', encoding='utf-8') as file:
        json.dump({'of': versions, 'stripped': stripped, 'steps': steps}, file, indent=1)
        file.write('\n')


main(sys.argv[1])
