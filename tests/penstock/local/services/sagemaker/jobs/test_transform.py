import gzip
import json
from typing import Any

import pytest

from penstock.local.service import AwsError

UPPER = "def predict(body, headers): return 200, body.upper()"
# One prediction a row: the number of its columns, and a mark of the request that it came in.
COUNT = """
asked = 0
def predict(body, headers):
    global asked
    asked += 1
    return 200, "".join(f"{len(row.split(','))},{asked}\\n" for row in body.decode().splitlines()).encode()
"""
LINES = {"SplitType": "Line"}


def test_each_object_is_transformed_into_one_of_its_name(world: Any) -> None:
    world.model("a", UPPER)
    world.put("in/one.csv", b"a")
    world.put("in/deep/two.csv", b"b")
    job = world.transformed()
    assert (job["TransformJobStatus"], job["ModelName"]) == ("Completed", "a")
    assert job["CreationTime"] <= job["TransformStartTime"] <= job["TransformEndTime"]
    assert (world.get("out/one.csv.out"), world.get("out/deep/two.csv.out")) == (b"A", b"B")


def test_a_prefix_may_be_one_object(world: Any) -> None:
    world.model("a", UPPER)
    world.put("in/one.csv", b"a")
    source = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://artefacts/in/one.csv"}}}
    world.transformed(source=source)
    assert world.get("out/one.csv.out") == b"A"


@pytest.mark.parametrize(
    ("strategy", "expected"), [("SingleRecord", b"2,1\n1,2\n3,3\n"), ("MultiRecord", b"2,1\n1,1\n3,1\n")]
)
def test_lines_are_sent_one_by_one_or_together(world: Any, strategy: str, expected: bytes) -> None:
    world.model("a", COUNT)
    world.put("in/a.csv", b"1,2\n3\n4,5,6\n")
    world.transformed(source=LINES, output={"AssembleWith": "Line"}, BatchStrategy=strategy)
    assert world.get("out/a.csv.out") == expected


def test_a_batch_holds_what_fits(world: Any) -> None:
    world.model("a", COUNT)
    world.put("in/a.csv", b"\n".join([b"x" * 500_000] * 3))
    world.transformed(source=LINES, output={"AssembleWith": "Line"}, MaxPayloadInMB=1)
    assert world.get("out/a.csv.out") == b"1,1\n1,1\n1,2\n"


def test_a_record_that_fits_no_payload_fails_the_job(world: Any) -> None:
    world.model("a")
    world.put("in/a.csv", b"x" * 2_000_000)
    job = world.transformed(MaxPayloadInMB=1)
    assert job["TransformJobStatus"] == "Failed"
    assert job["FailureReason"] == (
        "ClientError: artefacts/in/a.csv: a record of 2000000 bytes is larger than MaxPayloadInMB allows"
    )


def test_columns_are_left_out_and_predictions_joined(world: Any) -> None:
    world.model("a", "def predict(body, headers): return 200, body.upper()")
    world.put("in/a.csv", b'7,"a,b",c\n8,d,e\n')
    processing = {"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"}
    world.transformed(source=LINES, output={"AssembleWith": "Line"}, DataProcessing=processing)
    assert world.get("out/a.csv.out") == b"7,C\n8,E\n"


def test_json_lines_are_joined_under_a_name(world: Any) -> None:
    world.model("a", "import json\ndef predict(body, headers): return 200, b'5\\n' * len(body.splitlines())")
    world.put("in/a.jsonl", b'{"id": 1, "x": [2]}\n{"id": 2, "x": [3]}\n')
    world.transformed(
        source=LINES | {"ContentType": "application/jsonlines"},
        output={"AssembleWith": "Line", "Accept": "application/jsonlines"},
        DataProcessing={"InputFilter": "$.x", "JoinSource": "Input", "OutputFilter": "$['id','SageMakerOutput']"},
    )
    results = [json.loads(line) for line in world.get("out/a.jsonl.out").splitlines()]
    assert results == [{"id": 1, "SageMakerOutput": 5}, {"id": 2, "SageMakerOutput": 5}]


def test_other_than_one_result_a_record_fails_a_join(world: Any) -> None:
    world.model("a", "def predict(body, headers): return 200, b'1'")
    world.put("in/a.csv", b"1\n2\n")
    processing = {"JoinSource": "Input"}
    job = world.transformed(source=LINES, output={"AssembleWith": "Line"}, DataProcessing=processing)
    assert job["FailureReason"] == "ClientError: artefacts/in/a.csv: 2 records were sent, and 1 lines came back"


def test_compressed_objects_are_sent_as_they_were(world: Any) -> None:
    world.model("a", UPPER)
    world.put("in/a.csv.gz", gzip.compress(b"abc"))
    world.transformed(source={"CompressionType": "Gzip"})
    assert world.get("out/a.csv.gz.out") == b"ABC"


def test_the_container_knows_what_it_is_asked_to_do(world: Any) -> None:
    world.model("a", "import json\ndef predict(body, headers): return 200, json.dumps(dict(os.environ)).encode()")
    world.put("in/a.csv", b"1")
    world.transformed(MaxConcurrentTransforms=3, Environment={"MINE": "1"})
    environment = json.loads(world.get("out/a.csv.out"))
    assert {
        name: environment[name] for name in environment if name.startswith(("SAGEMAKER_BATCH", "SAGEMAKER_MAX"))
    } == {
        "SAGEMAKER_BATCH": "true",
        "SAGEMAKER_BATCH_STRATEGY": "MULTI_RECORD",
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": "3",
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": "6",
    }
    assert environment["MINE"] == "1"


@pytest.mark.parametrize(("status", "kind"), [(400, "Client"), (500, "Algorithm")])
def test_a_request_that_fails_fails_the_job(world: Any, status: int, kind: str) -> None:
    world.model("a", f"def predict(body, headers): return {status}, b'no such column'")
    world.put("in/a.csv", b"1")
    job = world.transformed()
    assert job["FailureReason"] == f"{kind}Error: See job logs for more information"
    said = f"artefacts/in/a.csv: Bad HTTP status received from algorithm: {status}: no such column"
    assert said in world.messages("/aws/sagemaker/TransformJobs")


def test_a_request_is_sent_again_as_often_as_asked(world: Any) -> None:
    world.model(
        "a", "tries = []\ndef predict(body, headers): tries.append(1); return (500 if len(tries) < 3 else 200), b'x'"
    )
    world.put("in/a.csv", b"1")
    job = world.transformed(ModelClientConfig={"InvocationsMaxRetries": 2})
    assert job["TransformJobStatus"] == "Completed"


def test_a_server_that_does_not_start_fails_the_job(world: Any) -> None:
    world.model("a", "raise SystemExit")
    world.put("in/a.csv", b"1")
    assert "did not pass the ping health check" in world.transformed()["FailureReason"]


def test_a_job_can_be_stopped_and_leaves_no_process(world: Any) -> None:
    world.model("a", "def predict(body, headers): time.sleep(0.3); return 200, body")
    world.put("in/a.csv", b"\n".join([b"1"] * 100))
    world.transform(source=LINES, BatchStrategy="SingleRecord")
    world.call("StopTransformJob", TransformJobName="t")
    assert world.ended("TransformJob", "t")["TransformJobStatus"] == "Stopped"
    assert world.processes() == []


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"ModelName": "none"}, "Could not find model"),
        ({"BatchStrategy": "SingleRecord"}, "requires that SplitType be set"),
        ({"MaxPayloadInMB": 60, "MaxConcurrentTransforms": 2}, "must not exceed 100 MB"),
        ({"source": {"SplitType": "RecordIO"}}, r"SplitType='RecordIO' \(only 'None' or 'Line'\)"),
        ({"DataProcessing": {"InputFilter": "$[x]"}, "source": LINES}, "Invalid JSONPath"),
        ({"DataProcessing": {"JoinSource": "Input"}, "source": LINES}, "must be the same"),
        ({"DataProcessing": {"InputFilter": "$[0]"}}, "of SplitType Line only"),
    ],
)
def test_what_is_refused(world: Any, request_: dict[str, Any], message: str) -> None:
    world.model("a")
    world.put("in/a.csv", b"1")
    with pytest.raises(AwsError, match=message):
        world.transform(**request_)


def test_data_that_are_not_there_are_refused(world: Any) -> None:
    world.model("a")
    with pytest.raises(AwsError, match="No S3 objects found"):
        world.transform()


def test_the_results_are_encrypted_with_the_key(world: Any) -> None:
    key = world.clients.operator("kms").create_key()["KeyMetadata"]["Arn"]
    world.model("a")
    world.put("in/a.csv", b"1")
    world.transformed(output={"KmsKeyId": key})
    assert world.clients.operator("s3").head_object(Bucket="artefacts", Key="out/a.csv.out")["SSEKMSKeyId"] == key


def test_the_container_says_how_much_it_takes_at_a_time(world: Any) -> None:
    said = b'{"BatchStrategy": "SingleRecord", "MaxConcurrentTransforms": 2}'
    world.model(
        "a", f"{COUNT}\ndef get(path): return (200, {said!r}) if path == '/execution-parameters' else (200, b'')"
    )
    world.put("in/a.csv", b"1\n2\n")
    world.transformed(source=LINES, output={"AssembleWith": "Line"})
    assert world.get("out/a.csv.out") == b"1,1\n1,2\n"


def test_a_model_whose_data_have_gone_fails_the_job(world: Any) -> None:
    world.model("a")
    world.put("in/a.csv", b"1")
    world.clients.operator("s3").delete_object(Bucket="artefacts", Key="a/model.tar.gz")
    assert world.transformed()["FailureReason"].startswith("ClientError: Failed to download model data")


def test_a_container_that_breaks_the_connection_fails_the_job(world: Any) -> None:
    world.model("a", "def predict(body, headers): os._exit(1)")
    world.put("in/a.csv", b"1")
    assert world.transformed()["FailureReason"] == "AlgorithmError: See job logs for more information"


def test_a_former_job_is_described_after_a_restart(world: Any) -> None:
    world.model("a")
    world.put("in/a.csv", b"1")
    before = world.transformed()
    world.sagemaker.close()
    world.start()
    assert world.call("DescribeTransformJob", TransformJobName="t") == before


def test_objects_are_spread_over_instances(world: Any) -> None:
    world.model("a", "import json\ndef predict(body, headers): return 200, str(os.getpid()).encode()")
    for name in ("a", "b", "c"):
        world.put(f"in/{name}.csv", b"1")
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 2}
    assert world.transformed(TransformResources=resources)["TransformJobStatus"] == "Completed"
    first, second, third = (world.get(f"out/{name}.csv.out") for name in ("a", "b", "c"))
    assert first == third != second


def test_a_manifest_names_the_objects(world: Any) -> None:
    world.model("a", UPPER)
    world.put("in/deep/a.csv", b"a")
    world.put("in/b.csv", b"b")
    world.put("m.json", json.dumps([{"prefix": "s3://artefacts/in/"}, "deep/a.csv"]).encode())
    listed = {"S3DataType": "ManifestFile", "S3Uri": "s3://artefacts/m.json"}
    world.transformed(source={"DataSource": {"S3DataSource": listed}})
    assert world.get("out/deep/a.csv.out") == b"A"
    found = world.clients.operator("s3").list_objects_v2(Bucket="artefacts", Prefix="out/")["Contents"]
    assert len(found) == 1


def test_a_prefix_may_be_the_beginning_of_a_name(world: Any) -> None:
    world.model("a", UPPER)
    world.put("in/one.csv", b"a")
    source = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://artefacts/in/on"}}}
    world.transformed(source=source)
    assert world.get("out/one.csv.out") == b"A"


def test_many_batches_keep_the_order_of_their_rows(world: Any) -> None:
    world.model("a", UPPER)
    rows = [f"row{number},{'x' * 200_000}" for number in range(20)]
    world.put("in/a.csv", "\n".join(rows).encode())
    world.transformed(source=LINES, output={"AssembleWith": "Line"}, MaxPayloadInMB=1, MaxConcurrentTransforms=4)
    found = [line.partition(b",")[0] for line in world.get("out/a.csv.out").splitlines()]
    assert found == [f"ROW{number}".encode() for number in range(20)]
