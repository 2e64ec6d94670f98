"""All cases."""

from battery import calls, deployments, hooks, jobs, storms
from battery.case import Case

CASES: tuple[Case, ...] = (
    *calls.of_the_machine(),
    *calls.of_the_hooks(),
    *calls.of_the_report(),
    *jobs.cases(),
    *hooks.cases(),
    *deployments.bad_ends(),
    *deployments.late(),
    *deployments.killed(),
    *deployments.entries(),
    *deployments.clashes(),
    *storms.cases(),
)

# What `make test` runs of them: one of each of the main kinds.
FAST = frozenset(
    {
        "response lost: sagemaker:UpdateEndpoint at Update endpoint",
        "execution aborted while its job hung",
        "the model's metric is not a number",
        "wrong answers, and lose as the endpoint is put back",
    }
)
