from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from penstock.errors import CloudError
from penstock.local.clients import Clients, Credentials
from penstock.local.programs.images import Programs
from penstock.local.service import AwsError
from penstock.spec.image import image_tag

REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/dev-forest"
SCRIPT = """#!/usr/bin/env python3
import os, sys, helper
print(helper.WORD, sys.prefix, os.getcwd(), sorted(os.environ))
"""


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield f"http://localhost:{server.get_host_and_port()[1]}"
    server.stop()


@pytest.fixture
def clients(moto_url: str) -> Clients:
    moto_api_backend.reset()
    clients = Clients(
        url=moto_url, account="123456789012", region="us-east-1", operator=Credentials("AKIAOPERATOR", "secret")
    )
    clients.operator("ecr").create_repository(repositoryName="dev-forest")
    return clients


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "containers" / "forest"
    folder.mkdir(parents=True)
    for name, content in {"train": SCRIPT, "helper.py": "WORD = 'first'\n", "requirements.txt": ""}.items():
        (folder / name).write_text(content)
    (folder / "train").chmod(0o755)
    return folder


@pytest.fixture
def uri(folder: Path) -> str:
    return f"{REPOSITORY}:{image_tag(folder)}"


@pytest.fixture
def programs(clients: Clients, folder: Path, tmp_path: Path) -> Programs:
    return Programs(clients=clients, containers=folder.parent, cache=tmp_path / "cache")


def run(programs: Programs, uri: str, tmp_path: Path, **variables: str) -> tuple[int | None, str]:
    log = tmp_path / "log"
    base = tmp_path / "job" / "ml"
    base.mkdir(parents=True)
    process = programs.program(uri).start("train", base=base, variables=variables, log=log)
    return process.wait(), log.read_text()


def test_a_published_image_is_in_ecr(programs: Programs, clients: Clients, uri: str) -> None:
    programs.publish(uri)
    images = clients.operator("ecr").describe_images(repositoryName="dev-forest")["imageDetails"]
    assert [image["imageTags"] for image in images] == [[uri.rpartition(":")[2]]]


def test_each_image_has_a_digest_of_its_own(programs: Programs, clients: Clients, folder: Path, uri: str) -> None:
    programs.publish(uri)
    (folder / "helper.py").write_text("WORD = 'second'\n")
    programs.publish(f"{REPOSITORY}:{image_tag(folder)}")
    images = clients.operator("ecr").describe_images(repositoryName="dev-forest")["imageDetails"]
    assert len({image["imageDigest"] for image in images}) == 2


def test_publishing_twice_changes_nothing(programs: Programs, clients: Clients, uri: str) -> None:
    programs.publish(uri)
    programs.publish(uri)
    assert len(clients.operator("ecr").describe_images(repositoryName="dev-forest")["imageDetails"]) == 1


def test_an_image_is_pushed_again_into_a_repository_that_was_made_anew(
    programs: Programs, clients: Clients, uri: str
) -> None:
    programs.publish(uri)
    ecr = clients.operator("ecr")
    ecr.delete_repository(repositoryName="dev-forest", force=True)
    ecr.create_repository(repositoryName="dev-forest")
    programs.publish(uri)
    [image] = ecr.describe_images(repositoryName="dev-forest")["imageDetails"]
    assert image["imageTags"] == [uri.rpartition(":")[2]]


def test_another_cloud_publishes_from_the_same_cache(
    programs: Programs, clients: Clients, folder: Path, uri: str, tmp_path: Path
) -> None:
    programs.publish(uri)
    other = Programs(clients=clients, containers=folder.parent, cache=tmp_path / "cache")
    other.publish(uri)  # the image exists already
    assert other.program(uri) == programs.program(uri)


def test_a_program_runs_in_its_own_environment_and_folder(programs: Programs, uri: str, tmp_path: Path) -> None:
    programs.publish(uri)
    program = programs.program(uri)
    code, said = run(programs, uri, tmp_path)
    assert code == 0
    assert said.startswith(f"first {program.environment} {program.files} ")


def test_a_program_gets_nothing_of_our_environment(
    programs: Programs, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    programs.publish(uri)
    names = ["GIVEN", "HOME", "LANG", "PATH", "PYTHONUNBUFFERED", "SAGEMAKER_BASE_DIR", "TMPDIR"]
    assert str(names) in run(programs, uri, tmp_path, GIVEN="1")[1]


def test_a_published_image_does_not_change_with_its_folder(
    programs: Programs, folder: Path, uri: str, tmp_path: Path
) -> None:
    programs.publish(uri)
    (folder / "helper.py").write_text("WORD = 'second'\n")
    assert run(programs, uri, tmp_path)[1].startswith("first ")


def test_a_tag_that_no_folder_has_is_explained(programs: Programs, folder: Path, uri: str) -> None:
    (folder / "helper.py").write_text("WORD = 'second'\n")
    with pytest.raises(CloudError, match="edited since the synthesis"):
        programs.publish(uri)


def test_an_image_without_repository_is_explained(programs: Programs, uri: str) -> None:
    with pytest.raises(CloudError, match=r"prod-forest:.* cannot be pushed to ECR: .*does not exist"):
        programs.publish(uri.replace("dev-forest", "prod-forest"))


def test_an_image_that_was_not_published_is_not_found(programs: Programs, uri: str) -> None:
    with pytest.raises(AwsError, match=r"ValidationException: Requested image .* not found"):
        programs.program(uri)


@pytest.mark.parametrize("uri", ["forest", REPOSITORY, "docker.io/library/python:3"])
def test_an_address_outside_ecr_is_refused(programs: Programs, uri: str) -> None:
    with pytest.raises(AwsError, match="ValidationException: Invalid image URI"):
        programs.publish(uri)


def test_a_cloud_that_comes_back_has_the_images_that_are_in_ecr(
    programs: Programs, uri: str, clients: Clients, tmp_path: Path
) -> None:
    again = Programs(clients=clients, containers=tmp_path / "none", cache=tmp_path / "cache")
    with pytest.raises(AwsError, match="not found"):
        again.program(uri)
    programs.publish(uri)
    assert again.program(uri) == programs.program(uri)


def test_an_image_whose_files_are_gone_is_said(programs: Programs, uri: str, clients: Clients, tmp_path: Path) -> None:
    programs.publish(uri)
    again = Programs(clients=clients, containers=tmp_path / "none", cache=tmp_path / "other")
    with pytest.raises(AwsError, match=r"is in ECR, but .*other/images/\w+ is gone: deploy again"):
        again.program(uri)
