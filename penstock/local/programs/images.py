"""Images as programs: a container's folder and its packages stand for the image that AWS would pull."""

import compileall
import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from botocore.exceptions import ClientError

from penstock.errors import CloudError
from penstock.local.clients import Clients
from penstock.local.programs.dockerfile import own_command
from penstock.local.programs.environments import built, environment
from penstock.local.programs.process import Process
from penstock.local.service import AwsError
from penstock.spec.image import build_context, image_tag

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_URI = re.compile(r"(?P<registry>\d{12})\.dkr\.ecr\.(?P<region>[^.]+)\.[^/]+/(?P<repository>[^:@]+):(?P<tag>[^:@]+)")


@dataclass(frozen=True)
class ImageUri:
    """The address of an image in ECR: `<registry>.dkr.ecr.<region>.<suffix>/<repository>:<tag>`."""

    registry: str
    repository: str
    tag: str

    @classmethod
    def parse(cls, uri: str) -> "ImageUri":
        """Take an address apart.

        Raises:
            AwsError: ValidationException, it is no address of an image with a tag in ECR.
        """
        found = _URI.fullmatch(uri)
        if found is None:
            raise AwsError(
                "ValidationException",
                f"Invalid image URI {uri}. Please provide a valid Amazon Elastic "
                "Container Registry path of the Docker image to run, with a tag.",
            )
        return cls(found["registry"], found["repository"], found["tag"])


@dataclass(frozen=True)
class Program:
    """What an image holds: the container's files, and the environment with its packages."""

    files: Path
    environment: Path

    def start(
        self,
        command: Literal["train", "serve"],
        *,
        base: Path,
        variables: Mapping[str, str],
        log: Path,
        file_bytes: int = 0,
    ) -> Process:
        """Run the image as `docker run <image> <command>` would.

        Args:
            command: what SageMaker runs.
            base: the folder that is /opt/ml; the home and the folder for temporary files are beside it.
            variables: what SageMaker sets; nothing else of this process's environment is passed on.
            log: the file that gets the output.
            file_bytes: the size of the largest file that it may write; 0 is no limit.
        """
        return self._process([str(self.files / command)], base, variables, log, file_bytes)

    def run(
        self,
        entrypoint: Sequence[str],
        arguments: Sequence[str],
        *,
        base: Path,
        variables: Mapping[str, str],
        log: Path,
        file_bytes: int = 0,
    ) -> Process:
        """Run the image as `docker run --entrypoint … <image> <argument>…` would; the rest is as in `start`.

        Args:
            entrypoint: the program; if empty, the image's own.
            arguments: its arguments; without these and an entrypoint, the image's own.
            base: the folder that is /opt/ml.
            variables: what SageMaker sets.
            log: the file that gets the output.
            file_bytes: the size of the largest file that it may write; 0 is no limit.
        """
        own_entrypoint, own_arguments = own_command(self.files / "Dockerfile")
        argv = [*entrypoint, *arguments] if entrypoint else [*own_entrypoint, *(arguments or own_arguments)]
        return self._process(argv, base, variables, log, file_bytes)

    def _process(
        self, argv: Sequence[str], base: Path, variables: Mapping[str, str], log: Path, file_bytes: int
    ) -> Process:
        home = base.parent / "home"
        home.mkdir(parents=True, exist_ok=True)
        env = {
            "PATH": f"{self.files}:{self.environment / 'bin'}:{_SYSTEM_PATH}",
            "HOME": str(home),
            "TMPDIR": str(home),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "SAGEMAKER_BASE_DIR": str(base),
            **variables,
        }
        return Process.start(argv, env=env, cwd=self.files, log=log, file_bytes=file_bytes)


class Programs:
    """The images of this cloud; `containers` holds a folder for each, `cache` what is built from them."""

    def __init__(self, *, clients: Clients, containers: Path, cache: Path) -> None:
        self._clients = clients
        self._containers = containers
        self._cache = cache
        self._published: dict[str, Program] = {}

    def publish(self, image_uri: str) -> None:
        """Build an image and push it to ECR, as a deployment to AWS does.

        A published image never changes: what is edited in the folder later has another tag.

        Raises:
            CloudError: no folder has the image's tag, its packages cannot be installed, or there is no such repository.
        """
        image = ImageUri.parse(image_uri)
        program = self._published.get(image_uri)
        if program is None:
            files = built(self._cache / "images" / image.tag, lambda target: self._copy(image_uri, image.tag, target))
            program = Program(files, environment(files / "requirements.txt", self._cache / "environments"))
        self._push(image)  # each time: the repository may have been made anew since
        self._published[image_uri] = program

    def program(self, image_uri: str) -> Program:
        """Return the program of a published image.

        Raises:
            AwsError: ValidationException, there is no such image.
        """
        if image_uri not in self._published:
            self._published[image_uri] = self._pulled(image_uri)
        return self._published[image_uri]

    def _pulled(self, image_uri: str) -> Program:
        """Return the program of an image that ECR has from a cloud that this one has come back as."""
        image = ImageUri.parse(image_uri)
        files = self._cache / "images" / image.tag
        ecr = self._clients.operator("ecr")
        where = {"registryId": image.registry, "repositoryName": image.repository}
        try:
            ecr.describe_images(**where, imageIds=[{"imageTag": image.tag}])
        except ClientError as error:
            raise AwsError("ValidationException", f"Requested image {image_uri} not found.") from error
        if not files.exists():
            raise AwsError("ValidationException", f"{image_uri} is in ECR, but {files} is gone: deploy again.")
        return Program(files, environment(files / "requirements.txt", self._cache / "environments"))

    def _copy(self, image_uri: str, tag: str, target: Path) -> None:
        folders = [dockerfile.parent for dockerfile in sorted(self._containers.glob("*/requirements.txt"))]
        folder = next((folder for folder in folders if image_tag(folder) == tag), None)
        if folder is None:
            raise CloudError(
                f"No folder in {self._containers} has the content that the image {image_uri} was named after (a tag is"
                " the hash of the folder). It was edited since the synthesis: run `cdk synth` again."
            )
        for path in build_context(folder):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / path, target / path, follow_symlinks=False)
        if image_tag(target) != tag:
            raise CloudError(f"{folder}: edited while its image {image_uri} was made from it. Run again.")
        compileall.compile_dir(target, quiet=2)  # here, and not by each program that starts

    def _push(self, image: ImageUri) -> None:
        ecr = self._clients.operator("ecr")
        digest = f"sha256:{hashlib.sha256(image.tag.encode()).hexdigest()}"  # of the one layer: the container's files
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "digest": digest},
            "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": digest}],
        }
        where = {"registryId": image.registry, "repositoryName": image.repository}
        try:
            if not ecr.batch_get_image(**where, imageIds=[{"imageTag": image.tag}])["images"]:
                ecr.put_image(**where, imageTag=image.tag, imageManifest=json.dumps(manifest))
        except ecr.exceptions.ImageAlreadyExistsException:
            pass
        except ClientError as error:
            raise CloudError(f"The image {image.repository}:{image.tag} cannot be pushed to ECR: {error}") from error
