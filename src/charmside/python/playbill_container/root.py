"""The root that programs of a container see: its own files, with the host's programs beneath.

A folder of the host that holds programs lies below the container's own of that name, read-only;
of the rest of the host there is nothing. Where the kernel refuses layers the container's root is
bound as it is, with the host's programs where it has none of its own.
Source: overlayfs of the Linux kernel's documentation; hier(7).
Not modelled: architectures and libraries of an image that are other than the host's.
"""

import os
import shutil
import struct

from playbill_charm import linux
from playbill_charm.root_view import make_dev, mount_proc
from playbill_charm.places import OWN
from playbill_charm.system_files import made_etc

PROGRAMS = ('usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32')
ETC_COPIED = ('alternatives', 'ld.so.cache', 'protocols', 'services')
ETC_MADE = ('passwd', 'group', 'nsswitch.conf', 'hosts')
FOLDERS = {'proc': 0o555, 'dev': 0o755, 'sys': 0o555, 'run': 0o755, 'root': 0o700, 'tmp': 0o1777}
# Folders of the host's programs in which the container's root user may put files.
OPEN = ('.', 'bin', 'sbin', 'lib', 'share') + tuple(
    f'local/{name}' for name in ('.', 'bin', 'sbin', 'lib', 'share', 'etc')
)
CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../client')
DATE = '/usr/bin/date'
SHARED_MEMORY = 'mode=1777,size=64m'


class Root:
    """The folders of one sandbox; the work folder is the current one while it is built."""

    def __init__(self, plan, outer_id):
        self.folder = os.path.relpath(plan['root'])
        self.mounts = plan['mounts']
        self.layers = plan['layers']
        self.now = plan.get('now')
        self.outer_id = outer_id
        # Where the kernel keeps its notes of layers, for root and for an ordinary user.
        self.notes, self.options = ('trusted', '') if outer_id else ('user', ',userxattr')
        self.rungs = []
        # What had to be put into the container's own folder to mount something on.
        self.made = []

    def build(self):
        """Builds and enters the root. Answers descriptors of what is the container's own, by path."""
        own = {'': open_folder(self.folder)}
        for path, folder in self.mounts.items():
            own[path] = open_folder(folder)
        for descriptor in own.values():
            self.take_over(descriptor)
        self.lay_below()
        self.lay_root(own[''])
        for name in PROGRAMS:
            self.lay_programs(name, own[''])
        os.chdir('view')
        for name in ('dev', 'proc'):
            if os.path.islink(name) or not os.path.isdir(name):
                raise OSError(f'/{name} of the container is no folder')
        make_dev()
        linux.mount('tmpfs', 'dev/shm', 'tmpfs', linux.MS_NOSUID | linux.MS_NODEV, SHARED_MEMORY)
        linux.pivot_root('.', '.')
        for path in self.mounts:
            os.makedirs(path, exist_ok=True)
            linux.bind_open(own[path], path)
        # An ordinary user may mount another /proc while one is to be seen.
        mount_proc(self.rungs)
        linux.unmount('.')
        os.chdir('/')
        return own

    def take_over(self, descriptor):
        """Files belong to who is root inside: nobody else could write to them there."""
        if self.outer_id == 0:
            return
        for _, folders, files, parent in os.fwalk('.', dir_fd=descriptor):
            os.chown(parent, self.outer_id, self.outer_id)
            for name in (*folders, *files):
                self.give(name, parent)

    def give(self, path, parent=None):
        os.chown(path, self.outer_id, self.outer_id, dir_fd=parent, follow_symlinks=False)

    def lay_below(self):
        """What lies beneath the container's own files: folders to mount on, names of programs'
        folders, what programs look for in /etc.
        """
        os.mkdir('below')
        linux.mount('tmpfs', 'below', 'tmpfs', linux.MS_NOSUID, 'mode=755')
        os.mkdir('below/root')
        for name, mode in FOLDERS.items():
            os.mkdir(f'below/root/{name}')
            os.chmod(f'below/root/{name}', mode)
        for name in PROGRAMS:
            if os.path.islink(f'/{name}'):
                os.symlink(os.readlink(f'/{name}').lstrip('/'), f'below/root/{name}')
            elif os.path.isdir(f'/{name}'):
                os.mkdir(f'below/root/{name}')
        make_etc('below/root/etc')
        for name in OPEN:
            if os.path.isdir(f'/usr/{name}'):
                os.makedirs(f'below/open/{name}', exist_ok=True)
        self.hide_local('below/open/local')
        if self.now is not None:
            self.lay_date()
        for parent, folders, files in os.walk('below'):
            for name in ('.', *folders, *files):
                self.give(os.path.join(parent, name))

    def lay_date(self):
        """The host's `date`, told what time it is."""
        if not (os.path.isfile(DATE) and os.path.isfile('/usr/bin/perl')):
            self.rungs.append("date: the host's")
            return
        own = f'below/root{OWN}'
        os.makedirs(f'{own}/client')
        shutil.copy(f'{CLIENT}/date', f'{own}/client/date')
        shutil.copy(DATE, f'{own}/host-date')
        with open(f'{own}/clock', 'wb') as file:
            file.write(struct.pack('<d', self.now))
        os.symlink(f'{OWN}/client/date', 'below/open/bin/date')

    def hide_local(self, folder):
        """What the host's people have put into /usr/local is nobody's here."""
        try:
            if os.path.isdir(folder):
                os.setxattr(folder, f'{self.notes}.overlay.opaque', b'y')
        except OSError:
            self.rungs.append("usr/local: the host's")

    def overlay(self, target, lower, upper):
        """Paths in the options are relative: any program may read them."""
        if not self.layers:
            raise OSError('layers are not wanted')
        work = f'work-{os.path.basename(target)}'
        os.mkdir(work)
        options = f'lowerdir={lower},upperdir={upper},workdir={work}{self.options}'
        linux.mount('overlay', target, 'overlay', linux.MS_NOSUID | linux.MS_NODEV, options)

    def lay_root(self, own):
        os.mkdir('view')
        try:
            self.overlay('view', 'below/root', self.folder)
        except OSError:
            self.rungs.append('root: bound, not layered')
            bind_plain(self.folder, 'view')
            self.add_missing(own)

    def add_missing(self, own):
        for entry in os.scandir('below/root'):
            if os.path.lexists(f'{self.folder}/{entry.name}'):
                continue
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), entry.name, dir_fd=own)
                self.made_own(entry.name, own)
            else:
                self.add_folder(entry.name, own, entry.stat().st_mode & 0o7777)
        name = 'etc/alternatives'
        if os.path.isdir(f'below/root/{name}') and self.add_folder(name, own):
            linux.bind_read_only(f'below/root/{name}', f'view/{name}')

    def add_folder(self, name, own, mode=0o755):
        """Makes a folder of the container to mount on, unless there is something already."""
        path = os.path.join(self.folder, name)
        if os.path.lexists(path) or os.path.islink(os.path.dirname(path)):
            return False
        os.mkdir(name, dir_fd=own)
        os.chmod(path, mode)
        self.made_own(name, own)
        return True

    def made_own(self, name, own):
        self.give(name, own)
        self.made.append(name)

    def lay_programs(self, name, own):
        """The host's programs below the container's own of the same folder."""
        target, upper = f'view/{name}', f'{self.folder}/{name}'
        real = [path for path in (f'/{name}', target) if not os.path.islink(path)]
        if not all(map(os.path.isdir, real)) or len(real) < 2:
            return
        self.add_folder(name, own)
        lower = 'below/open:/usr' if name == 'usr' else f'/{name}'
        try:
            self.overlay(target, lower, upper)
        except OSError:
            if os.listdir(upper):
                self.rungs.append(f"{name}: the container's own alone")
                return
            self.rungs.append(f'{name}: bound, not layered')
            linux.bind_read_only(f'/{name}', target, linux.MS_REC)
            if name == 'usr' and os.path.isdir('/usr/local'):
                self.add_folder('usr/local', own)
                bind_plain(f'{upper}/local', f'{target}/local')


def open_folder(path):
    return os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)


def bind_plain(source, target):
    linux.bind(source, target)
    kept = os.statvfs(target).f_flag & (linux.MS_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME)
    flags = linux.MS_BIND | linux.MS_REMOUNT | linux.MS_NOSUID | linux.MS_NODEV | kept
    linux.mount(None, target, None, flags)


def make_etc(target):
    os.mkdir(target)
    made = {**made_etc(), 'hosts': '127.0.0.1 localhost\n::1 localhost\n'}
    for name in ETC_MADE:
        with open(f'{target}/{name}', 'w', encoding='utf-8') as file:
            file.write(made[name])
    for name in ETC_COPIED:
        if os.path.isfile(f'/etc/{name}'):
            shutil.copyfile(f'/etc/{name}', f'{target}/{name}')
        elif os.path.isdir(f'/etc/{name}'):
            shutil.copytree(f'/etc/{name}', f'{target}/{name}', symlinks=True)
