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

# What `make test` runs of them: one or two of each kind.
FAST = frozenset(
    {
        "throttled three times: sagemaker:CreateTrainingJob at Train",
        "response lost: sagemaker:CreateModel at Create model",
        "response lost: sagemaker:CreateEndpoint at Create endpoint",
        "response lost: sagemaker:UpdateEndpoint at Update endpoint",
        "denied: sagemaker:UpdateEndpoint at Update endpoint",
        "job stopped beside an endpoint",
        "disk full beside an endpoint",
        "execution aborted while its job hung",
        "prepare crashed during,call=2",
        "the report's hook crashed before",
        "update rolled back",
        "the first instances do not serve",
        "wrong answers, and lose as the endpoint is put back",
        "what CreateEndpointConfig made is seen 1 s late",
        "entry: Failed",
        "entry: UpdateRollbackFailed",
        "the training job's name is taken",
        "the same event 100 times",
    }
)
