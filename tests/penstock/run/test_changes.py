from typing import Any

import click

from penstock.run.changes import differences, removals, serving, summary


def resource(what: str, **attributes: Any) -> dict[str, Any]:
    default = {"logical_id": "Topic", "type": "AWS::SNS::Topic", "what": what, "id": "arn", "properties": []}
    return default | {"because": [], "statements": []} | attributes


def stack(*resources: dict[str, Any], outputs: list[dict[str, Any]] | None = None, new: bool = False) -> dict[str, Any]:
    return {"stack": "dev-app", "new": new, "resources": list(resources), "outputs": outputs or []}


def lines(*stacks: dict[str, Any]) -> list[str]:
    return [click.unstyle(line) for line in differences(stacks)]


def test_a_stack_without_differences_says_so() -> None:
    assert lines(stack()) == ["Stack dev-app", "  There are no differences.", ""]


def test_changed_properties_are_under_their_resource() -> None:
    changed = resource(
        "change",
        properties=[
            {"path": "DisplayName", "before": "a", "after": "b"},
            {"path": "Tags[+]", "before": None, "after": {"Key": "k"}},
            {"path": "KmsMasterKeyId", "before": "x" * 200, "after": None},
        ],
    )
    assert lines(stack(changed))[1:6] == [
        "  Resources",
        "  [~] AWS::SNS::Topic Topic arn",
        "       ~ DisplayName: a → b",
        '       + Tags[+]: {"Key": "k"}',
        f"       - KmsMasterKeyId: {'x' * 119}…",
    ]


def test_a_replacement_says_because_of_what() -> None:
    assert "  [±] AWS::SNS::Topic Topic arn replace, because of TopicName" in lines(
        stack(resource("replace", because=["TopicName"]))
    )


def test_what_goes_says_whether_it_is_left_behind() -> None:
    said = lines(stack(resource("remove"), resource("retain")))
    assert said[2:4] == [
        "  [-] AWS::SNS::Topic Topic arn remove",
        "  [-] AWS::SNS::Topic Topic arn leave behind (retained)",
    ]


def test_an_addition_does_not_list_its_properties() -> None:
    added = resource("add", id="", properties=[{"path": "DisplayName", "before": None, "after": "b"}])
    assert lines(stack(added, new=True)) == ["Stack dev-app (new)", "  Resources", "  [+] AWS::SNS::Topic Topic", ""]


def test_statements_read_as_sentences() -> None:
    statement = {
        "sign": "+",
        "logical_id": "Policy",
        "effect": "Allow",
        "actions": ["sns:Publish"],
        "resources": ["arn"],
        "principals": ["Service: events.amazonaws.com"],
        "conditions": ["StringEquals a b", "Bool c true"],
    }
    plain = statement | {"sign": "-", "resources": [], "principals": [], "conditions": []}
    assert lines(stack(resource("change", statements=[statement, plain])))[1:4] == [
        "  IAM statements",
        "  + Policy: Allow sns:Publish on arn for Service: events.amazonaws.com if StringEquals a b and Bool c true",
        "  - Policy: Allow sns:Publish",
    ]


def test_outputs_are_last() -> None:
    outputs = [{"path": "Arn", "before": None, "after": "arn"}]
    assert lines(stack(outputs=outputs))[1:3] == ["  Outputs", "  + Arn: arn"]


def test_the_summary_counts() -> None:
    assert summary([stack(resource("add"), resource("add"), resource("retain"))]) == "2 added, 1 left behind"
    assert summary([stack()]) == "nothing"


def test_a_removal_lists_what_is_kept() -> None:
    kept = [{"logical_id": "Data", "type": "AWS::S3::Bucket", "id": "data", "objects": 3}]
    kept.append({"logical_id": "Key", "type": "AWS::KMS::Key", "id": "k"})
    said = list(removals([{"stack": "dev-app", "removed": 5, "kept": kept}]))
    assert said[0].endswith(" dev-app: 5 resources removed")
    assert said[1:] == [
        "    kept: AWS::S3::Bucket data, 3 objects with all versions (Data)",
        "    kept: AWS::KMS::Key k (Key)",
    ]


def test_one_is_one() -> None:
    kept = [{"logical_id": "Data", "type": "AWS::S3::Bucket", "id": "data", "objects": 1}]
    said = list(removals([{"stack": "dev-app", "removed": 1, "kept": kept}]))
    assert said[0].endswith(" dev-app: 1 resource removed")
    assert "1 object with all versions" in said[1]


def test_an_endpoint_that_is_in_no_stack_is_named_with_the_command_that_deletes_it() -> None:
    [said] = serving(["dev-bigmart"])
    assert said.startswith("Endpoint dev-bigmart is in no stack and serves on: ")
    assert said.endswith("`aws sagemaker delete-endpoint --endpoint-name dev-bigmart`")
