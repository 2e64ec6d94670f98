"""The cloud is killed while a run is in each of its states: it comes back, and the run is redriven to its end."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.host import Host
from battery.project import ENDPOINT

_WORKFLOW = "role=dev-tiny-workflow,seconds=600"
# What holds a run in a state; after a comma stands what else tells the cases apart.
_HELD = {
    "Prepare": f"timeout=lambda:Invoke,{_WORKFLOW}",
    "Check data": "hang=processing,name=*-check-*",
    "Process": "hang=processing,name=*-process-*",
    "Train": "hang=training",
    "Take lock": f"timeout=dynamodb:UpdateItem,name=SET *,{_WORKFLOW}",
    "Find champion": f"timeout=lambda:Invoke,name=*find-champion,{_WORKFLOW}",
    "Evaluate": "hang=processing,name=*-evaluate-*",
    "Gate": f"timeout=lambda:Invoke,name=*gate,{_WORKFLOW}",
    "Register": f"timeout=sagemaker:CreateModelPackage,{_WORKFLOW}",
    "Create model": f"timeout=sagemaker:CreateModel,{_WORKFLOW}",
    "Create endpoint config": f"timeout=sagemaker:CreateEndpointConfig,{_WORKFLOW}",
    "Describe endpoint": f"timeout=sagemaker:DescribeEndpoint,{_WORKFLOW}",
    "Update endpoint": f"timeout=sagemaker:UpdateEndpoint,{_WORKFLOW}",
    "Wait for endpoint": "endpoint=OutOfService:update,seconds=600",
    "Wait for endpoint, rolled back": "endpoint=RollingBack:update,seconds=600",
    "Smoke test": f"timeout=lambda:Invoke,name=*smoke-test,{_WORKFLOW}",
    "Tidy": f"timeout=lambda:Invoke,name=*tidy,{_WORKFLOW}",
    "Release lock": f"timeout=dynamodb:UpdateItem,name=REMOVE *,{_WORKFLOW}",
    "Publish": f"timeout=sns:Publish,{_WORKFLOW}",
}
# An update that was under way when the cloud died is made by the next one.
_DEPLOYED = ("Wait for endpoint", "Smoke test", "Tidy", "Release lock", "Publish")
# An update that was being rolled back when the cloud died is not made by the next one; a run says so, and ends.
_ROLLED_BACK = "Wait for endpoint, rolled back"


class Hosts:
    """The cloud, and how to have it come back."""

    def __init__(self, project: Path, state: Path) -> None:
        self._project, self._state = project, state
        self.host = Host(project, state)
        self.host.put_data()
        self.host.serving()

    def come_back(self) -> Host:
        self.host.kill()
        self.host = Host(self._project, self._state)
        return self.host


@pytest.fixture(scope="module")
def hosts(tiny_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    hosts = Hosts(tiny_project, tmp_path_factory.mktemp("killed") / "state")
    yield hosts
    hosts.host.kill()


@pytest.mark.battery
@pytest.mark.parametrize("held", _HELD)
def test_a_run_survives_the_death_of_the_cloud(hosts: Hosts, held: str) -> None:
    host = hosts.host
    before = host.settle()
    assert before is not None
    programs = host.programs()
    host.plan(_HELD[held])
    arn = host.start()
    while host.unmet() or held.partition(",")[0] not in host.states(arn):
        time.sleep(0.05)
    host = hosts.come_back()
    assert host.cut_off == [arn]
    endpoint = host.settle()
    assert endpoint is not None
    deployed = endpoint["EndpointConfigName"].startswith(f"{ENDPOINT}-{arn.rpartition(':')[2]}")
    assert deployed == (held in _DEPLOYED)
    assert deployed or endpoint["EndpointConfigName"] == before["EndpointConfigName"]
    with host.probe() as probe:
        while not probe.answers:
            time.sleep(0.05)
    assert not probe.failures
    assert not host.jobs()
    assert len(host.programs()) == 1
    assert not programs & host.programs()
    host.client("stepfunctions").redrive_execution(executionArn=arn)
    ended = host.wait(arn)
    assert (ended.status, ended.error) == (
        ("FAILED", "EndpointRolledBack") if held == _ROLLED_BACK else ("SUCCEEDED", "")
    )
    assert host.run().status == "SUCCEEDED"
