"""What a charm's main file imports, found by reading it: names of modules in the order in which
they are met.

Files under src/ are the charm's own and are only read, for what they import in turn.
"""

import ast
import os


def imported_names(charm, main, loader):
    """Dotted names, each once; `a.b` for `from a import b` too, as b may be a module."""
    names, seen = {}, set()
    for path in (os.path.join(charm, main), loader):
        collect(path, os.path.dirname(os.path.join(charm, main)), names, seen)
    return list(names)


def collect(path, folder, names, seen):
    if path in seen:
        return
    seen.add(path)
    try:
        with open(path, 'rb') as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return
    for name in names_in(tree):
        own = own_file(folder, name)
        if own:
            collect(own, folder, names, seen)
        else:
            names.setdefault(name)


def names_in(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f'{node.module}.{alias.name}' for alias in node.names if alias.name != '*')


def own_file(folder, name):
    """The file under src/ that a name means, if it means one."""
    parts = name.split('.')
    for count in range(len(parts), 0, -1):
        base = os.path.join(folder, *parts[:count])
        for path in (f'{base}.py', f'{base}/__init__.py'):
            if os.path.isfile(path):
                return path
    return None
