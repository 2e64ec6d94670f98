import json
from pathlib import Path
from typing import Any

import pytest

from penstock.local.service import AwsError

ARN = "arn:aws:sagemaker:us-east-1:123456789012:processing-job/p"
GROUP = "/aws/sagemaker/ProcessingJobs"


def source(name: str, uri: str, path: str = "/opt/ml/processing/input") -> dict[str, Any]:
    s3 = {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix", "S3InputMode": "File"}
    return {"InputName": name, "S3Input": s3}


def target(uri: str, path: str = "/opt/ml/processing/output", **more: Any) -> dict[str, Any]:
    s3 = {"S3Uri": uri, "LocalPath": path, "S3UploadMode": "EndOfJob"}
    return {"Outputs": [{"OutputName": "out", "S3Output": s3}], **more}


def test_a_job_works_on_what_comes_from_s3_and_its_output_goes_there(world: Any) -> None:
    world.put("in/deep/a.csv", b"1")
    script = """
folder = base / "processing/output/parts"
folder.mkdir()
(folder / "b.csv").write_text((base / "processing/input/deep/a.csv").read_text() * 2)
"""
    inputs, outputs = [source("data", "s3://artefacts/in/")], target("s3://artefacts/out/")
    assert world.process(script, ProcessingInputs=inputs, ProcessingOutputConfig=outputs) == ARN
    job = world.ended("ProcessingJob", "p")
    assert job["ProcessingJobStatus"] == "Completed"
    assert job["CreationTime"] <= job["ProcessingStartTime"] <= job["ProcessingEndTime"]
    assert world.get("out/parts/b.csv") == b"11"


def test_paths_below_opt_ml_are_those_of_this_machine(world: Any) -> None:
    entrypoint = ["python3", "-c", "import json, os, sys; print(json.dumps([sys.argv[1:], os.environ['PLACE']]))"]
    arguments = ["--out=/opt/ml/processing/output", "/opt/ml/config", "/opt/mlflow", "s3://b/opt/ml/x"]
    world.processed(
        AppSpecification={
            "ImageUri": world.image,
            "ContainerEntrypoint": entrypoint,
            "ContainerArguments": arguments,
        },
        Environment={"PLACE": "/opt/ml/model"},
    )
    said, place = json.loads(world.messages(GROUP)[0])
    base = world.work / "processing/p/algo-1/ml"
    assert said == [f"--out={base}/processing/output", f"{base}/config", "/opt/mlflow", "s3://b/opt/ml/x"]
    assert place == f"{base}/model"


def test_the_configuration_is_sagemakers(world: Any) -> None:
    script = """
for name in ("processingjobconfig", "resourceconfig"):
    print(json.dumps(json.loads((base / f"config/{name}.json").read_text())))
"""
    world.put("in/a.csv", b"1")
    world.processed(script, ProcessingInputs=[source("data", "s3://artefacts/in/")])
    config, resources = map(json.loads, world.messages(GROUP))
    assert config["ProcessingJobArn"] == ARN
    assert (
        config["ProcessingInputs"][0]["S3Input"]["LocalPath"] == f"{world.work}/processing/p/algo-1/ml/processing/input"
    )
    assert resources == {"current_host": "algo-1", "hosts": ["algo-1"]}


def test_without_an_entrypoint_the_images_own_runs(world: Any) -> None:
    job = world.processed(AppSpecification={"ImageUri": world.image, "ContainerArguments": ["one"]})
    assert job["ProcessingJobStatus"] == "Completed"
    assert world.messages(GROUP) == ["processing one"]


def test_what_a_program_says_at_its_end_is_the_exit_message(world: Any) -> None:
    job = world.processed("(base / 'output/message').write_text('12 rows dropped')")
    assert job["ExitMessage"] == "12 rows dropped"


def test_a_crash_fails_the_job_and_uploads_nothing(world: Any) -> None:
    script = "(base / 'processing/output/x').write_text('x'); sys.exit(3)"
    job = world.processed(script, ProcessingOutputConfig=target("s3://artefacts/out"))
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: See job logs for more information, exit code: 3"
    assert "Contents" not in world.clients.operator("s3").list_objects_v2(Bucket="artefacts")


def test_a_job_can_be_stopped(world: Any) -> None:
    world.process("time.sleep(60)")
    assert world.call("StopProcessingJob", ProcessingJobName="p") == {}
    assert world.ended("ProcessingJob", "p")["ProcessingJobStatus"] == "Stopped"


def test_a_job_that_takes_too_long_is_stopped(world: Any) -> None:
    job = world.processed("time.sleep(60)", StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert job["ProcessingJobStatus"] == "Stopped"


def test_an_isolated_job_has_no_credentials(world: Any) -> None:
    world.processed("print([*os.environ])", NetworkConfig={"EnableNetworkIsolation": True})
    assert "AWS_" not in world.messages(GROUP)[0]


def test_the_output_is_encrypted_with_the_key(world: Any) -> None:
    key = world.clients.operator("kms").create_key()["KeyMetadata"]["Arn"]
    config = target("s3://artefacts/out", KmsKeyId=key)
    world.processed("(base / 'processing/output/x').write_text('x')", ProcessingOutputConfig=config)
    assert world.clients.operator("s3").head_object(Bucket="artefacts", Key="out/x")["SSEKMSKeyId"] == key


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"ProcessingInputs": [source("d", "s3://artefacts/none/")]}, "No S3 objects found under S3 URL"),
        ({"ProcessingInputs": [source("d", "https://x/")]}, "Invalid S3 URI"),
        ({"ProcessingInputs": [source("d", "s3://artefacts/x", "/data/in")]}, "must be an absolute path below"),
        (
            {"ProcessingInputs": [source("d", "s3://artefacts/x", "/opt/ml/processing/../..")]},
            "must be an absolute path below",
        ),
        ({"ProcessingInputs": [source("d", "s3://artefacts/x")] * 2}, "Input names must be unique"),
        ({"ProcessingOutputConfig": target("s3://b/x", KmsKeyId="none")}, "Invalid KMS key none"),
        (
            {"ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}}},
            "ClusterConfig lacks InstanceCount",
        ),
        ({"ProcessingInputs": [{"InputName": "d", "DatasetDefinition": {}}]}, "does not serve ProcessingInputs"),
    ],
)
def test_what_is_refused(world: Any, request_: dict[str, Any], message: str) -> None:
    with pytest.raises(AwsError, match=message):
        world.process(**request_)


def test_a_name_stays_taken(world: Any) -> None:
    world.processed()
    with pytest.raises(AwsError) as caught:
        world.process()
    assert str(caught.value) == (
        "ResourceInUse: Job name must be unique within an AWS account and region, and a job with this name already"
        f" exists ({ARN})"
    )


def test_a_job_that_is_not_there(world: Any) -> None:
    with pytest.raises(AwsError, match="ValidationException: Could not find requested job with name: none"):
        world.call("DescribeProcessingJob", ProcessingJobName="none")


def test_jobs_are_listed(world: Any) -> None:
    world.processed("sys.exit(1)")
    (job,) = world.call("ListProcessingJobs", StatusEquals="Failed")["ProcessingJobSummaries"]
    assert (job["ProcessingJobName"], job["ProcessingJobArn"]) == ("p", ARN)
    assert job["FailureReason"].startswith("AlgorithmError")


def test_each_instance_processes_its_share(world: Any) -> None:
    for name in ("a", "b", "c"):
        world.put(f"in/{name}.csv", name.encode())
    sharded = source("data", "s3://artefacts/in/")
    sharded["S3Input"]["S3DataDistributionType"] = "ShardedByS3Key"
    script = """
a = base/"processing"
h = json.load(open(base/"config/resourceconfig.json"))
for n in os.listdir(a/"input"): (a/"output"/n).write_text(str(h))
"""
    cluster = {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 30}}
    world.processed(
        script,
        ProcessingInputs=[sharded],
        ProcessingOutputConfig=target("s3://artefacts/out"),
        ProcessingResources=cluster,
    )
    found = [world.get(f"out/{name}.csv").decode() for name in ("a", "b", "c")]
    hosts = ["algo-1", "algo-2"]
    assert found == [str({"current_host": host, "hosts": hosts}) for host in ("algo-1", "algo-2", "algo-1")]


def test_a_continuous_output_is_there_even_of_a_job_that_fails(world: Any) -> None:
    config = target("s3://artefacts/out")
    config["Outputs"][0]["S3Output"]["S3UploadMode"] = "Continuous"
    script = "(base / 'processing/output/x').write_text('x'); (base / 'output/message').write_text('bad'); sys.exit(1)"
    job = world.processed(script, ProcessingOutputConfig=config)
    assert (job["ProcessingJobStatus"], job["ExitMessage"]) == ("Failed", "bad")
    assert world.get("out/x") == b"x"


def test_a_continuous_output_is_uploaded_while_the_program_runs(world: Any, until: Any) -> None:
    config = target("s3://artefacts/out")
    config["Outputs"][0]["S3Output"]["S3UploadMode"] = "Continuous"
    world.process("(base / 'processing/output/x').write_text('x'); time.sleep(60)", ProcessingOutputConfig=config)
    s3 = world.clients.operator("s3")
    until(lambda: s3.list_objects_v2(Bucket="artefacts", Prefix="out/").get("Contents"))
    assert world.call("DescribeProcessingJob", ProcessingJobName="p")["ProcessingJobStatus"] == "InProgress"


def test_a_manifest_names_the_inputs(world: Any) -> None:
    world.put("in/a.csv", b"1")
    world.put("in/b.csv", b"2")
    world.put("m.json", json.dumps([{"prefix": "s3://artefacts/in/"}, "b.csv"]).encode())
    listed = source("data", "s3://artefacts/m.json")
    listed["S3Input"]["S3DataType"] = "ManifestFile"
    world.processed("print(*os.listdir(base / 'processing/input'))", ProcessingInputs=[listed])
    assert world.messages(GROUP) == ["b.csv"]


def test_a_network_that_is_none_is_refused(world: Any) -> None:
    config = {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-01234567"]}}
    with pytest.raises(AwsError, match="subnet-1 is no id of a subnet"):
        world.process(NetworkConfig=config)


OF_AWS = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"


def test_an_image_of_aws_runs_the_project_s_own_packages(world: Any, tmp_path: Path) -> None:
    shared = tmp_path / "containers/tabular"
    shared.mkdir()
    (shared / "requirements.txt").write_text("")
    specification = {"ImageUri": OF_AWS, "ContainerEntrypoint": ["python3", "-c", "print('ran')"]}
    assert world.processed(AppSpecification=specification)["ProcessingJobStatus"] == "Completed"
    assert world.messages(GROUP) == ["ran"]


def test_an_image_of_aws_whose_packages_cannot_be_had_fails_the_job(world: Any) -> None:
    job = world.processed(AppSpecification={"ImageUri": OF_AWS})
    assert job["FailureReason"].startswith("InternalServerError: ")
    assert "tabular/requirements.txt: no such file" in job["FailureReason"]


def test_the_role_must_be_let_pull_an_image_of_aws(world: Any) -> None:
    world.deny("ecr:GetDownloadUrlForLayer")
    with pytest.raises(AwsError, match="Access denied for repository: sagemaker-scikit-learn in registry ID: 6833"):
        world.process(AppSpecification={"ImageUri": OF_AWS})


def test_an_image_that_aws_has_not_is_not_found(world: Any) -> None:
    with pytest.raises(AwsError, match="Cannot find repository: sagemaker-xgboost in registry ID: 683313688378"):
        world.process(AppSpecification={"ImageUri": OF_AWS.replace("scikit-learn", "xgboost")})
