"""What lies below every base: folders that mounts need, the host's few files that its programs cannot do
without, and folders of the sandbox's own over the host's, so that they can be written in.

Source: hier(7); Ubuntu's merged /usr.
Not modelled: writing in folders of the host deeper than `DEPTH`, and over files of the host that were not
removed before: permission denied, as they belong to nobody in the sandbox.
"""

import os
import shutil

from .places import HOST_USR, STAGE
from .system_files import ETC_FROM_HOST, made_etc

TOPS = ('bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32')
FOLDERS = (
    *('boot', 'charm', 'dev', 'etc', 'home', 'media', 'mnt', 'opt/playbill', 'opt/python', 'proc'),
    *('root', 'run', 'srv', 'sys', 'tmp', 'usr', 'var/backups', 'var/cache', 'var/lib/juju'),
    *('var/local', 'var/log', 'var/mail', 'var/opt', 'var/spool', 'var/tmp'),
)
MODES = {'root': 0o700, 'tmp': 0o1777, 'var/tmp': 0o1777, 'var/mail': 0o2775, 'var/local': 0o2775}
DEPTH = 3


def tops():
    """Top folders that are no links into /usr on this host: bound as they are."""
    return [name for name in TOPS if os.path.isdir(f'/{name}') and not os.path.islink(f'/{name}')]


def built_at(prefix):
    """Where an interpreter's shared library is found when /usr has no layer: where it was built."""
    return [prefix] if prefix != '/usr' and os.path.isdir(prefix) else []


def make_skeleton(layer, folders):
    root = f'{layer}/root'
    for name in (*FOLDERS, *tops()):
        os.makedirs(f'{root}/{name}')
    for name in TOPS:
        if os.path.islink(f'/{name}'):
            os.symlink(os.readlink(f'/{name}').lstrip('/'), f'{root}/{name}')
    os.symlink('/run', f'{root}/var/run')
    os.symlink('/run/lock', f'{root}/var/lock')
    os.symlink(f'{STAGE}/snapd.socket', f'{root}/run/snapd.socket')
    for name in folders:
        os.makedirs(f'{root}{name}', exist_ok=True)
    make_etc(f'{root}/etc')
    for name, mode in MODES.items():
        os.chmod(f'{root}/{name}', mode)
    mirror(HOST_USR, f'{layer}/usr', DEPTH)


def make_etc(etc):
    for name in ETC_FROM_HOST:
        if os.path.isdir(f'/etc/{name}'):
            copy_readable(f'/etc/{name}', f'{etc}/{name}')
        elif os.path.isfile(f'/etc/{name}'):
            shutil.copyfile(f'/etc/{name}', f'{etc}/{name}')
    for path, text in made_etc().items():
        os.makedirs(os.path.dirname(f'{etc}/{path}'), exist_ok=True)
        with open(f'{etc}/{path}', 'w', encoding='utf-8') as file:
            file.write(text)


def copy_readable(source, target):
    try:
        shutil.copytree(source, target, symlinks=True)
    except shutil.Error:
        # What only the host's root may read is not for a charm.
        return


def mirror(source, target, depth):
    """Folders alone, as the sandbox's own."""
    for entry in readable(source):
        if not entry.is_dir(follow_symlinks=False):
            continue
        own = f'{target}/{entry.name}'
        os.mkdir(own)
        os.chmod(own, entry.stat(follow_symlinks=False).st_mode & 0o7777)
        if depth > 1:
            mirror(entry.path, own, depth - 1)


def readable(folder):
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except PermissionError:
        return []
