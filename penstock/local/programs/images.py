"""Images as programs: a container's folder and its packages stand for the image that AWS would pull."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from penstock.errors import CloudError
from penstock.local.clients import Clients
from penstock.local.programs.building import lay_out, packed
from penstock.local.programs.environments import built, environment
from penstock.local.programs.prebuilt import prebuilt
from penstock.local.programs.program import Program
from penstock.local.service import AwsError
from penstock.spec.image import image_tag

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
            program = packed(files, self._cache)
        self._push(image)  # each time: the repository may have been made anew since
        self._published[image_uri] = program

    def check(self, image_uri: str) -> None:
        """Refuse an image that is not there; one of AWS's is prepared when a program of it is first wanted.

        Raises:
            AwsError: ValidationException.
        """
        if not self.of_aws(image_uri):
            self.program(image_uri)

    def program(self, image_uri: str) -> Program:
        """Return the program of a published image, or of one that AWS has made.

        Raises:
            AwsError: ValidationException, there is no such image.
            CloudError: its packages cannot be installed.
        """
        if image_uri not in self._published:
            self._published[image_uri] = self._prepared(image_uri) or self._pulled(image_uri)
        return self._published[image_uri]

    def of_aws(self, image_uri: str) -> bool:
        """Is an image in an account of AWS's, and one that this machine has a stand-in for?"""
        return self._prebuilt(image_uri) is not None

    def _prebuilt(self, image_uri: str) -> tuple[Path, Path] | None:
        image = ImageUri.parse(image_uri)
        if image.registry == self._clients.account:
            return None
        return prebuilt(image.repository, self._containers)

    def _prepared(self, image_uri: str) -> Program | None:
        found = self._prebuilt(image_uri)
        if found is None:
            return None
        files, requirements = found
        return Program(files, environment(requirements, self._cache / "environments"))

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
        return packed(files, self._cache)

    def _copy(self, image_uri: str, tag: str, target: Path) -> None:
        folders = [dockerfile.parent for dockerfile in sorted(self._containers.glob("*/requirements.txt"))]
        folder = next((folder for folder in folders if image_tag(folder) == tag), None)
        if folder is None:
            raise CloudError(
                f"No folder in {self._containers} has the content that the image {image_uri} was named after (a tag is"
                " the hash of the folder). It was edited since the synthesis: run `cdk synth` again."
            )
        lay_out(folder, tag, target)

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
