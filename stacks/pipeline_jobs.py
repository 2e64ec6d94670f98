"""The jobs of a pipeline, as its spec has them."""

from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from penstock.catalogue.images import ImageReference, prebuilt_image
from penstock.spec import Pipeline
from penstock.spec.environment import Vpc
from penstock.spec.image import image_tag
from penstock.spec.metrics import METRICS
from penstock.spec.sections.check import Check
from penstock.spec.sections.judge import Evaluate
from penstock.spec.sections.process import Process
from penstock_constructs.policy import Arn, arn
from penstock_constructs.steps.network import Network
from penstock_constructs.steps.processing import Processing
from penstock_constructs.steps.training import Training

_MINUTE = 60
_PROGRAM, _DRIVER = "/opt/ml/processing/program", "/opt/ml/processing/driver"
# What only an image is built from.
_NOT_PROGRAM = ["Dockerfile", ".*", "requirements.*", "**/__pycache__"]


class PipelineJobs(Construct):
    """What the jobs of a pipeline run, and on what; `root` is the project's folder.

    The programs of the processing container are in its image, and are uploaded too: the model's own image judges the
    model, and has not got them; and SageMaker's own images have not.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, root: Path, environment: str, pipeline: Pipeline, vpc: Vpc | None
    ) -> None:
        super().__init__(scope, construct_id)
        self._spec = pipeline
        self._vpc = Network(subnets=vpc.subnets, security_groups=vpc.security_groups) if vpc else Network()
        train, process = (
            root / "containers" / pipeline.train.container,
            root / "containers" / pipeline.process.container,
        )
        self.repositories = sorted({f"{environment}-{folder.name}" for folder in (train, process)})
        self.training_image = _image(f"{environment}-{train.name}", train)
        self._processing_image = _image(f"{environment}-{process.name}", process)
        self._program = assets.Asset(self, "Program", path=str(process), exclude=_NOT_PROGRAM)
        self._code = assets.Asset(self, "Code", path=str(pipeline.script)) if pipeline.script else None
        self.code = "${CodeUri}" if self._code else ""
        # Spark runs a .py file, not a zip: the one that begins a folder's or a zip's program.
        spark = pipeline.process.engine == "spark"
        self._driver = assets.Asset(self, "Driver", path=str(process / "__main__.py")) if spark else None
        own = [arn("ecr", f"repository/{repository}") for repository in self.repositories]
        self.image_repositories = [*own, *self._prebuilt_repositories()]
        self.files = [file for file in (self._program, self._driver, self._code) if file]

    @property
    def network(self) -> Network:
        """The network of the containers that train."""
        train = self._spec.train
        return replace(self._vpc, isolated=train.network_isolation, encrypted=train.encrypt_traffic)

    @property
    def serving_network(self) -> Network:
        """The network of the containers that serve; what is without servers takes no isolation."""
        serverless = self._spec.deploy.kind == "serverless"
        return replace(self._vpc, isolated=self._spec.train.network_isolation and not serverless)

    @property
    def training(self) -> Training:
        """The training job."""
        train = self._spec.train
        return Training(
            metrics=[*METRICS[self._spec.problem], "rows_train", "rows_test"],
            volume_gb=train.volume_gb,
            max_runtime_seconds=train.max_runtime_minutes * _MINUTE,
            instance_count=train.instance_count,
            sharded=train.distribution == "sharded",
            validation=self._spec.data.split.validation > 0,
            max_wait_seconds=train.wait_minutes * _MINUTE if train.wait_minutes else None,
            checkpoints=train.checkpointed,
            max_retries=train.max_retries,
            keep_alive_seconds=train.keep_alive_minutes * _MINUTE,
            network=self.network,
        )

    @property
    def checking(self) -> Processing:
        """The job that checks the data."""
        return self._in_its_image(self._job("check", self._spec.check))

    @property
    def processing(self) -> Processing:
        """The job that makes data ready, to train on and to predict."""
        process = self._spec.process
        job = replace(self._job("process", process), instance_count=process.instance_count)
        job = self._on_spark(job, self._driver) if self._driver else self._in_its_image(job)
        code = {"CodeUri": _uri(self._code)} if self._code else {}
        return replace(job, substitutions={**job.substitutions, **code})

    @property
    def judging(self) -> Processing:
        """The jobs that judge a model, in the image of that model."""
        return self._given_program(self._job("evaluate", self._spec.evaluate))

    def _job(self, use: str, section: Check | Evaluate | Process) -> Processing:
        """Return the job of a section of the spec, to which its image is yet to be given."""
        return Processing(
            image="",
            use=use,
            volume_gb=section.volume_gb,
            max_runtime_seconds=section.max_runtime_minutes * _MINUTE,
            network=self._vpc,
        )

    def _prebuilt_repositories(self) -> list[Arn]:
        """Return the ARNs of the repositories in AWS's own accounts that the spec takes images from."""
        process = self._spec.process
        name = "spark" if process.engine == "spark" else process.image
        if name is None:
            return []
        image = self._prebuilt(name)
        resource = f"ecr:${{AWS::Region}}:{image.account}:repository/{image.repository}"
        return [{"Fn::Sub": f"arn:${{AWS::Partition}}:{resource}"}]

    def _in_its_image(self, job: Processing) -> Processing:
        """Return the job in the container's own image, or in SageMaker's if the spec names one."""
        process = self._spec.process
        if process.image is None:
            return replace(job, image="${ProcessingImage}", substitutions={"ProcessingImage": self._processing_image})
        image = {"PrebuiltImage": self._prebuilt(process.image).uri}
        job = self._given_program(job)
        return replace(job, image="${PrebuiltImage}", substitutions={**job.substitutions, **image})

    def _on_spark(self, job: Processing, driver: assets.Asset) -> Processing:
        """Return the job in SageMaker's Spark image, whose instances must reach each other."""
        files = f"{_PROGRAM}/{self._program.s3_object_key}", f"{_DRIVER}/{driver.s3_object_key}"
        given = {
            "ProgramUri": _uri(self._program),
            "DriverUri": _uri(driver),
            "SparkImage": self._prebuilt("spark").uri,
        }
        return replace(
            job,
            image="${SparkImage}",
            network=replace(self._vpc, isolated=False),
            programs={"program": "${ProgramUri}", "driver": "${DriverUri}"},
            run=("smspark-submit", "--py-files", *files),
            substitutions=given,
        )

    def _given_program(self, job: Processing) -> Processing:
        """Return the job with the container's programs, as one file that Python runs."""
        return replace(
            job,
            programs={"program": "${ProgramUri}"},
            run=("python3", f"{_PROGRAM}/{self._program.s3_object_key}"),
            substitutions={"ProgramUri": _uri(self._program)},
        )

    def _prebuilt(self, name: str) -> ImageReference:
        return prebuilt_image(name, self._spec.process.version, cdk.Stack.of(self).region)


def _image(repository: str, container: Path) -> str:
    """Return the URI of the image that is built from the container's folder as it is now."""
    registry = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}"
    return cdk.Fn.sub(f"{registry}/{repository}:{image_tag(container)}")


def _uri(asset: assets.Asset) -> str:
    return f"s3://{asset.s3_bucket_name}/{asset.s3_object_key}"
