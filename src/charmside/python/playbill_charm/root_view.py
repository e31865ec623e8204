"""The server's own root, read-only, and what charms' roots are put together from (view.py). Runs once per
sandbox.

Nothing of the host's /home, /root, /srv, /var, /opt or /usr/local is in it. Everything is mounted
by the outer namespace and so is locked for whoever lives in the inner one.
Source: hier(7).
"""

import json
import os
import shutil

from . import linux
from .places import (
    BYTECODE,
    CLIENT,
    CLOCK,
    HOST_USR,
    LAYERS,
    LOWER_USR,
    MACHINE,
    OWN,
    PACKS,
    PROJECT,
    STAGE,
)
from .system_files import ETC_FROM_HOST, made_etc

PYTHON = '/opt/python'
CHARM_LOWER = f'{OWN}/charm'
SOCKETS = f'{OWN}/sockets'
# Every file of the charm has this time, whenever it was checked out.
PACKED_AT = 946684800
DEVICES = ('null', 'zero', 'full', 'random', 'urandom')
MASKED = ('kcore', 'keys', 'kmsg', 'sysrq-trigger', 'timer_list', 'sched_debug', 'latency_stats')
FIXED = ('sys', 'irq', 'bus', 'fs')
# Inside of a container that hides parts of /proc an ordinary user may not mount a new one.
NO_PROC = 'proc: made files only'


def build_root(plan, outer_id):
    """Builds and enters the root; answers which lower rungs were taken, by name."""
    new, rungs = plan['root'], []
    linux.mount('tmpfs', new, 'tmpfs', linux.MS_NOSUID, 'mode=755')
    os.chdir(new)
    for folder in ('proc', 'dev', 'etc', 'usr', 'tmp', 'old'):
        os.mkdir(folder)
    for folder in (
        LAYERS,
        MACHINE,
        PACKS,
        STAGE,
        SOCKETS,
        CHARM_LOWER,
        BYTECODE,
        f'{OWN}/charmside',
        LOWER_USR,
        HOST_USR,
        PYTHON,
    ):
        os.makedirs(folder[1:])
    mount_charmside(plan)
    linux.bind_read_only(plan['packs'], f'.{PACKS}')
    copy_project(plan, outer_id)
    copy_charm(plan['folder'], plan, outer_id)
    mount_usr(plan, rungs, outer_id)
    mount_python(plan)
    make_etc()
    make_dev()
    linux.pivot_root('.', 'old')
    os.chdir('/')
    mount_proc(rungs)
    linux.unmount('/old')
    os.rmdir('/old')
    linux.remount_read_only('/')
    return rungs


def copy_project(plan, outer_id):
    """The project's loader and commands, as they are when the sandbox is made."""
    target = f'.{PROJECT}'
    os.makedirs(target)
    copy_loader(plan, target)
    for parent, folders, files in os.walk(target):
        for name in ('.', *folders, *files):
            path = os.path.join(parent, name)
            program = os.path.isdir(path) or os.stat(path).st_mode & 0o111
            os.chmod(path, 0o755 if program else 0o644)
    make_own(target, outer_id)


def copy_loader(plan, target):
    if plan['loader']:
        shutil.copyfile(plan['loader'], f'{target}/loader.py')
    if plan['commands']:
        shutil.copytree(plan['commands'], f'{target}/commands')


def mount_charmside(plan):
    linux.bind_read_only(plan['charmside'], f'.{OWN}/charmside')
    add_clients(plan)
    linux.bind_read_only(plan['sockets'], f'.{SOCKETS}')
    touch(f'.{CLOCK}')
    linux.bind_read_only(plan['clock'], f'.{CLOCK}')


def add_clients(plan):
    """The programs behind hook commands: in perl, which starts fastest; in Python on a host that
    has none.
    """
    os.makedirs(f'.{CLIENT}')
    if plan['perl']:
        linux.bind_read_only(f'{plan["charmside"]}/client', f'.{CLIENT}')
        return
    first = f'#!{PYTHON}/{plan["interpreter"]["relative"]} -IS\n'
    for name in ('hook-command', 'machine-command'):
        text = name.replace('-', '_')
        with open(f'{plan["charmside"]}/client/{text}.py', encoding='utf-8') as file:
            write_program(f'.{CLIENT}/{name}', first + file.read())


def touch(path):
    with open(path, 'a', encoding='ascii'):
        pass


def copy_charm(folder, plan, outer_id):
    """The charm's files, owned by who is root inside: a lower layer of another owner could not be
    written over.
    """
    target = f'.{CHARM_LOWER}'
    linux.mount('tmpfs', target, 'tmpfs', linux.MS_NOSUID | linux.MS_NODEV, 'mode=755')
    shutil.copytree(folder, target, symlinks=True, dirs_exist_ok=True)
    if plan['packages']:
        os.makedirs(f'{target}/venv', exist_ok=True)
        os.makedirs(f'.{OWN}/packages')
        linux.bind_read_only(plan['packages'], f'.{OWN}/packages', linux.MS_REC)
    make_own(target, outer_id)
    linux.remount_read_only(target)


def make_own(target, outer_id):
    for parent, folders, files in os.walk(target):
        for name in ('.', *folders, *files):
            path = os.path.join(parent, name)
            os.chown(path, outer_id, outer_id, follow_symlinks=False)
            os.utime(path, (PACKED_AT, PACKED_AT), follow_symlinks=False)


def mount_usr(plan, rungs, outer_id):
    """The host's /usr with our programs in place of those that would change or tell of the
    machine.
    """
    top = LOWER_USR[1:]
    add_programs(plan, top)
    try:
        if not plan['layers']:
            raise OSError('layers are not wanted')
        linux.bind_read_only('/usr', f'.{HOST_USR}')
        hide_packages(plan, top)
        options = f'lowerdir={top}:/usr'
        linux.mount('overlay', 'usr', 'overlay', linux.MS_RDONLY | linux.MS_NOSUID, options)
    except OSError:
        rungs.append('usr: bound, not layered')
        linux.bind_read_only('/usr', 'usr', linux.MS_REC)
    make_own(top, outer_id)
    linux.mount('tmpfs', 'usr/local', 'tmpfs', linux.MS_NOSUID, 'mode=755')
    for folder in ('bin', 'sbin', 'lib', 'share'):
        os.mkdir(f'usr/local/{folder}')
    if rungs:
        cover_programs(plan, top)
    linux.remount_read_only('usr/local')
    if os.path.isdir('usr/lib/python3/dist-packages'):
        own_site(plan, 'usr/lib/python3/dist-packages')
    for name in ('bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'):
        show_top_folder(name)


def hide_packages(plan, top):
    """What of the host's /usr is not to be seen in a charm's: other software, Python's packages."""
    for folder in ('local', 'lib/python3/dist-packages'):
        if os.path.isdir(f'/usr/{folder}'):
            os.makedirs(f'{top}/{folder}')
            os.setxattr(f'{top}/{folder}', 'user.overlay.opaque', b'y')
    for folder in ('bin', 'etc', 'games', 'include', 'lib', 'sbin', 'share', 'src'):
        os.makedirs(f'{top}/local/{folder}')
    if os.path.isdir(f'{top}/lib/python3/dist-packages'):
        write_start(plan, f'{top}/lib/python3/dist-packages')


def show_top_folder(name):
    if os.path.islink(f'/{name}'):
        os.symlink(os.readlink(f'/{name}').lstrip('/'), name)
    elif os.path.isdir(f'/{name}'):
        os.mkdir(name)
        linux.bind_read_only(f'/{name}', name, linux.MS_REC)


def add_programs(plan, top):
    """What lies over /usr: commands that are not simulated, `date`, `python3`."""
    for folder in ('bin', 'sbin'):
        os.makedirs(f'{top}/{folder}')
    for name in plan['machineCommands']:
        places = [f for f in ('bin', 'sbin') if os.path.lexists(f'/usr/{f}/{name}')] or ['bin']
        for folder in places:
            os.symlink(f'{CLIENT}/machine-command', f'{top}/{folder}/{name}')
    if os.path.lexists('/usr/sbin/policy-rc.d'):
        # It says what services may be started on this host, where it often is a container.
        touch(f'{top}/sbin/policy-rc.d')
    if plan['perl'] and os.path.isfile('/usr/bin/date'):
        os.symlink(f'{CLIENT}/date', f'{top}/bin/date')
        touch(f'.{OWN}/host-date')
        linux.bind_read_only('/usr/bin/date', f'.{OWN}/host-date')
    if plan['perl']:
        os.symlink(f'{CLIENT}/sudo', f'{top}/bin/sudo')
    if plan['packages']:
        version = plan['interpreter']['version']
        write_program(f'{top}/bin/python3', python_program(plan))
        os.link(f'{top}/bin/python3', f'{top}/bin/python{version}')
        add_library(plan, top)


def add_library(plan, top):
    """An interpreter built with a shared library looks for it where it was built; here it is
    found by default.
    """
    libraries = os.path.join(plan['interpreter']['prefix'], 'lib')
    if plan['interpreter']['prefix'] == '/usr':
        return
    names = [name for name in sorted(os.listdir(libraries)) if name.startswith('libpython')]
    for folder in ('lib', 'lib64', plan['interpreter']['libraries']):
        if folder and (folder == 'lib' or os.path.isdir(f'/usr/{folder}')):
            os.makedirs(f'{top}/{folder}', exist_ok=True)
            for name in names:
                os.symlink(f'{PYTHON}/lib/{name}', f'{top}/{folder}/{name}')


def python_program(plan):
    """Starts the charm's interpreter with a fixed hash seed, which the bootstrap hides again."""
    path = f'{PYTHON}/{plan["interpreter"]["relative"]}'
    if not plan['perl']:
        return f'#!/bin/sh\nPYTHONHASHSEED=0 exec {path} "$@"\n'
    return (
        '#!/usr/bin/perl\n' "$ENV{PYTHONHASHSEED} = '0';\n" f"exec {{'{path}'}} '{path}', @ARGV;\n"
    )


def write_program(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, 0o755)


def cover_programs(plan, top):
    """Without a layer: our programs first on PATH, and over the host's where there is a file to
    cover.
    """
    for folder in ('bin', 'sbin'):
        for name in sorted(os.listdir(f'{top}/{folder}')):
            program = f'{top}/{folder}/{name}'
            if os.path.islink(program):
                program = f'.{os.readlink(program)}'
            target = f'usr/{folder}/{name}'
            if os.path.isfile(target) and not os.path.islink(f'/usr/{folder}/{name}'):
                linux.bind_read_only(program, target)
            os.symlink(
                program.removeprefix('.') if program[0] == '.' else f'/{program}',
                f'usr/local/{folder}/{name}',
            )
    prefix = plan['interpreter']['prefix']
    if plan['packages'] and prefix != '/usr':
        # A shared library of the interpreter is then found only where it was built.
        os.makedirs(f'.{prefix}')
        linux.bind_read_only(prefix, f'.{prefix}')


def mount_python(plan):
    """The interpreter's installation at a fixed path, without its site-packages: ours stands
    there.
    """
    prefix, version = plan['interpreter']['prefix'], plan['interpreter']['version']
    here = f'.{PYTHON}'
    if prefix == '/usr':
        for folder in ('bin', f'lib/python{version}', 'lib/python3/dist-packages'):
            os.makedirs(f'{here}/{folder}')
        touch(f'{here}/bin/python{version}')
        linux.bind_read_only(f'/usr/bin/python{version}', f'{here}/bin/python{version}')
        linux.bind_read_only(f'/usr/lib/python{version}', f'{here}/lib/python{version}')
        site = f'{here}/lib/python3/dist-packages'
    else:
        linux.bind_read_only(prefix, here)
        site = f'{here}/lib/python{version}/site-packages'
    own_site(plan, site)


def own_site(plan, site):
    """Packages of an interpreter: none but what starts our bootstrap."""
    linux.mount('tmpfs', site, 'tmpfs', linux.MS_NOSUID, 'mode=755')
    write_start(plan, site)
    linux.remount_read_only(site)


def write_start(plan, site):
    """A charm whose hooks are its programs has no folder of packages: what it has are the machine's."""
    with open(f'{site}/playbill.pth', 'w', encoding='ascii') as file:
        path = f'{OWN}/charmside/python'
        start = f"sys.path.insert(0, '{path}') or __import__('playbill_charm.fresh')"
        file.write(f'import sys; sys.version_info >= (3, 10) and ({start})\n')
        if plan['packages'] and plan['main'] is None:
            file.write(f'{OWN}/packages\n')


def make_etc():
    for path, text in made_etc().items():
        os.makedirs(os.path.dirname(f'etc/{path}'), exist_ok=True)
        with open(f'etc/{path}', 'w', encoding='utf-8') as file:
            file.write(text)
    for name in ETC_FROM_HOST:
        source, target = f'/etc/{name}', f'etc/{name}'
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
        elif os.path.isfile(source):
            touch(target)
        else:
            continue
        linux.bind_read_only(source, target)


def make_dev():
    linux.mount('tmpfs', 'dev', 'tmpfs', linux.MS_NOSUID, 'mode=755')
    for name in DEVICES:
        touch(f'dev/{name}')
        linux.bind(f'/dev/{name}', f'dev/{name}')
    for name, target in (('fd', 'fd'), ('stdin', 'fd/0'), ('stdout', 'fd/1'), ('stderr', 'fd/2')):
        os.symlink(f'/proc/self/{target}', f'dev/{name}')
    os.mkdir('dev/shm')
    os.mkdir('dev/pts')
    linux.mount(
        'devpts',
        'dev/pts',
        'devpts',
        linux.MS_NOSUID | linux.MS_NOEXEC,
        'newinstance,ptmxmode=0666',
    )
    os.symlink('pts/ptmx', 'dev/ptmx')
    linux.remount_read_only('dev')


def mount_proc(rungs):
    flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    try:
        linux.mount('proc', '/proc', 'proc', flags)
    except OSError:
        rungs.append(NO_PROC)
        linux.mount('tmpfs', '/proc', 'tmpfs', flags, 'mode=755')
        for name in ('cpuinfo', 'meminfo'):
            touch(f'/proc/{name}')
        linux.remount_read_only('/proc')
        return
    for name in FIXED:
        if os.path.exists(f'/proc/{name}'):
            linux.bind_read_only(f'/proc/{name}', f'/proc/{name}', linux.MS_REC)
    for name in MASKED:
        if os.path.exists(f'/proc/{name}'):
            linux.bind('/dev/null', f'/proc/{name}')


def server_command(plan, settings):
    path = f'{PYTHON}/{plan["interpreter"]["relative"]}'
    start = (
        f"import sys; sys.path.insert(0, '{OWN}/charmside/python'); "
        'from playbill_charm.server import main; del sys.path[0]; main(sys.argv[1])'
    )
    isolated = [] if plan['packages'] else ['-S']
    return [path, '-s', *isolated, '-c', start, json.dumps(settings, sort_keys=True)]
