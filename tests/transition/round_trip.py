"""Makes a State with every part that ops.testing has, and events about them, and takes each there and back.

Prints one JSON object: what each came to, and whether it came back equal.
"""

import dataclasses
import datetime
import json
import pathlib
import sys
import tempfile

import ops
from ops import testing
from ops.pebble import CheckLevel, CheckStatus, Layer, ServiceStatus

from playbill_scenario import NotConvertible, files_json, from_json, to_json

folder = pathlib.Path(tempfile.mkdtemp())
(folder / "conf/deep").mkdir(parents=True)
(folder / "conf/app.yaml").write_text("a: 1\n")
(folder / "conf/deep/blob").write_bytes(b"\xff\x00")
(folder / "conf/script").write_text("#!/bin/sh\n")
(folder / "conf/script").chmod(0o755)
(folder / "image.yaml").write_text("registrypath: x\n")

when = datetime.datetime(2026, 3, 4, 5, 6, 7, tzinfo=datetime.timezone.utc)
notice = testing.Notice("example.com/a", id="5", first_occurred=when, last_occurred=when, last_repeated=when)
check = testing.CheckInfo("http", level=CheckLevel.READY, status=CheckStatus.DOWN, failures=3, change_id="7")
web = testing.Container(
    "web",
    can_connect=True,
    _base_plan={"services": {"base": {"command": "base", "override": "replace"}}},
    layers={"one": Layer({"summary": "", "services": {"a": {"override": "replace", "command": "run"}}})},
    service_statuses={"a": ServiceStatus.ACTIVE},
    mounts={"conf": testing.Mount(location="/etc/app", source=folder / "conf")},
    execs={testing.Exec(["ls", "-l"], return_code=2, stdout="x", _change_id=11)},
    notices=[notice],
    check_infos={check},
)
db = testing.Relation("db", id=3, remote_app_name="pg", remote_units_data={0: {"a": "b"}, 12: {}})
peers = testing.PeerRelation("peers", id=4, peers_data={1: {"k": "v"}})
host = testing.SubordinateRelation("host", id=5, remote_unit_id=2)
secret = testing.Secret(
    {"k": "v"}, latest_content={"k": "w"}, id="secret:abc", owner="app", label="mine", remote_grants={3: {"pg"}},
    expire=when, rotate=ops.SecretRotate.DAILY,
)
storage = testing.Storage("data", index=2)
state = testing.State(
    config={"a": 1, "b": "x", "c": True, "d": 1.5},
    relations={db, peers, host},
    networks={testing.Network("db", [testing.BindAddress([testing.Address("10.0.0.1", cidr="10.0.0.0/8")])])},
    containers={web},
    storages={storage},
    opened_ports={testing.TCPPort(80), testing.UDPPort(53), testing.ICMPPort()},
    leader=True,
    model=testing.Model(
        "m", uuid="u", type="lxd",
        cloud_spec=testing.CloudSpec("lxd", credential=testing.CloudCredential(auth_type="x", attributes={"a": "b"})),
    ),
    secrets={secret, testing.Secret({"a": "b"}, id="secret:other")},
    resources={testing.Resource(name="image", path=folder / "image.yaml")},
    planned_units=3,
    deferred=[testing.DeferredEvent("C/on/start[1]", "C", "_on_start", snapshot_data={"a": [1, None]})],
    stored_states={testing.StoredState(owner_path="C", content={"n": 1, "by": {7: "x"}, "l": [1, "a", None]})},
    app_status=testing.BlockedStatus("why"),
    unit_status=testing.WaitingStatus("for"),
    workload_version="1.2",
)
on = testing.CharmEvents()
events = [
    on.install(), on.relation_joined(db, remote_unit=12), on.relation_departed(db, remote_unit=0, departing_unit=0),
    on.relation_changed(peers), on.relation_broken(host), on.pebble_ready(web), on.pebble_custom_notice(web, notice),
    on.pebble_check_failed(web, check), on.storage_attached(storage), on.secret_expired(secret, revision=2),
    on.secret_rotate(secret), on.action("do-it", params={"a": {"b": [1]}}, id="9"), on.collect_unit_status(),
]


def without_paths(value):
    """The same with Sources' paths left out: files are written elsewhere when they come back."""
    if isinstance(value, list):
        return [without_paths(member) for member in value]
    if not isinstance(value, dict):
        return value
    return {k: without_paths(v) for k, v in value.items() if (value.get("_type"), k) != ("Source", "path")}


data = json.loads(json.dumps(to_json(state)))
back = from_json(data, folder=folder / "back")
bare = lambda one: dataclasses.replace(  # noqa: E731
    one, containers={dataclasses.replace(next(iter(one.containers)), mounts={})}, resources=()
)
mounted = next(iter(back.containers)).mounts["conf"].source
told = []
for event in events:
    said = json.loads(json.dumps(to_json(event, state)))
    again = from_json(said, state=state)
    told.append({"json": said, "same": again == event, "name": again.name})


def refusal(make):
    try:
        make()
    except NotConvertible as error:
        return str(error)
    return None


escape = {"_type": "Source", "path": "/x", "kind": "dir", "entries": [{"path": "../y", "type": "file", "text": ""}]}
foreign = testing.Container("other", can_connect=True)
print(json.dumps({
    "state": data,
    "json_same": without_paths(to_json(back)) == without_paths(data),
    "state_same": bare(back) == bare(state),
    "files_same": files_json(mounted) == files_json(folder / "conf"),
    "events": told,
    "foreign": to_json(on.pebble_ready(foreign), state).get("objects"),
    "refused": [
        refusal(lambda: from_json({"_type": "Popen", "args": "x"})),
        refusal(lambda: from_json({"_type": "Model", "nmae": "x"})),
        refusal(lambda: from_json(escape, folder=folder / "out")),
        refusal(lambda: to_json(object())),
        refusal(lambda: from_json({"_enum": "Model", "value": 1})),
    ],
}), file=sys.stdout)
