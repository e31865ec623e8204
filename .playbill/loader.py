"""What the demo's Python charms find around them that a sandbox does not have: the cluster's name service."""

import os
import socket


def getfqdn(name=""):
    """The name that a headless service gives a pod."""
    app = os.environ["JUJU_UNIT_NAME"].split("/")[0]
    model = os.environ["JUJU_MODEL_NAME"]
    return f"{name or socket.gethostname()}.{app}-endpoints.{model}.svc.cluster.local"


socket.getfqdn = getfqdn
