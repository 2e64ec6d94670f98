"""`cdk deploy`, for the local cloud: the stacks of an assembly become resources, or nothing changes."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from penstock.assembly import Stack, read_stage
from penstock.errors import DeployError
from penstock.local.arns import partition
from penstock.local.clients import Clients
from penstock.local.deploy.assets import bootstrap, publish, stored
from penstock.local.deploy.destruction import Destroyed, destroy
from penstock.local.deploy.difference import StackDifference, difference
from penstock.local.deploy.exports import check_exports, described, exports_of
from penstock.local.deploy.resources import unsupported
from penstock.local.deploy.resources.base import stack_id
from penstock.local.deploy.stacks import DeployedResource, DeployedStack, Stacks
from penstock.local.deploy.template import Template, read_template
from penstock.local.deploy.undo import remove, roll_back
from penstock.local.deploy.update import Update
from penstock.local.store import Store

_PAIR = tuple[Stack, Template]


class Deployer:
    """Deploys the stacks of a stage, and remembers them to change them in place the next time.

    Strict: what it does not know it refuses, before anything is touched. Each resource is in the store as soon as it
    is made: what a killed cloud had begun, `restore` takes back.
    """

    def __init__(self, *, clients: Clients, store: Store) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._stacks = Stacks(clients, store)

    @property
    def stacks(self) -> tuple[DeployedStack, ...]:
        """What is deployed, in the order in which it first was."""
        return self._stacks.all

    def restore(self) -> list[str]:
        """Roll back the deployments that were cut off when the cloud ended; return what there is to say of them."""
        with self._lock:
            return [self._restored(name) for name in self._stacks.cut_off()]

    def deploy(self, assembly: Path, stage: str, parameters: Mapping[str, str]) -> list[DeployedStack]:
        """Deploy every stack of a stage; each gets those parameters that its template declares.

        A stack that fails is as it was before; those that it depends on stay deployed, as on AWS.

        Raises:
            DeployError: the assembly, a template or a call is wrong; the message names stack and logical id.
        """
        stacks = read_stage(assembly, stage)
        with self._lock:
            pairs = self._templates(stacks, parameters)
            with _publishing():
                bootstrap(self._clients)
            return [self._deploy(stack, template, stage) for stack, template in pairs]

    def diff(self, assembly: Path, stage: str, parameters: Mapping[str, str]) -> list[StackDifference]:
        """Return what `deploy` would change, without changing anything.

        Raises:
            DeployError: the assembly or a template is wrong.
        """
        stacks = read_stage(assembly, stage)
        with self._lock:
            pairs = self._templates(stacks, parameters)
            exports = exports_of(self._stacks.all)
            differences = []
            for stack, template in pairs:
                found, exported = difference(template, stack.tags, self._stacks.get(stack.name), exports)
                exports |= exported
                differences.append(found)
            return differences

    def destroy(self, name: str) -> Destroyed:
        """Remove a stack and everything in it that is not to be retained; return what is kept.

        Raises:
            DeployError: there is no such stack, another one imports from it, or something could not be removed: the
                stack then has what is left.
        """
        with self._lock:
            return destroy(self._stacks, name)

    def destroy_stage(self, stage: str) -> list[Destroyed]:
        """Remove every stack of a stage, those that depend on others first.

        Raises:
            DeployError: nothing of the stage is deployed, or as for `destroy`.
        """
        with self._lock:
            names = [stack.name for stack in reversed(self._stacks.all) if stack.stage == stage]
            if not names:
                raise DeployError(f"Nothing of {stage!r} is deployed in this cloud.")
            return [destroy(self._stacks, name) for name in names]

    def _restored(self, name: str) -> str:
        new = name not in self._stacks
        state = "ROLLBACK" if new else "UPDATE_ROLLBACK"
        try:
            roll_back(self._stacks, name)
        except DeployError as error:
            return f"{name}: its deployment was cut off, and the way back failed ({state}_FAILED): {error}"
        was = "nothing of it is left" if new else "it is as it was before"
        return f"{name}: its deployment was cut off and rolled back ({state}_COMPLETE): {was}. Deploy it again."

    def _templates(self, stacks: Iterable[Stack], parameters: Mapping[str, str]) -> list[_PAIR]:
        pairs: list[_PAIR] = []
        problems: list[str] = []
        for stack in stacks:
            try:
                template = self._template(stack, parameters)
                problems += unsupported(template)
                pairs.append((stack, template))
            except DeployError as error:
                problems.append(str(error))
        if problems:
            raise DeployError("\n".join(problems))
        return pairs

    def _template(self, stack: Stack, parameters: Mapping[str, str]) -> Template:
        account, region = self._clients.account, self._clients.region
        if (stack.account or account, stack.region or region) != (account, region):
            raise DeployError(
                f"{stack.name}: it is for {stack.account} in {stack.region}, and this cloud is {account} in {region}. "
                "Start the cloud for the stack's account and region."
            )
        pseudo = {
            "AWS::AccountId": account,
            "AWS::Partition": partition(region),
            "AWS::Region": region,
            "AWS::StackId": stack_id(self._clients, stack.name),
            "AWS::StackName": stack.name,
            "AWS::URLSuffix": {"aws-cn": "amazonaws.com.cn"}.get(partition(region), "amazonaws.com"),
        }
        return read_template(
            stack.name, stack.template, pseudo=pseudo, given=parameters, stored=partial(stored, self._clients)
        )

    def _deploy(self, stack: Stack, template: Template, stage: str) -> DeployedStack:
        with _publishing():
            publish(self._clients, stack.assets)
        if stack.name in self._stacks.cut_off():  # the way back failed: first it has to succeed
            roll_back(self._stacks, stack.name)
        former = self._stacks.get(stack.name)
        deployed, unwanted = self._applied(stack, template)
        number = former.number if former else max((other.number for other in self._stacks.all), default=0) + 1
        left = (*(former.left if former else ()), *unwanted)
        deployed = replace(deployed, stage=stage, number=number, left=left, protected=stack.protected)
        self._stacks.put(deployed)
        self._stacks.end(stack.name)
        return self._cleaned(deployed)

    def _applied(self, stack: Stack, template: Template) -> tuple[DeployedStack, list[DeployedResource]]:
        others = [other for other in self._stacks.all if other.name != stack.name]
        exports, imports = exports_of(others), set[str]()

        def imported(name: str) -> str | None:
            imports.add(name)
            return exports.get(name)

        update = Update(
            clients=self._clients, stacks=self._stacks, template=template, tags=stack.tags, imported=imported
        )
        self._stacks.begin(stack.name)
        try:
            update.apply()
            deployed = described(template, update.scope, update.resources, exports, frozenset(imports))
            check_exports(self._stacks, stack.name, deployed.exports)
        except Exception as error:
            self._roll_back(stack.name, error)
            raise
        return deployed, update.unwanted

    def _roll_back(self, name: str, error: Exception) -> None:
        try:
            roll_back(self._stacks, name)
        except DeployError as failure:
            raise DeployError(f"{error}\nAnd the way back failed:\n{failure}") from error

    def _cleaned(self, stack: DeployedStack) -> DeployedStack:
        """Remove what the stack no longer wants; what cannot be removed, the next deployment tries again."""
        if not stack.left:
            return stack
        left, problems = remove(stack.left)
        stack = replace(stack, left=left)
        self._stacks.put(stack)
        return replace(stack, problems=tuple(problems))


@contextmanager
def _publishing() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise DeployError(f"the assets could not be published: {error}") from error
