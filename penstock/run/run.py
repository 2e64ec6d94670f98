"""A pipeline, run once in a local cloud: synthesise, deploy, upload, execute, look at what came out."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from penstock.errors import PenstockError, RunError
from penstock.local.service import JsonObject
from penstock.run import data, details, execution, report
from penstock.run.execution import Execution
from penstock.run.kept import keep, tail
from penstock.run.progress import Progress
from penstock.run.sample import predict
from penstock.run.session import Session, session
from penstock.run.synth import synthesise
from penstock.spec import Pipeline, Project


@dataclass
class Result:
    """What `--json` prints of a run; `status` is the execution's, or FAILED where there was none."""

    pipeline: str
    status: str = "FAILED"
    outcome: str | None = None
    execution: str | None = None
    endpoint: str | None = None
    model: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    states: list[JsonObject] = field(default_factory=list)
    seconds: float = 0.0
    error: str | None = None


class Run:
    """One run; `say` shows a line, `working` one that the next line replaces."""

    def __init__(
        self,
        project: Project,
        pipeline: Pipeline,
        *,
        environment: str,
        file: Path | None,
        overrides: JsonObject,
        say: Callable[[str], None],
        working: Callable[[str], None],
    ) -> None:
        self._project = project
        self._pipeline = pipeline
        self._environment = environment
        self._file = file
        self._overrides = overrides
        self._say = say
        self._working = working
        self.result = Result(pipeline.name)

    def __call__(self) -> Result:
        """Run to the end; the result is also in `result`, as far as it went, when this raises.

        Raises:
            PenstockError: the run did not succeed; the message says at which step and why.
        """
        began = time.perf_counter()
        try:
            self._run()
            seconds = time.perf_counter() - began
            self._say(f"  Done in {seconds:.1f} s. Everything above ran from cdk.out, as AWS would run it.")
        except PenstockError as error:
            self.result.error = str(error)
            raise
        except (BotoCoreError, ClientError, Boto3Error) as error:
            self.result.error = f"The local cloud refused a call of this run: {error}"
            raise RunError(self.result.error) from error
        finally:
            self.result.seconds = round(time.perf_counter() - began, 2)
        return self.result

    def _run(self) -> None:
        file = self._data()
        self._synthesise()
        with session(self._project.root, self._project.environments[self._environment]) as cloud:
            self._execute(cloud, self._deploy(cloud), file)

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
        run = execution.start(states, outputs["StateMachineArn"], asked, fingerprint)
        self.result.execution, self.result.endpoint = run.name, outputs["EndpointName"]
        kind = "generated rows" if file.generated else "rows"
        self._say(
            report.step(f"{self._pipeline.name} · {report.figure(file.rows(), 0)} {kind} · execution {run.name}\n")
        )
        progress = Progress(say=self._say, working=self._working, detail=lambda state: details.of(state, run))
        with _stopped_when_interrupted(states, run), self._kept(cloud, run):
            for state in execution.follow(states, run):
                progress.show(state)
            if run.status == "SUCCEEDED":
                progress.end(run.stopped)
        self._conclude(cloud, run, file)

    def _conclude(self, cloud: Session, run: Execution, file: data.Data) -> None:
        self.result.status = run.status
        self.result.states = [
            {"name": state.name, "status": state.status, "seconds": round(state.seconds, 2)}
            for state in run.states.values()
        ]
        if run.status != "SUCCEEDED":
            raise RunError(self._failure(cloud, run))
        self.result.outcome = run.output["outcome"]
        self.result.model = run.output.get("model")
        self.result.metrics = run.output["metrics"]
        if self.result.outcome == "DEPLOYED":
            runtime = cloud.clients.operator("sagemaker-runtime")
            table = predict(runtime, run.output["endpoint"], file, self._pipeline.data)
            self._say("\n" + "\n".join(table))
            self._say(f"\n  Endpoint {self.result.endpoint} · {self._next(cloud)}")
        else:
            self._say(f"\n  {self.result.outcome}: {'; '.join(run.output['reasons'])}. {self._serving(cloud)}")
        self._say(f"  Run      {self._shown_folder(run)}  (calls, logs, history)")

    def _next(self, cloud: Session) -> str:
        if cloud.own:
            return "served by this run's own cloud, which ends with it; `penstock local up` keeps one"
        return (
            f"aws sagemaker-runtime invoke-endpoint --endpoint-name {self.result.endpoint} --content-type text/csv"
            f" --body fileb://{self._pipeline.folder.relative_to(self._project.root)}/"
            f"{self._pipeline.smoke_test.file} /dev/stdout"
        )

    def _failure(self, cloud: Session, run: Execution) -> str:
        state = run.failed_state
        where = f"at {state.name}" if state is not None else "before its first state"
        cause = execution.reason(run.cause)
        told = f"Execution {run.name} ended {run.status} {where}: {': '.join(filter(None, (run.error, cause)))}"
        log = tail(self._folder(run), "training" if state is not None and state.name == "Train" else "endpoints")
        if state is not None and state.name != "Prepare" and log and log[-1].strip() not in told:
            told += "\nIts log ends:\n" + "\n".join(f"  {line}" for line in log)
        return f"{told}\n{self._serving(cloud)} Calls, logs and history: {self._shown_folder(run)}"

    def _serving(self, cloud: Session) -> str:
        sagemaker = cloud.clients.operator("sagemaker")
        try:
            endpoint = sagemaker.describe_endpoint(EndpointName=self.result.endpoint)
            config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
        except sagemaker.exceptions.ClientError:
            return "No endpoint was there before, and none was left behind that serves."
        model = config["ProductionVariants"][0]["ModelName"]
        return f"Endpoint {self.result.endpoint} is {endpoint['EndpointStatus']} with {model}."

    def _folder(self, run: Execution) -> Path:
        return self._project.root / ".penstock" / "runs" / run.name

    def _shown_folder(self, run: Execution) -> str:
        return str(self._folder(run).relative_to(self._project.root))

    @contextlib.contextmanager
    def _kept(self, cloud: Session, run: Execution) -> Iterator[None]:
        """Leave the run's calls, logs, history and template in a folder of its own, however it ends."""
        calls = cloud.work / "calls.jsonl"
        before = calls.stat().st_size
        try:
            yield
        finally:
            keep(cloud, run, self._folder(run), calls_from=before)


@contextlib.contextmanager
def _stopped_when_interrupted(states: Any, run: Execution) -> Iterator[None]:
    """A run that is interrupted must not go on in a cloud that outlives it."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):
            states.stop_execution(executionArn=run.arn, error="Interrupted", cause="penstock local run was interrupted")
        raise
