import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import waiting
from penstock.local.service import AwsError

# A process of its own that hosts the service, an endpoint with two instances and a training job.
HOST = """
import contextlib, importlib.util, sys, time
from pathlib import Path
def load(path):
    spec = importlib.util.spec_from_file_location(f"conftest_{len(path)}", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
folder = Path(sys.argv[4])
folder.mkdir()
cloud = load(sys.argv[1]).SmallCloud(contextlib.ExitStack(), folder)
world = load(sys.argv[2]).make_world(cloud, Path(sys.argv[3]), folder)
world.endpoint(instances=2)
world.train("import subprocess; subprocess.Popen(['sleep', '60'], start_new_session=True); time.sleep(60)")
world.job_in("Training")
(folder / "ready").touch()
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc to see what is left")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_process_survives_the_cloud(
    world: Any, cache: Path, tmp_path: Path, until: Any, how: signal.Signals
) -> None:
    folder = tmp_path / "host"
    conftests = [Path(__file__).parents[1] / "conftest.py", Path(__file__).with_name("conftest.py")]
    environment = os.environ | {"PYTHONPATH": str(Path(waiting.__file__).parent)}
    command: list[str | Path] = [sys.executable, "-c", HOST, *conftests, cache, folder]
    host = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    world.work = folder / "work"
    try:
        until((folder / "ready").exists)
        until(lambda: len(world.processes()) == 3 * 3 + 1)
        os.kill(host.pid, how)
        host.wait(timeout=10)
        until(lambda: world.processes() == [])
    finally:
        host.kill()
        host.wait()


def test_an_operation_that_is_not_served_is_named(world: Any) -> None:
    with pytest.raises(AwsError, match="UnknownOperationException: The local cloud does not serve sagemaker:CreateA"):
        world.call("CreateApp")


def test_a_resource_has_tags_while_it_lives(world: Any) -> None:
    world.config("a")
    arn = world.call("DescribeEndpointConfig", EndpointConfigName="a")["EndpointConfigArn"]
    world.call("AddTags", ResourceArn=arn, Tags=[{"Key": "k", "Value": "v"}])
    assert world.call("ListTags", ResourceArn=arn) == {"Tags": [{"Key": "k", "Value": "v"}]}
    world.call("DeleteEndpointConfig", EndpointConfigName="a")
    with pytest.raises(AwsError, match="Could not find resource"):
        world.call("ListTags", ResourceArn=arn)


def test_of_many_that_create_the_same_one_succeeds(world: Any) -> None:
    outcomes: list[str] = []

    def create() -> None:
        try:
            world.train("time.sleep(60)")
            outcomes.append("created")
        except AwsError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=create) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ResourceInUse"] * 4 + ["created"]
