import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from penstock.local.faults.fault import Fault
from penstock.local.programs.program import Program
from penstock.local.service import AwsError

ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/j"
SAVE = "(base / 'model/model.txt').write_text('weights');"


def channel(name: str, uri: str, **more: Any) -> dict[str, Any]:
    return {"ChannelName": name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}, **more}


def members(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def test_a_job_that_succeeds_is_completed(world: Any) -> None:
    assert world.train(SAVE) == ARN
    job = world.job_in("Completed")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Completed", "Completed")
    assert job["TrainingTimeInSeconds"] == job["BillableTimeInSeconds"] >= 1
    assert job["CreationTime"] <= job["TrainingStartTime"] <= job["TrainingEndTime"]
    assert job["RoleArn"].endswith("dev-bigmart-execution")
    assert "FailureReason" not in job
    assert "FinalMetricDataList" not in job


def test_a_job_goes_through_aws_s_stages(world: Any) -> None:
    transitions = world.trained(SAVE)["SecondaryStatusTransitions"]
    assert [(step["Status"], step["StatusMessage"]) for step in transitions] == [
        ("Starting", "Preparing the instances for training"),
        ("Downloading", "Downloading input data"),
        ("Training", "Training image download completed. Training in progress."),
        ("Uploading", "Uploading generated training model"),
        ("Completed", "Training job completed"),
    ]
    assert all(step["StartTime"] <= step["EndTime"] for step in transitions)


def test_the_model_is_uploaded(world: Any) -> None:
    job = world.trained(SAVE)
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": "s3://artefacts/out/j/output/model.tar.gz"}
    assert members(world.get("out/j/output/model.tar.gz")) == {"model.txt": b"weights"}


LARGE = "(base / 'model/model.txt').write_bytes(os.urandom(9_000_000));"


def test_a_large_model_goes_in_parts(world: Any) -> None:
    world.trained(LARGE)
    head = world.clients.operator("s3").head_object(Bucket="artefacts", Key="out/j/output/model.tar.gz")
    assert head["ETag"].endswith('-2"')


def test_the_parts_of_a_model_that_cannot_be_written_are_removed(world: Any) -> None:
    world.faults_of_calls.plan([Fault("error", operation="s3:UploadPart", code="InternalError", always=True)])
    assert world.trained(LARGE)["FailureReason"].startswith("ClientError: Artifact upload failed:InternalError")
    world.faults_of_calls.forget()
    assert "Uploads" not in world.clients.operator("s3").list_multipart_uploads(Bucket="artefacts")


def test_other_output_is_uploaded_too(world: Any) -> None:
    world.trained(SAVE + "(base / 'output/data/report.txt').write_text('fine')")
    assert members(world.get("out/j/output/output.tar.gz")) == {"report.txt": b"fine"}


def test_the_model_is_encrypted_with_the_key(world: Any) -> None:
    key = world.clients.operator("kms").create_key()["KeyMetadata"]["Arn"]
    world.trained(SAVE, OutputDataConfig={"S3OutputPath": "s3://artefacts/out", "KmsKeyId": key})
    head = world.clients.operator("s3").head_object(Bucket="artefacts", Key="out/j/output/model.tar.gz")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def test_a_job_without_a_model_uploads_nothing(world: Any) -> None:
    assert world.trained()["TrainingJobStatus"] == "Completed"
    assert "Contents" not in world.clients.operator("s3").list_objects_v2(Bucket="artefacts")


def test_the_channels_are_downloaded(world: Any) -> None:
    for key in ("in/train/a.csv", "in/train/deep/b.csv", "in/train/", "in/one.csv"):
        world.put(key, key.encode())
    script = """
for file in sorted((base / "input/data").rglob("*.csv")): print("found", file.relative_to(base), file.read_text())
"""
    channels = [channel("train", "s3://artefacts/in/train/"), channel("test", "s3://artefacts/in/one.csv")]
    assert world.trained(script, InputDataConfig=channels)["TrainingJobStatus"] == "Completed"
    assert world.messages("/aws/sagemaker/TrainingJobs") == [
        "found input/data/test/one.csv in/one.csv",
        "found input/data/train/a.csv in/train/a.csv",
        "found input/data/train/deep/b.csv in/train/deep/b.csv",
    ]


def test_the_configuration_is_sagemakers(world: Any) -> None:
    world.put("in/a.csv", b"1")
    script = """
import json
for name in ("inputdataconfig", "resourceconfig"):
    print(json.dumps(json.loads((base / f"input/config/{name}.json").read_text())))
"""
    world.trained(script, InputDataConfig=[channel("train", "s3://artefacts/in/", ContentType="text/csv")])
    channels, resources = map(json.loads, world.messages("/aws/sagemaker/TrainingJobs"))
    assert channels == {
        "train": {
            "ContentType": "text/csv",
            "RecordWrapperType": "None",
            "S3DistributionType": "FullyReplicated",
            "TrainingInputMode": "File",
        }
    }
    assert resources["current_host"] == "algo-1"
    assert resources["hosts"] == ["algo-1"]
    assert resources["current_instance_type"] == "ml.m5.large"


def test_the_environment_is_sagemakers(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    world.trained("print(json.dumps(dict(os.environ)))", Environment={"MINE": "1"})
    environment = json.loads(world.messages("/aws/sagemaker/TrainingJobs")[0])
    assert environment["TRAINING_JOB_NAME"] == "j"
    assert environment["TRAINING_JOB_ARN"] == ARN
    assert environment["MINE"] == "1"
    assert environment["AWS_ENDPOINT_URL"] == world.clients.url
    assert "AWS_PROFILE" not in environment


def test_an_isolated_container_has_no_credentials(world: Any) -> None:
    world.trained("print(json.dumps(dict(os.environ)))", EnableNetworkIsolation=True)
    environment = json.loads(world.messages("/aws/sagemaker/TrainingJobs")[0])
    assert not [name for name in environment if name.startswith("AWS_")]


def test_the_last_value_of_each_metric_is_kept(world: Any) -> None:
    definitions = [{"Name": name, "Regex": f"metric {name}=([0-9.eE+-]+);"} for name in ("rmse", "mae", "r2", "never")]
    job = world.trained(
        "print('metric rmse=2.5; metric mae=1;'); print('metric rmse=1e-1;'); print('metric r2=-;')",
        AlgorithmSpecification={
            "TrainingImage": world.image,
            "TrainingInputMode": "File",
            "MetricDefinitions": definitions,
        },
    )
    assert {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]} == {"rmse": 0.1, "mae": 1.0}


def test_the_log_stays_and_the_data_do_not(world: Any) -> None:
    world.put("in/a.csv", b"1")
    world.trained(
        "print('out'); print('err', file=sys.stderr)", InputDataConfig=[channel("train", "s3://artefacts/in/")]
    )
    assert (world.work / "training/j/train.log").read_text() == "out\nerr\n"
    assert not list(world.work.rglob("*.csv"))


def test_a_crash_fails_the_job(world: Any) -> None:
    job = world.trained("raise ZeroDivisionError")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Failed", "Failed")
    assert job["FailureReason"] == "AlgorithmError: , exit code: 1"
    assert job["SecondaryStatusTransitions"][-1]["StatusMessage"] == "Training job failed"
    assert "ZeroDivisionError" in world.messages("/aws/sagemaker/TrainingJobs")[-1]


def test_the_failure_file_is_the_reason(world: Any) -> None:
    job = world.trained("(base / 'output/failure').write_text('no column Sales'); sys.exit(2)")
    assert job["FailureReason"] == "AlgorithmError: no column Sales, exit code: 2"


def test_a_long_failure_is_cut_so_that_the_exit_code_shows(world: Any) -> None:
    job = world.trained("(base / 'output/failure').write_text('x' * 5000); sys.exit(2)")
    assert len(job["FailureReason"]) <= 1024
    assert job["FailureReason"].endswith("x, exit code: 2")


def test_a_failed_job_uploads_nothing(world: Any) -> None:
    world.trained(SAVE + "sys.exit(1)")
    assert "Contents" not in world.clients.operator("s3").list_objects_v2(Bucket="artefacts")


def test_a_job_that_takes_too_long_is_stopped_and_its_model_kept(world: Any) -> None:
    script = f"""
import signal
def save(*_):
    {SAVE}
    sys.exit(0)
signal.signal(signal.SIGTERM, save)
time.sleep(60)
"""
    job = world.trained(script, StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert [step["Status"] for step in job["SecondaryStatusTransitions"]][-2:] == ["Stopping", "MaxRuntimeExceeded"]
    assert members(world.get("out/j/output/model.tar.gz")) == {"model.txt": b"weights"}


def test_a_job_can_be_stopped(world: Any) -> None:
    world.train(SAVE + "time.sleep(60)")
    world.job_in("Training")
    assert world.call("StopTrainingJob", TrainingJobName="j") == {}
    job = world.job_in("Stopped")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert world.processes() == []


def test_a_job_that_has_ended_cannot_be_stopped(world: Any) -> None:
    world.trained()
    with pytest.raises(AwsError, match="rejected because the training job is in status Completed"):
        world.call("StopTrainingJob", TrainingJobName="j")


def test_denied_data_fail_the_job(world: Any) -> None:
    world.put("in/a.csv", b"1")
    deny = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::artefacts/in/*"}
        ],
    }
    world.clients.operator("s3").put_bucket_policy(Bucket="artefacts", Policy=json.dumps(deny))
    job = world.trained(InputDataConfig=[channel("train", "s3://artefacts/in/")])
    assert job["FailureReason"].startswith("ClientError: Data download failed:AccessDenied: User: arn:")


def test_a_bucket_that_has_gone_fails_the_upload(world: Any) -> None:
    job = world.trained(SAVE, OutputDataConfig={"S3OutputPath": "s3://nowhere/out"})
    assert job["FailureReason"].startswith("ClientError: Artifact upload failed:NoSuchBucket")


def test_a_key_that_leads_out_of_its_channel_fails_the_job(world: Any) -> None:
    world.put("in/../../../outside.csv", b"1")
    job = world.trained(InputDataConfig=[channel("train", "s3://artefacts/in/")])
    assert job["FailureReason"].startswith("ClientError: Data download failed:the key")
    assert not list(world.work.rglob("outside.csv"))


def test_a_fault_of_ours_fails_the_job_and_shows(world: Any) -> None:
    world.programs._published[world.image] = Program(Path("/gone"), Path("/gone"))
    job = world.trained()
    assert job["FailureReason"].startswith("InternalServerError: FileNotFoundError")


def test_a_name_that_is_taken_is_refused(world: Any) -> None:
    world.trained()
    with pytest.raises(AwsError, match=rf"ResourceInUse: Training job names must be unique .* \({ARN}\)"):
        world.train()


@pytest.mark.parametrize("operation", ["DescribeTrainingJob", "StopTrainingJob"])
def test_a_job_that_is_not_there(world: Any, operation: str) -> None:
    with pytest.raises(AwsError, match=r"ValidationException: Requested resource not found\."):
        world.call(operation, TrainingJobName="none")


def test_a_channel_without_objects_is_refused(world: Any) -> None:
    with pytest.raises(AwsError, match='No S3 objects found under S3 URL "s3://artefacts/none/" given in input data'):
        world.train(InputDataConfig=[channel("train", "s3://artefacts/none/")])


def test_a_bucket_that_is_not_there_is_refused(world: Any) -> None:
    with pytest.raises(AwsError, match="Error message from S3: The specified bucket does not exist"):
        world.train(InputDataConfig=[channel("train", "s3://nowhere/in/")])


def test_what_is_not_served_is_refused(world: Any) -> None:
    specification = {"TrainingImage": world.image, "TrainingInputMode": "Pipe"}
    with pytest.raises(AwsError) as caught:
        world.train(AlgorithmSpecification=specification, TensorBoardOutputConfig={"S3OutputPath": "s3://artefacts/t"})
    assert "TrainingInputMode='Pipe' (only 'File'), TensorBoardOutputConfig." in str(caught.value)


def test_a_job_needs_an_image_an_instance_and_a_limit(world: Any) -> None:
    with pytest.raises(AwsError, match=r"StoppingCondition\.MaxRuntimeInSeconds must be given"):
        world.train(StoppingCondition={})


def test_a_regular_expression_that_is_wrong_is_refused(world: Any) -> None:
    specification = {"TrainingImage": world.image, "TrainingInputMode": "File"}
    with pytest.raises(AwsError, match="Invalid regex"):
        world.train(AlgorithmSpecification=specification | {"MetricDefinitions": [{"Name": "m", "Regex": "("}]})


def test_a_channel_of_a_name_that_is_taken_is_refused(world: Any) -> None:
    twice = [channel("train", "s3://artefacts/in/")] * 2
    with pytest.raises(AwsError, match="ValidationException: Duplicate channel name: train"):
        world.train(InputDataConfig=twice)


def test_an_output_that_is_not_in_s3_is_refused(world: Any) -> None:
    with pytest.raises(AwsError, match="Invalid S3 URI: https://x"):
        world.train(OutputDataConfig={"S3OutputPath": "https://x"})


def test_a_job_may_not_take_longer_than_the_quota(world: Any) -> None:
    with pytest.raises(AwsError) as caught:
        world.train(StoppingCondition={"MaxRuntimeInSeconds": 432_001})
    assert caught.value.code == "ResourceLimitExceeded"
    assert caught.value.message.startswith(
        "The account-level service limit 'Longest run time for a training job' is 432000 Seconds, with current"
        " utilization of 0 Seconds and a request delta of 432001 Seconds."
    )


@pytest.mark.parametrize("wait", [{}, {"MaxWaitTimeInSeconds": 10}])
def test_a_spot_job_says_how_long_it_may_wait(world: Any, wait: dict[str, int]) -> None:
    with pytest.raises(
        AwsError, match=r"Invalid MaxWaitTimeInSeconds\. It must be present and be greater than or equal"
    ):
        world.train(EnableManagedSpotTraining=True, StoppingCondition={"MaxRuntimeInSeconds": 60} | wait)


def test_only_a_spot_job_waits(world: Any) -> None:
    with pytest.raises(AwsError, match="MaxWaitTimeInSeconds is supported only when EnableManagedSpotTraining"):
        world.train(StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60})


def test_jobs_are_listed(world: Any) -> None:
    world.trained()
    (job,) = world.call("ListTrainingJobs", StatusEquals="Completed", NameContains="J")["TrainingJobSummaries"]
    assert job["TrainingJobName"] == "j"
    assert job["TrainingEndTime"] >= job["CreationTime"]


def test_closing_leaves_no_process(world: Any) -> None:
    world.train("time.sleep(60)")
    world.job_in("Training")
    world.sagemaker.close()
    assert world.processes() == []


RESOURCES = {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 30}


def test_each_instance_has_a_program_and_a_folder_of_its_own(world: Any) -> None:
    script = """
config = json.loads((base / "input/config/resourceconfig.json").read_text())
host = config["current_host"]
(base / f"model/{host}.txt").write_text(",".join(config["hosts"]))
(base / "model/both.txt").write_text(host)
print("I am", host)
time.sleep(0.5)
"""
    assert world.trained(script, ResourceConfig=RESOURCES)["TrainingJobStatus"] == "Completed"
    both = "algo-1,algo-2"
    assert members(world.get("out/j/output/model.tar.gz")) == {
        "algo-1.txt": both.encode(),
        "algo-2.txt": both.encode(),
        "both.txt": b"algo-1",
    }
    assert sorted(world.messages("/aws/sagemaker/TrainingJobs")) == ["I am algo-1", "I am algo-2"]
    assert {row[4]["Host"] for row in world.published.measured} == {"j/algo-1", "j/algo-2"}


def test_a_channel_is_shared_or_copied_to_each_instance(world: Any) -> None:
    for name in ("a", "b", "c"):
        world.put(f"shared/{name}.csv", name.encode())
    sharded = channel("train", "s3://artefacts/shared/")
    sharded["DataSource"]["S3DataSource"]["S3DataDistributionType"] = "ShardedByS3Key"
    script = """
host = json.loads((base / "input/config/resourceconfig.json").read_text())["current_host"]
for name in ("train", "all"): print(host, name, *sorted(file.name for file in (base / "input/data" / name).iterdir()))
"""
    world.trained(script, ResourceConfig=RESOURCES, InputDataConfig=[sharded, channel("all", "s3://artefacts/shared/")])
    assert sorted(world.messages("/aws/sagemaker/TrainingJobs")) == [
        "algo-1 all a.csv b.csv c.csv",
        "algo-1 train a.csv c.csv",
        "algo-2 all a.csv b.csv c.csv",
        "algo-2 train b.csv",
    ]


def test_an_instance_that_fails_ends_the_others(world: Any) -> None:
    script = """
host = json.loads((base / "input/config/resourceconfig.json").read_text())["current_host"]
if host == "algo-1": time.sleep(60)
(base / "output/failure").write_text("I am " + host)
sys.exit(3)
"""
    job = world.trained(script, ResourceConfig=RESOURCES)
    assert job["FailureReason"] == "AlgorithmError: I am algo-2, exit code: 3"
    assert world.processes() == []


def test_a_manifest_names_the_objects_of_a_channel(world: Any) -> None:
    world.put("shared/deep/a.csv", b"1")
    world.put("shared/b.csv", b"2")
    world.put("m.json", json.dumps([{"prefix": "s3://artefacts/shared/"}, "deep/a.csv"]).encode())
    listed = channel("train", "s3://artefacts/m.json")
    listed["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    script = "print(*(file.relative_to(base) for file in (base / 'input/data').rglob('*.csv')))"
    world.trained(script, InputDataConfig=[listed])
    assert world.messages("/aws/sagemaker/TrainingJobs") == ["input/data/train/deep/a.csv"]


def test_a_manifest_that_is_none_fails_the_job(world: Any) -> None:
    world.put("m.json", b'["a.csv"]')
    listed = channel("train", "s3://artefacts/m.json")
    listed["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    reason = world.trained(InputDataConfig=[listed])["FailureReason"]
    assert reason.startswith("ClientError: Data download failed:s3://artefacts/m.json is no manifest")


# Each start of the program adds a line to its checkpoint; the first one hangs.
RESUMING = """
file = base / "checkpoints/deep/lines"
file.parent.mkdir(parents=True, exist_ok=True)
with file.open("a") as lines: lines.write("started\\n")
started = file.read_text().count("started")
if started == 1: time.sleep(60)
(base / "model/model.txt").write_text(str(started))
"""
SPOT = {
    "EnableManagedSpotTraining": True,
    "StoppingCondition": {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60},
    "CheckpointConfig": {"S3Uri": "s3://artefacts/c/"},
}


def test_a_spot_job_that_is_interrupted_goes_on_from_its_checkpoints(world: Any) -> None:
    world.faults.plan([Fault("interrupt", job="training", seconds=0.5)])
    job = world.trained(RESUMING, **SPOT)
    assert [step["Status"] for step in job["SecondaryStatusTransitions"]] == [
        "Starting",
        "Downloading",
        "Training",
        "Interrupted",
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert members(world.get("out/j/output/model.tar.gz")) == {"model.txt": b"2"}
    assert world.get("c/deep/lines") == b"started\nstarted\n"


def test_a_job_that_is_not_on_spot_instances_is_not_interrupted(world: Any) -> None:
    world.faults.plan([Fault("interrupt", job="training", seconds=0)])
    world.trained("time.sleep(0.2)")
    assert [fault["met"] for fault in world.faults.described()] == [[]]


def test_a_spot_job_waits_no_longer_than_it_may(world: Any) -> None:
    condition = {"MaxRuntimeInSeconds": 1, "MaxWaitTimeInSeconds": 1}
    world.faults.plan([Fault("interrupt", job="training", seconds=0.5, always=True)])
    job = world.trained("time.sleep(60)", **{**SPOT, "StoppingCondition": condition})
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxWaitTimeExceeded")


def test_checkpoints_are_copied_while_the_program_runs(world: Any, until: Any) -> None:
    world.train(RESUMING, CheckpointConfig={"S3Uri": "s3://artefacts/c"})
    s3 = world.clients.operator("s3")
    until(lambda: s3.list_objects_v2(Bucket="artefacts", Prefix="c/deep/lines").get("Contents"))
    assert world.call("DescribeTrainingJob", TrainingJobName="j")["SecondaryStatus"] == "Training"


def test_former_checkpoints_are_there_at_the_start(world: Any) -> None:
    world.put("c/deep/lines", b"started\n")
    config = {"S3Uri": "s3://artefacts/c", "LocalPath": "/opt/ml/mine"}
    script = "print((base / 'mine/deep/lines').read_text())"
    assert world.trained(script, CheckpointConfig=config)["TrainingJobStatus"] == "Completed"
    assert world.messages("/aws/sagemaker/TrainingJobs") == ["started"]


def test_checkpoints_that_cannot_be_written_fail_the_job(world: Any) -> None:
    world.deny("s3:PutObject")
    job = world.trained("(base / 'checkpoints/x').write_text('x')", CheckpointConfig={"S3Uri": "s3://artefacts/c"})
    assert job["FailureReason"].startswith("ClientError: Checkpoint upload failed:AccessDenied")


def test_checkpoints_outside_opt_ml_are_refused(world: Any) -> None:
    with pytest.raises(AwsError, match="checkpoints below /opt/ml/ only, not in /tmp"):
        world.train(CheckpointConfig={"S3Uri": "s3://artefacts/c", "LocalPath": "/tmp"})  # noqa: S108


@pytest.mark.parametrize(("attempts", "status"), [(2, "Completed"), (1, "Failed")])
def test_a_job_is_tried_again_after_a_fault_of_aws(world: Any, attempts: int, status: str) -> None:
    world.faults.plan([Fault("fail", job="training", times=2)])
    job = world.trained(RetryStrategy={"MaximumRetryAttempts": attempts})
    assert job["TrainingJobStatus"] == status
    assert "Restarting" in [step["Status"] for step in job["SecondaryStatusTransitions"]]


def test_a_job_is_not_tried_again_after_a_fault_of_its_own(world: Any) -> None:
    job = world.trained("sys.exit(1)", RetryStrategy={"MaximumRetryAttempts": 3})
    assert "Restarting" not in [step["Status"] for step in job["SecondaryStatusTransitions"]]


def pool(world: Any, name: str = "j") -> Any:
    return world.call("DescribeTrainingJob", TrainingJobName=name).get("WarmPoolStatus")


WARM = {**RESOURCES, "InstanceCount": 1, "KeepAlivePeriodInSeconds": 3600}


def test_a_warm_pool_is_kept_for_the_next_job_of_its_kind(world: Any) -> None:
    world.train("time.sleep(0.3)", ResourceConfig=WARM)
    assert pool(world) == {"Status": "InUse"}
    world.job_in("Completed")
    assert pool(world)["Status"] == "Available"
    world.train(TrainingJobName="other", ResourceConfig={**WARM, "VolumeSizeInGB": 50})
    assert pool(world)["Status"] == "Available"
    world.train(TrainingJobName="next", ResourceConfig={**WARM, "KeepAlivePeriodInSeconds": 0})
    assert (pool(world)["Status"], pool(world)["ReusedByJob"]) == ("Reused", "next")
    world.ended("TrainingJob", "next")
    assert pool(world, "next") is None
    assert pool(world)["Status"] == "Reused"


def test_a_warm_pool_ends_after_its_time_and_with_a_failure(world: Any, until: Any) -> None:
    world.clock = type(world.clock)(speed=100_000)
    world.start()
    world.trained(ResourceConfig=WARM)
    until(lambda: pool(world) == {"Status": "Terminated", "ResourceRetainedBillableTimeInSeconds": 3600})
    world.train("sys.exit(1)", TrainingJobName="failing", ResourceConfig=WARM)
    world.ended("TrainingJob", "failing")
    assert pool(world, "failing")["Status"] == "Terminated"


def test_spot_instances_are_not_kept(world: Any) -> None:
    with pytest.raises(AwsError, match="not supported with managed spot"):
        world.train(ResourceConfig=WARM, **SPOT)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-01234567"]}, "subnet-1 is no id of a subnet"),
        ({"Subnets": ["subnet-01234567"], "SecurityGroupIds": ["default"]}, "default is no id of a security group"),
    ],
)
def test_a_network_that_is_none_is_refused(world: Any, config: dict[str, list[str]], message: str) -> None:
    with pytest.raises(AwsError, match=message):
        world.train(VpcConfig=config)


def test_a_job_in_a_network_trains(world: Any) -> None:
    config = {"Subnets": ["subnet-01234567"], "SecurityGroupIds": ["sg-0123456789abcdef0"]}
    job = world.trained(VpcConfig=config, EnableInterContainerTrafficEncryption=True)
    assert (job["TrainingJobStatus"], job["VpcConfig"]) == ("Completed", config)


def test_a_cloud_that_ends_starts_no_job(world: Any) -> None:
    world.sagemaker.close()
    with pytest.raises(AwsError, match="ServiceUnavailable: The local cloud is ending"):
        world.train()
