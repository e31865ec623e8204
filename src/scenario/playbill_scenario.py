"""ops.testing's State and events as JSON, and back: the dialect of `playbill transition --dialect scenario`.

Source: ops-scenario 7 and 8 (state.py), for the names of classes and fields.

    to_json(state)                     a State, or any part of one
    to_json(event, state)              an event of `ctx.on`; what is part of `state` is only named
    from_json(data, folder=...)        the same State again; files of mounts and resources are written below `folder`
    from_json(event, state=state)      the same event again
    files_json(path)                   what is below a folder, links followed: how `container_files` is written

Dataclasses are objects with `_type` and every field; enums are `{"_enum", "value"}`; sets are lists in the order of
their JSON; dicts with keys that are no text are `{"_type": "dict_int", "items"}` or `{"_type": "dict_items", "items"}`;
statuses are `{"_type": "Status", "name", "message"}`; a Layer has its dict as `value`; a Mount's source and a
Resource's path are `{"_type": "Source", "path", "kind", "entries"}` with the files' contents in them.

Not modelled: ops-scenario 6 and older, events of `ctx.on.custom`, files of more than 64 KiB (their digest only),
links within a mount (followed), files that are neither folder nor regular.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import enum
import hashlib
import json
import os
import pathlib
import stat
import tempfile
from typing import Any, Iterator, Mapping

CONTENT_MAX = 64 * 1024
# Fields that hold host paths of which the contents count.
_SOURCES = {("Mount", "source"), ("Resource", "path")}
# Fields that are sets where the constructor does not make them so itself (ops-scenario 7).
_SETS = {
    "State": (
        "relations", "networks", "containers", "storages", "opened_ports", "secrets", "resources", "stored_states",
    ),
    "Container": ("execs", "check_infos"),
}
_REVISIONS = ("_tracked_revision", "_latest_revision")


class NotConvertible(ValueError):
    """A value that this JSON has no form for, by name."""


# ---- files


def _contents(path: str) -> dict[str, Any]:
    info = os.stat(path)
    if not stat.S_ISREG(info.st_mode):
        return {"type": "special", "mode": f"{stat.S_IMODE(info.st_mode):04o}", "size": 0}
    data = pathlib.Path(path).read_bytes()
    entry: dict[str, Any] = {
        "type": "file",
        "mode": f"{stat.S_IMODE(info.st_mode):04o}",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    if len(data) < CONTENT_MAX:
        try:
            entry["text"] = data.decode("utf-8")
        except UnicodeDecodeError:
            entry["base64"] = base64.b64encode(data).decode("ascii")
    return entry


def _below(folder: str, relative: str, above: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        at = f"{relative}/{name}" if relative else name
        if os.path.islink(path) and not os.path.exists(path):
            yield {"path": at, "type": "symlink", "target": os.readlink(path)}
        elif os.path.isdir(path):
            real = os.path.realpath(path)
            if real in above:
                continue
            mode = stat.S_IMODE(os.stat(path).st_mode)
            yield {"path": at, "type": "dir", "mode": f"{mode:04o}"}
            yield from _below(path, at, (*above, real))
        else:
            yield {"path": at, **_contents(path)}


def files_json(path: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """Everything below a folder, by path, links followed."""
    root = os.fspath(path)
    return sorted(_below(root, "", (os.path.realpath(root),)), key=lambda entry: entry["path"])


def _source_json(path: Any, embed: bool) -> dict[str, Any]:
    text = os.fspath(path)
    if not embed:
        return {"_type": "Source", "path": text, "kind": "ref"}
    if os.path.isdir(text):
        return {"_type": "Source", "path": text, "kind": "dir", "entries": files_json(text)}
    if os.path.exists(text):
        return {"_type": "Source", "path": text, "kind": "file", "entries": [{"path": "", **_contents(text)}]}
    return {"_type": "Source", "path": text, "kind": "missing"}


def _write_entry(target: pathlib.Path, entry: Mapping[str, Any]) -> None:
    if entry["type"] == "dir":
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if entry["type"] == "symlink":
        target.symlink_to(entry["target"])
        return
    if "text" in entry:
        data = entry["text"].encode("utf-8")
    elif "base64" in entry:
        data = base64.b64decode(entry["base64"])
    else:
        raise NotConvertible(f"the content of {entry['path'] or target.name} is not in the JSON")
    target.write_bytes(data)
    target.chmod(int(entry.get("mode", "0644"), 8))


def _write_source(data: Mapping[str, Any], folder: pathlib.Path) -> str:
    """Writes a Source below `folder`, never outside of it. What is only named, or missing, keeps its path."""
    if data["kind"] in ("ref", "missing"):
        return str(data["path"])
    root = folder / str(data["path"]).lstrip("/")
    wanted = [root / entry["path"] if entry["path"] else root for entry in data.get("entries", ())]
    outside = [path for path in (root, *wanted) if ".." in path.relative_to(folder).parts]
    if outside:
        raise NotConvertible(f"{data['path']} leads out of its folder")
    if data["kind"] == "dir":
        root.mkdir(parents=True, exist_ok=True)
    for path, entry in zip(wanted, data.get("entries", ())):
        _write_entry(path, entry)
    return str(root)


# ---- to JSON


def _ordered(values: Any) -> list[Any]:
    return sorted(values, key=lambda value: json.dumps(value, sort_keys=True))



def _scalar_json(value: Any) -> Any:
    """The JSON of what is no container; NotImplemented when it is one."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return {"_enum": type(value).__name__, "value": value.value}
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, bytes):
        return {"_type": "bytes", "base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime.datetime):
        return {"_type": "datetime", "value": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"_type": "timedelta", "seconds": value.total_seconds()}
    if isinstance(value, pathlib.PurePath):
        return {"_type": "Path", "value": str(value)}
    return NotImplemented


def _dict_json(value: Mapping[Any, Any], embed: bool) -> Any:
    if all(isinstance(key, str) for key in value):
        return {str(key): _json(member, embed) for key, member in value.items()}
    if all(type(key) is int for key in value):
        return {"_type": "dict_int", "items": {str(key): _json(member, embed) for key, member in value.items()}}
    items = [[_json(key, embed), _json(member, embed)] for key, member in value.items()]
    return {"_type": "dict_items", "items": items}


def _dataclass_json(value: Any, embed: bool) -> dict[str, Any]:
    name = type(value).__name__
    data: dict[str, Any] = {"_type": name}
    for field in dataclasses.fields(value):
        member = getattr(value, field.name)
        if (name, field.name) in _SOURCES:
            data[field.name] = _source_json(member, embed)
        else:
            data[field.name] = _json(member, embed)
    if name == "Secret":
        data.update({key: getattr(value, key) for key in _REVISIONS if hasattr(value, key)})
    return data


def _json(value: Any, embed: bool) -> Any:
    scalar = _scalar_json(value)
    if scalar is not NotImplemented:
        return scalar
    name = type(value).__name__
    if name.endswith("Status") and hasattr(value, "name") and hasattr(value, "message"):
        return {"_type": "Status", "name": str(value.name), "message": str(value.message)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _dataclass_json(value, embed)
    if hasattr(value, "to_dict") and name in ("Layer", "Plan", "Service", "Check", "LogTarget"):
        return {"_type": name, "value": _json(json.loads(json.dumps(value.to_dict())), embed)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {"_type": name, **{key: _json(member, embed) for key, member in value._asdict().items()}}
    if isinstance(value, Mapping) or name == "StoredDict":
        return _dict_json(dict(value.items()), embed)
    if isinstance(value, (set, frozenset)) or name == "StoredSet":
        return _ordered(_json(member, embed) for member in value)
    if isinstance(value, (list, tuple)) or name == "StoredList":
        return [_json(member, embed) for member in value]
    raise NotConvertible(f"{type(value).__module__}.{name} has no JSON form")


def _is_event(value: Any) -> bool:
    return type(value).__name__ == "_Event"


def to_json(value: Any, state: Any = None, *, embed: bool = True) -> Any:
    """A State, a part of one, or an event. Without `embed`, files of mounts and resources are only named."""
    return _event_json(value, state) if _is_event(value) else _json(value, embed)


# ---- events

# Fields of an event that are parts of the state, with the State's field they are found in.
_PARTS = {"relation": "relations", "container": "containers", "secret": "secrets"}


def _hook(event: Any, data: Mapping[str, Any]) -> str | None:
    """The hook's name as Juju writes it: the prefix as metadata spells it, the rest with hyphens."""
    if "action" in data:
        return None
    about = data.get("endpoint") or data.get("container") or data.get("storage", {}).get("name")
    if about is None:
        return event.name.replace("_", "-")
    return about + event.name[len(about) :].replace("_", "-")


def _event_json(event: Any, state: Any) -> dict[str, Any]:
    kind = event._path.type.value
    if kind == "custom" or event.custom_event is not None:
        raise NotConvertible(f"{event.name} is no event that Juju delivers")
    data: dict[str, Any] = {"name": event.name, "kind": kind, "path": str.__str__(event.path)}
    if event.relation is not None:
        relation = event.relation
        data["endpoint"] = relation.endpoint
        data["relation_id"] = relation.id
        data["remote_app"] = getattr(relation, "remote_app_name", None)
        data["remote_unit_id"] = event.relation_remote_unit_id
        data["departing_unit_id"] = event.relation_departed_unit_id
    if event.container is not None:
        data["container"] = event.container.name
    if event.notice is not None:
        data["notice"] = _json(event.notice, True)
    if event.check_info is not None:
        data["check"] = _json(event.check_info, True)
    if event.secret is not None:
        secret = event.secret
        data["secret"] = {"id": secret.id, "label": secret.label, "revision": event.secret_revision}
    if event.storage is not None:
        data["storage"] = {"name": event.storage.name, "index": event.storage.index}
    if event.action is not None:
        action = event.action
        data["action"] = {"name": action.name, "params": _json(dict(action.params), True), "id": action.id}
    parts = {key: getattr(event, key) for key in _PARTS if getattr(event, key) is not None}
    known = {key: () if state is None else getattr(state, _PARTS[key]) for key in parts}
    apart = {key: _json(part, True) for key, part in parts.items() if part not in known[key]}
    if apart:
        data["objects"] = apart
    data["hook"] = _hook(event, data)
    data["dispatchable"] = kind != "framework"
    return data


# ---- from JSON


class _Reader:
    def __init__(self, folder: pathlib.Path | None):
        import ops.model
        import ops.pebble
        import scenario.state

        self.folder = folder
        self.state = scenario.state
        self.layer = ops.pebble.Layer
        self.modules = (scenario.state, ops.pebble, ops.model)

    def named(self, name: str, base: type = object) -> Any:
        for module in self.modules:
            found = getattr(module, name, None)
            if isinstance(found, type) and issubclass(found, base):
                return found
        raise NotConvertible(f"ops.testing has no {name}")

    def write(self, data: Mapping[str, Any]) -> str:
        if self.folder is None:
            self.folder = pathlib.Path(tempfile.mkdtemp(prefix="playbill-scenario-"))
        return _write_source(data, self.folder)

    def special(self, kind: str, data: Mapping[str, Any]) -> Any:
        if kind == "dict_int":
            return {int(key): self.read(value) for key, value in data["items"].items()}
        if kind == "dict_items":
            pairs = [(self.read(key), self.read(value)) for key, value in data["items"]]
            return {tuple(key) if isinstance(key, list) else key: value for key, value in pairs}
        if kind == "datetime":
            return datetime.datetime.fromisoformat(data["value"])
        if kind == "timedelta":
            return datetime.timedelta(seconds=data["seconds"])
        if kind == "Path":
            return pathlib.PurePosixPath(data["value"])
        if kind == "bytes":
            return base64.b64decode(data["base64"])
        if kind == "Source":
            return self.write(data)
        if kind == "Layer":
            return self.layer(self.read(data["value"]))
        if kind == "Status":
            made = self.state._EntityStatus._entity_statuses[data["name"]]
            return made() if data["name"] == "unknown" else made(data["message"])
        return self.part(kind, data)

    def part(self, kind: str, data: Mapping[str, Any]) -> Any:
        made = self.named(kind)
        if not dataclasses.is_dataclass(made):
            raise NotConvertible(f"{kind} is no part of a State")
        fields = {field.name: field for field in dataclasses.fields(made)}
        unknown = set(data) - set(fields) - {"_type", *_REVISIONS}
        if unknown:
            raise NotConvertible(f"{kind} has no field {sorted(unknown)[0]}")
        given: dict[str, Any] = {}
        for key, value in data.items():
            if key not in fields or not fields[key].init:
                continue
            member = self.read(value)
            if key in _SETS.get(kind, ()):
                member = frozenset(member)
            if kind == "Secret" and key == "remote_grants":
                member = {relation: frozenset(names) for relation, names in member.items()}
            if kind == "Exec" and key == "command_prefix":
                member = tuple(member)
            given[key] = member
        part = made(**given)
        for key in set(_REVISIONS) & set(data):
            object.__setattr__(part, key, data[key])
        return part

    def read(self, data: Any) -> Any:
        if isinstance(data, list):
            return [self.read(member) for member in data]
        if not isinstance(data, dict):
            return data
        if "_enum" in data:
            return self.named(data["_enum"], enum.Enum)(data["value"])
        if "_type" in data:
            return self.special(data["_type"], data)
        return {key: self.read(value) for key, value in data.items()}

    def member(self, data: Mapping[str, Any], key: str, among: Any) -> Any:
        """The part that an event is about: given whole, or found in the state by its name."""
        if key in data.get("objects", {}):
            return self.read(data["objects"][key])
        tests = {
            "relation": lambda one: one.id == data["relation_id"],
            "container": lambda one: one.name == data["container"],
            "secret": lambda one: one.id == data["secret"]["id"],
        }
        found = [one for one in getattr(among, _PARTS[key], ()) if tests[key](one)]
        if not found:
            raise NotConvertible(f"the {key} of {data.get('name')} is not in the state")
        return found[0]

    def event(self, data: Mapping[str, Any], state: Any) -> Any:
        given: dict[str, Any] = {}
        if "endpoint" in data:
            given["relation"] = self.member(data, "relation", state)
            given["relation_remote_unit_id"] = data.get("remote_unit_id")
            given["relation_departed_unit_id"] = data.get("departing_unit_id")
        if "container" in data:
            given["container"] = self.member(data, "container", state)
        if "secret" in data:
            given["secret"] = self.member(data, "secret", state)
            given["secret_revision"] = data["secret"].get("revision")
        if "notice" in data:
            given["notice"] = self.read(data["notice"])
        if "check" in data:
            given["check_info"] = self.read(data["check"])
        if "storage" in data:
            storage = data["storage"]
            given["storage"] = self.state.Storage(storage["name"], index=storage["index"])
        if "action" in data:
            action = data["action"]
            params = self.read(action["params"])
            given["action"] = self.state._Action(action["name"], params=params, id=action["id"])
        return self.state._Event(data["path"], **given)


def from_json(data: Any, *, state: Any = None, folder: str | os.PathLike[str] | None = None) -> Any:
    """What to_json was given. `state` is the State of an event; files go below `folder`, or a new temporary one."""
    reader = _Reader(None if folder is None else pathlib.Path(folder))
    if isinstance(data, dict) and "_type" not in data and "path" in data and "kind" in data:
        return reader.event(data, state)
    return reader.read(data)
