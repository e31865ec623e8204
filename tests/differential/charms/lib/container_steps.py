"""Steps on a container: files, layers, services, checks."""

import steps


class ContainerSteps(steps.Steps):
    def container(self, name):
        return self.unit.get_container(name)

    def can_connect(self, name):
        return self.container(name).can_connect()

    def push(self, name, path, text, parents):
        self.container(name).push(path, text, make_dirs=parents)

    def pull(self, name, path):
        return self.container(name).pull(path).read()

    def list_files(self, name, path):
        return sorted([info.path, str(info.type)] for info in self.container(name).list_files(path))

    def exists(self, name, path):
        container = self.container(name)
        return [container.exists(path), container.isdir(path)]

    def make_dir(self, name, path, parents):
        self.container(name).make_dir(path, make_parents=parents)

    def remove_path(self, name, path, recursive):
        self.container(name).remove_path(path, recursive=recursive)

    def add_layer(self, name, label, layer, combine):
        self.container(name).add_layer(label, layer, combine=combine)

    def plan(self, name):
        return self.container(name).get_plan().to_dict()

    def replan(self, name):
        self.container(name).replan()

    def start(self, name, services):
        self.container(name).start(*services)

    def stop(self, name, services):
        self.container(name).stop(*services)

    def restart(self, name, services):
        self.container(name).restart(*services)

    def services(self, name):
        found = self.container(name).get_services()
        return {key: [str(info.startup.value), info.is_running()] for key, info in sorted(found.items())}

    def checks(self, name):
        found = self.container(name).get_checks()
        return {key: str(info.status) for key, info in sorted(found.items())}
