"""What a stack of layers has at a path, read without mounting it: whoever is first has the say.

Source: kernel Documentation/filesystems/overlayfs.rst. A whiteout is a character device 0:0; a folder that
hides those below carries user.overlay.opaque.
"""

import os
import stat


def is_whiteout(status):
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def is_opaque(path):
    try:
        return os.getxattr(path, 'user.overlay.opaque') == b'y'
    except OSError:
        return False


class Stack:
    """Folders, topmost first."""

    def __init__(self, folders):
        self.folders = folders

    def find(self, path):
        """Where the entry really lies, and its status; None when there is none."""
        for folder in self.folders:
            here, ends = found_in(folder, path)
            if here is not None:
                return here
            if ends:
                return None
        return None

    def names(self, path):
        """What a folder holds, all layers together."""
        names, gone = set(), set()
        for folder in self.folders:
            here, ends = found_in(folder, path)
            if here is None:
                if ends:
                    break
                continue
            if not stat.S_ISDIR(here[1].st_mode):
                break
            try:
                entries = list(os.scandir(here[0]))
            except PermissionError:
                break
            for entry in entries:
                if is_whiteout(entry.stat(follow_symlinks=False)):
                    gone.add(entry.name)
                elif entry.name not in gone:
                    names.add(entry.name)
            if is_opaque(here[0]):
                break
        return names


def found_in(folder, path):
    """((place, status) or None, whether nothing below this layer counts)."""
    full = f'{folder}/{path}' if path else folder
    try:
        status = os.lstat(full)
    except OSError:
        return None, is_hidden(folder, path)
    return (None if is_whiteout(status) else (full, status)), True


def is_hidden(folder, path):
    """Whether a layer that has nothing at a path keeps those below from having anything there."""
    here = folder
    for part in path.split('/'):
        here = f'{here}/{part}'
        try:
            status = os.lstat(here)
        except OSError:
            return False
        if not stat.S_ISDIR(status.st_mode) or is_opaque(here):
            return True
    return False
