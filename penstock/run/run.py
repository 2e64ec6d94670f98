"""A pipeline, run once in a local cloud: synthesise, deploy, upload, execute, look at what came out."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from penstock.local.faults.fault import Fault
from penstock.local.service import JsonObject
from penstock.run import data, execution, report
from penstock.run.following import Following
from penstock.run.misbehaviour import misbehaviour
from penstock.run.permissions import accounted
from penstock.run.result import Result
from penstock.run.sample import predict
from penstock.run.session import Session, session
from penstock.run.synth import synthesise
from penstock.spec import Pipeline, Project


class Run:
    """One run; `say` shows a line, `working` one that the next line replaces."""

    def __init__(
        self,
        project: Project,
        pipeline: Pipeline,
        *,
        environment: str,
        speed: float = 1.0,
        file: Path | None,
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

    def _data(self) -> data.Data:
        if self._file is not None:
            return data.given(self._file)
        return data.generate(self._pipeline.folder, self._project.root / ".penstock" / "generated")

    def _execute(self, cloud: Session, outputs: Mapping[str, str], file: data.Data) -> None:
        fingerprint = file.fingerprint()
        key = f"{self._pipeline.name}/{fingerprint[:8]}/{file.name}"
        cloud.clients.operator("s3").upload_file(str(file.path), outputs["DataBucketName"], key)
        states = cloud.clients.operator("stepfunctions")
        asked = {"data": f"s3://{outputs['DataBucketName']}/{key}"} | self._overrides
        run = execution.start(states, outputs["StateMachineArn"], asked, fingerprint, speed=cloud.speed)
        self._result.execution, self._result.endpoint = run.name, outputs["EndpointName"]
        kind = "generated rows" if file.generated else "rows"
        self._say(
            report.step(f"{self._pipeline.name} · {report.figure(file.rows(), 0)} {kind} · execution {run.name}\n")
        )
        following = Following(
            cloud,
            self._project.root,
            run,
            self._result,
            gate=self._pipeline.gate,
            say=self._say,
            working=self._working,
        )
        following.follow()
        if self._result.outcome == "DEPLOYED":
            runtime = cloud.clients.operator("sagemaker-runtime")
            table = predict(runtime, run.output["endpoint"], file, self._pipeline.data)
            self._say("\n" + "\n".join(table))
            self._say(f"\n  Endpoint {self._result.endpoint} · {self._next(cloud)}")
        else:
            self._say(
                f"\n  {self._result.outcome}: {report.rounded('; '.join(run.output['reasons']))}. {following.serving()}"
            )
        self._say(f"  Run      {following.shown_folder}  (calls, logs, history)")

    def _next(self, cloud: Session) -> str:
        if cloud.own:
            return "served by this run's own cloud, which ends with it; `penstock local up` keeps one"
        return (
            f"aws sagemaker-runtime invoke-endpoint --endpoint-name {self._result.endpoint} --content-type text/csv"
            f" --body fileb://{self._pipeline.folder.relative_to(self._project.root)}/"
            f"{self._pipeline.smoke_test.file} /dev/stdout"
        )
