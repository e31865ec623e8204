"""A stand-in for the Kubernetes API, for charms that ask it through lightkube: what is asked for by name is not there,
lists are empty, what is sent comes back. To be put at .playbill/loader.py where tests/transition/corpus.ts is run.
"""

import importlib
import json
import os
import socket
import ssl

SECRETS = "/var/run/secrets/kubernetes.io/serviceaccount"
HOST = "10.152.183.1"


def answer(method, path, body):
    """Status and object for one request."""
    parts = path.split("?")[0].strip("/").split("/")
    if parts == ["version"]:
        return 200, {"major": "1", "minor": "30", "gitVersion": "v1.30.0"}
    rest = parts[2:] if parts[0] == "api" else parts[3:]
    if rest[:1] == ["namespaces"] and len(rest) >= 3:
        rest = rest[2:]
    if method == "GET":
        if len(rest) <= 1:
            listed = {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []}
            return 200, listed
        message = f'{rest[0]} "{rest[1]}" not found'
        gone = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
        return 404, {**gone, "message": message}
    if method == "DELETE":
        return 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"}
    try:
        sent = json.loads(body)
    except ValueError:
        sent = {}
    if not isinstance(sent, dict):
        sent = {"kind": "Unknown", "metadata": {}}
    sent.setdefault("metadata", {}).setdefault("name", rest[1] if len(rest) > 1 else "x")
    if "AccessReview" in str(sent.get("kind", "")):
        sent["status"] = {"allowed": True}
    return (201 if method == "POST" else 200), sent


def patch(httpx):
    real = httpx.HTTPTransport.handle_request

    def handle(self, request):
        if request.url.host != HOST:
            return real(self, request)
        code, made = answer(request.method, request.url.raw_path.decode(), request.read())
        return httpx.Response(code, json=made, request=request)

    httpx.HTTPTransport.handle_request = handle


def default_context(*args, cafile=None, make=ssl.create_default_context, **kwargs):
    """The cluster's authority is no certificate: nothing is connected to."""
    return make(*args, cafile=None if cafile == f"{SECRETS}/ca.crt" else cafile, **kwargs)


ssl.create_default_context = default_context
os.environ["KUBERNETES_SERVICE_HOST"] = HOST
os.environ["KUBERNETES_SERVICE_PORT"] = "443"
os.makedirs(SECRETS, exist_ok=True)
for name, text in {"namespace": os.environ["JUJU_MODEL_NAME"], "token": "token", "ca.crt": "none"}.items():
    with open(f"{SECRETS}/{name}", "w") as file:
        file.write(text)
for name in ("httpx", "httpx2"):
    try:
        patch(importlib.import_module(name))
    except ImportError:
        pass

# What the recorded machine called itself.
socket.getfqdn = lambda name="": "localhost"
