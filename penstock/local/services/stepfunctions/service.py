"""AWS Step Functions: state machines and their executions."""

from penstock.local.access import Access
from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import ListedService, Operation
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.events import Events
from penstock.local.services.stepfunctions import interpreter
from penstock.local.services.stepfunctions.delivery import Delivery
from penstock.local.services.stepfunctions.executions import Executions
from penstock.local.services.stepfunctions.log_destination import LogDestination
from penstock.local.services.stepfunctions.machines import Machines
from penstock.local.services.stepfunctions.surroundings import Surroundings
from penstock.local.services.stepfunctions.tokens import Tokens
from penstock.local.store import Store


class StepFunctions(ListedService):
    """Standard workflows, run by moto's interpreter as each machine's own role."""

    name = "stepfunctions"
    # What a journal can do again; executions are kept in the store.
    JOURNALLED = frozenset(
        ["CreateStateMachine", "UpdateStateMachine", "DeleteStateMachine", "TagResource", "UntagResource"]
    )

    def __init__(
        self, *, clients: Clients, events: Events, access: Access, metrics: Metrics, store: Store, clock: Clock
    ) -> None:
        interpreter.install()
        self._delivery = Delivery(clients, access)
        self._machines = Machines(
            clients=clients,
            clock=clock,
            logs=LogDestination(clients, access),
            ended=lambda arn: self._executions.end(arn),  # noqa: PLW0108  there are none yet
        )
        self._tokens = Tokens(lambda arn: arn in self._executions)
        around = Surroundings(
            clients=clients,
            publish=events.publish,
            metrics=metrics,
            store=store,
            clock=clock,
            tokens=self._tokens,
            delivery=self._delivery,
        )
        self._executions = Executions(self._machines, around)
        self._operations: dict[str, Operation] = {
            "CreateStateMachine": self._machines.create,
            "UpdateStateMachine": self._machines.update,
            "DescribeStateMachine": self._machines.describe,
            "DeleteStateMachine": self._machines.delete,
            "ListStateMachines": self._machines.list,
            "ValidateStateMachineDefinition": self._machines.validate,
            "TagResource": self._machines.tag,
            "UntagResource": self._machines.untag,
            "ListTagsForResource": self._machines.list_tags,
            "SendTaskSuccess": self._tokens.succeed,
            "SendTaskFailure": self._tokens.fail,
            "SendTaskHeartbeat": self._tokens.heartbeat,
            **self._executions.operations(),
        }

    def restore(self) -> list[str]:
        """Take up the executions that were kept; return the ARNs of those that were cut off, which have failed."""
        return self._executions.restore()

    def close(self) -> None:
        """End every execution, waiting ones at once."""
        self._executions.close()
        self._delivery.close()
