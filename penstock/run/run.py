"""A pipeline, run once in a local cloud: synthesise, deploy, upload, execute, look at what came out."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from penstock.errors import RunError
from penstock.local.faults.fault import Fault
from penstock.local.service import JsonObject
from penstock.run import batch, data, executing, report
from penstock.run.following import Following
from penstock.run.machines import endpoint_of
from penstock.run.misbehaviour import misbehaviour
from penstock.run.permissions import accounted
from penstock.run.result import Result
from penstock.run.sample import predict
from penstock.run.session import Session, session
from penstock.run.synth import synthesise
from penstock.spec import Pipeline, Project

# What InvokeEndpoint answers at once.
_ANSWERING = ("realtime", "serverless")


class Run:
    """One run, on the data of `file`; a batch pipeline predicts for `rows`.

    `say` shows a line, `working` one that the next line replaces.
    """

    def __init__(
        self,
        project: Project,
        pipeline: Pipeline,
        *,
        environment: str,
        speed: float = 1.0,
        file: Path | None,
        rows: Path | None,
        overrides: JsonObject,
        faults: Sequence[Fault] = (),
        permissions: bool = False,
        result: Result,
        say: Callable[[str], None],
        working: Callable[[str], None],
    ) -> None:
        self._project = project
        self._pipeline = pipeline
        self._environment = environment
        self._speed = speed
        self._file = file
        self._rows = rows
        self._overrides = overrides
        self._faults = faults
        self._permissions = permissions
        self._say = say
        self._working = working
        self._result = result

    def __call__(self) -> None:
        """Run to the end; `result` has what came out, as far as it went, when this raises.

        Raises:
            PenstockError: the run did not succeed; the message says at which step and why.
            ClientError: the cloud refused a call.
        """
        began = time.perf_counter()
        self._run()
        seconds = time.perf_counter() - began
        self._say(f"  Done in {seconds:.1f} s. Everything above ran from cdk.out, as AWS would run it.")

    def _run(self) -> None:
        file = self._data()
        self._synthesise()
        environment = self._project.environments[self._environment]
        with (
            session(self._project.root, environment, speed=self._speed) as cloud,
            accounted(cloud.connection, self._result.permissions, self._say, wanted=self._permissions),
            misbehaviour(cloud.connection, self._result.faults, self._say) as misbehaving,
        ):
            self._check_answerable(cloud)
            outputs = self._deploy(cloud)
            misbehaving.plan(self._faults)
            self._execute(cloud, outputs, file)

    def _synthesise(self) -> None:
        began = time.perf_counter()
        self._working(f"Synthesising {self._environment} …")
        what = "Synthesised" if synthesise(self._project.root) else "Reused what is synthesised of"
        stacks = " and ".join(f"{self._environment}/{name}" for name in ("platform", *self._project.pipelines))
        self._say(report.step(f"{what} {stacks} … {time.perf_counter() - began:.1f} s"))

    def _deploy(self, cloud: Session) -> Mapping[str, str]:
        self._working(f"Deploying to {cloud.clients.url} …")
        deployed = cloud.connection.deploy(self._project.root / "cdk.out", self._environment)
        self._say(
            report.step(
                f"Local cloud on {cloud.clients.url} … {deployed['resources']} resources deployed in"
                f" {deployed['seconds']:.1f} s, images ready in {deployed['image_seconds']:.1f} s"
            )
        )
        outputs: dict[str, dict[str, str]] = deployed["outputs"]
        return outputs[f"{self._environment}-platform"] | outputs[f"{self._environment}-{self._pipeline.name}"]

    def _check_answerable(self, cloud: Session) -> None:
        if cloud.own and self._pipeline.approval == "manual":
            raise RunError(
                f"{self._pipeline.name} asks for approval, and nobody could give it in a cloud that ends with the run."
                " Start `penstock local up`, export what it prints, and run again."
            )

    def _data(self) -> data.Data:
        if self._file is not None:
            return data.given("--data", self._file)
        return data.generate(self._pipeline.folder, self._project.root / ".penstock" / "generated")

    def _to_predict(self, file: data.Data) -> data.Data | None:
        """Return what a batch pipeline is to predict for: without a file of its own, the data that it learns from."""
        if self._pipeline.deploy.kind != "batch":
            return None
        return file if self._rows is None else data.given("--predict", self._rows)

    def _execute(self, cloud: Session, outputs: Mapping[str, str], file: data.Data) -> None:
        bucket, to_predict = outputs["DataBucketName"], self._to_predict(file)
        asked = {"data": self._upload(cloud, bucket, file)} | self._overrides
        if to_predict is not None:
            asked["predict"] = self._upload(cloud, bucket, to_predict)
        states = cloud.clients.operator("stepfunctions")
        run = executing.start(states, outputs["StateMachineArn"], asked, file.fingerprint(), speed=cloud.speed)
        self._result.execution = run.name
        self._result.endpoint = endpoint_of(self._pipeline, self._environment)
        kind = "generated rows" if file.generated else "rows"
        self._say(
            report.step(f"{self._pipeline.name} · {report.figure(file.rows(), 0)} {kind} · execution {run.name}\n")
        )
        if run.joined:
            self._say("  Joined   the same run was under way already: it is followed here too, and Ctrl+C stops it.\n")
        following = Following(cloud, self._project.root, run, self._result, say=self._say, working=self._working)
        following.follow()
        if self._result.outcome == "DEPLOYED":
            self._show_predictions(cloud, file, to_predict)
        following.end()
        if self._result.outcome == "DEPLOYED" and self._pipeline.deploy.kind in _ANSWERING:
            self._say(self._next(cloud))

    def _upload(self, cloud: Session, bucket: str, file: data.Data) -> str:
        key = f"{self._pipeline.name}/{file.fingerprint()[:8]}/{file.name}"
        cloud.clients.operator("s3").upload_file(str(file.path), bucket, key)
        return f"s3://{bucket}/{key}"

    def _show_predictions(self, cloud: Session, file: data.Data, to_predict: data.Data | None) -> None:
        if to_predict is not None and self._result.predictions:
            table = batch.table(cloud.clients.operator("s3"), self._result.predictions, to_predict, self._pipeline.data)
            self._say("\n" + "\n".join(table))
        elif self._pipeline.deploy.kind in _ANSWERING:
            runtime = cloud.clients.operator("sagemaker-runtime")
            table = predict(runtime, str(self._result.endpoint), file, self._pipeline.data)
            self._say("\n" + "\n".join(table))

    def _next(self, cloud: Session) -> str:
        if cloud.own:
            return "  Served   by this run's own cloud, which ends with it; `penstock local up` keeps one"
        rows = self._pipeline.smoke_test.file if self._pipeline.smoke_test else "rows.csv"
        return (
            f"  Try      aws sagemaker-runtime invoke-endpoint --endpoint-name {self._result.endpoint}"
            f" --content-type text/csv --body fileb://{self._pipeline.folder.relative_to(self._project.root)}/{rows}"
            " /dev/stdout"
        )
