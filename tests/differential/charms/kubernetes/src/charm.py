#!/usr/bin/env python3
"""A Kubernetes charm with two containers: its script can also talk to their Pebble."""

import container_steps
import ops
import scripted


class KubernetesCharm(scripted.Scripted):
    doer = container_steps.ContainerSteps


if __name__ == '__main__':
    ops.main(KubernetesCharm)
