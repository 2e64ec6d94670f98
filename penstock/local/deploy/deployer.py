"""`cdk deploy`, for the local cloud: the stacks of an assembly become resources, or nothing changes."""

import threading
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from penstock.assembly import Stack, read_stage
from penstock.errors import DeployError
from penstock.local.clients import Clients
from penstock.local.deploy.assets import bootstrap, publish, stored
from penstock.local.deploy.intrinsics import resolve
from penstock.local.deploy.resources import unsupported
from penstock.local.deploy.resources.base import partition
from penstock.local.deploy.template import Template, read_template
from penstock.local.deploy.update import DeployedResource, Update, remove


@dataclass(frozen=True)
class DeployedStack:
    """A stack as it was last deployed."""

    name: str
    outputs: Mapping[str, str]
    resources: Mapping[str, DeployedResource]
    exports: Mapping[str, str]
    imports: frozenset[str]


class Deployer:
    """Deploys the stacks of a stage, and remembers them to change them in place the next time.

    Strict: what it does not know it refuses, before anything is touched.
    """

    def __init__(self, *, clients: Clients) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._stacks: dict[str, DeployedStack] = {}
        self._made: Counter[tuple[str, str]] = Counter()

    def deploy(self, assembly: Path, stage: str, parameters: Mapping[str, str]) -> list[DeployedStack]:
        """Deploy every stack of a stage; each gets those parameters that its template declares.

        A stack that fails is as it was before; those that it depends on stay deployed, as on AWS.

        Raises:
            DeployError: the assembly, a template or a call is wrong; the message names stack and logical id.
        """
        stacks = read_stage(assembly, stage)
        with self._lock:
            templates = self._templates(stacks, parameters)
            with _publishing():
                bootstrap(self._clients)
            return [self._deploy(stack, template) for stack, template in zip(stacks, templates, strict=True)]

    def destroy(self, name: str) -> None:
        """Remove a stack and everything in it that is not to be retained.

        Raises:
            DeployError: there is no such stack, another one imports from it, or something could not be removed.
        """
        with self._lock:
            if name not in self._stacks:
                raise DeployError(f"{name}: there is no such stack. Deployed: {', '.join(self._stacks) or 'none'}.")
            stack = self._stacks[name]
            self._check_exports(stack, {})
            remove(resource for resource in stack.resources.values() if not resource.retained)
            del self._stacks[name]

    def _templates(self, stacks: Iterable[Stack], parameters: Mapping[str, str]) -> list[Template]:
        templates: list[Template] = []
        problems: list[str] = []
        for stack in stacks:
            try:
                template = self._template(stack, parameters)
                problems += unsupported(template)
                templates.append(template)
            except DeployError as error:
                problems.append(str(error))
        if problems:
            raise DeployError("\n".join(problems))
        return templates

    def _template(self, stack: Stack, parameters: Mapping[str, str]) -> Template:
        account, region = self._clients.account, self._clients.region
        if (stack.account or account, stack.region or region) != (account, region):
            raise DeployError(
                f"{stack.name}: it is for {stack.account} in {stack.region}, and this cloud is {account} in {region}. "
                "Start the cloud for the stack's account and region."
            )
        suffix = {"aws-cn": "amazonaws.com.cn"}.get(partition(region), "amazonaws.com")
        unique = uuid.uuid5(uuid.NAMESPACE_URL, stack.name)
        pseudo = {
            "AWS::AccountId": account,
            "AWS::Partition": partition(region),
            "AWS::Region": region,
            "AWS::StackId": f"arn:{partition(region)}:cloudformation:{region}:{account}:stack/{stack.name}/{unique}",
            "AWS::StackName": stack.name,
            "AWS::URLSuffix": suffix,
        }
        return read_template(
            stack.name, stack.template, pseudo=pseudo, given=parameters, stored=partial(stored, self._clients)
        )

    def _deploy(self, stack: Stack, template: Template) -> DeployedStack:
        with _publishing():
            publish(self._clients, stack.assets)
        exports = self._exports(of_others_than=stack.name)
        imports: set[str] = set()

        def imported(name: str) -> str | None:
            imports.add(name)
            return exports.get(name)

        former = self._stacks.get(stack.name)
        update = Update(
            clients=self._clients,
            template=template,
            former=former.resources if former else {},
            imported=imported,
            generation=lambda logical_id: self._next_generation(stack.name, logical_id),
        )
        try:
            update.apply()
            deployed = self._described(template, update, imports)
            if former:
                self._check_exports(former, deployed.exports)
        except Exception as error:
            _roll_back(update, error)
            raise
        self._stacks[stack.name] = deployed
        update.finish()
        return deployed

    def _described(self, template: Template, update: Update, imports: set[str]) -> DeployedStack:
        outputs, exports = {}, {}
        for output in template.outputs:
            path = f"Outputs.{output.name}"
            outputs[output.name] = resolve(output.value, update.scope, f"{path}.Value")
            if output.export is not None:
                exports[resolve(output.export, update.scope, f"{path}.Export.Name")] = outputs[output.name]
        if taken := exports.keys() & self._exports(of_others_than=template.stack).keys():
            raise DeployError(f"{template.stack}: another stack exports {', '.join(sorted(taken))} already.")
        return DeployedStack(template.stack, outputs, update.resources, exports, frozenset(imports))

    def _exports(self, *, of_others_than: str) -> dict[str, str]:
        others = (stack for stack in self._stacks.values() if stack.name != of_others_than)
        return {name: value for stack in others for name, value in stack.exports.items()}

    def _check_exports(self, former: DeployedStack, exports: Mapping[str, str]) -> None:
        for stack in self._stacks.values():
            for name in sorted(stack.imports & former.exports.keys()):
                if exports.get(name) != former.exports[name]:
                    verb = "changed" if name in exports else "removed"
                    raise DeployError(
                        f"{former.name}: the export {name!r} cannot be {verb}: {stack.name} imports it. "
                        f"Deploy {stack.name} without it first."
                    )

    def _next_generation(self, stack: str, logical_id: str) -> int:
        self._made[stack, logical_id] += 1
        return self._made[stack, logical_id] - 1


def _roll_back(update: Update, error: Exception) -> None:
    try:
        update.roll_back()
    except DeployError as failure:
        raise DeployError(f"{error}\nAnd the way back failed:\n{failure}") from error


@contextmanager
def _publishing() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise DeployError(f"the assets could not be published: {error}") from error
