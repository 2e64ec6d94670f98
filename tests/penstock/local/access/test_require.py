"""What services ask for that is no call."""

import json
from pathlib import Path
from typing import Any

import pytest

from penstock.local.access import Access
from penstock.local.gateway.record import Record
from penstock.local.service import AwsError

ACTION, GROUP = "logs:CreateLogDelivery", "*"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)


@pytest.fixture
def role(running: Any) -> str:
    iam = running.clients.operator("iam")
    allow = {"Sid": "Deliver", "Effect": "Allow", "Action": ACTION, "Resource": "*"}
    condition = {"StringEquals": {"logs:Kind": "states"}}
    document = {"Version": "2012-10-17", "Statement": [allow | {"Condition": condition}]}
    name = "deliverer"
    if name not in {role["RoleName"] for role in iam.list_roles()["Roles"]}:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        iam.put_role_policy(RoleName=name, PolicyName="Own", PolicyDocument=json.dumps(document))
    return f"arn:aws:iam::123456789012:role/{name}"


def test_it_is_decided_recorded_and_in_the_ledger(role: str, tmp_path: Path) -> None:
    record = Record(tmp_path / "calls.jsonl")
    access = Access(record=record)
    access.require(role, ACTION, GROUP, by="run-1", context={"logs:Kind": "states"})
    with pytest.raises(
        AwsError, match=r"AccessDeniedException: User: .*:assumed-role/deliverer/run-1 is not"
    ) as refused:
        access.require(role, ACTION, GROUP, by="run-1")
    assert "perform: logs:CreateLogDelivery because no identity-based policy allows" in refused.value.message
    record.close()
    lines = [json.loads(line) for line in record.path.read_text().splitlines()]
    assert [line["result"] for line in lines] == ["OK", "AccessDeniedException"]
    assert {(line["service"], line["operation"]) for line in lines} == {("logs", "CreateLogDelivery")}
    (account,) = [one for one in access.permissions("123456789012") if one["role"] == "deliverer"]
    assert [(grant["statement"], grant["used"]) for grant in account["granted"]] == [("Deliver", 1)]
    assert account["denied"] == [{"action": ACTION, "resource": "*", "times": 1}]
