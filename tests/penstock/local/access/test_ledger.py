from typing import Any

import pytest

from penstock.local.access.ledger import Ledger
from penstock.local.access.reasons import reason

ROLE = "arn:aws:iam::123456789012:role/dev-worker"


def test_what_was_granted_used_and_denied(policy: Any) -> None:
    ledger, own = Ledger(), policy({"Sid": "Read", "Action": ["s3:Get*", "s3:ListBucket"]}, {"Effect": "Deny"})
    ledger.allowed(ROLE, "s3:GetObject", own.statements[:1])
    ledger.allowed(ROLE, "s3:GetObject", own.statements[:1])
    ledger.denied(ROLE, "s3:PutObject", "arn:aws:s3:::data/k")
    ledger.denied(f"{ROLE}-2", "s3:PutObject", "arn:aws:s3:::data/k")
    assert ledger.of_role(ROLE, [own]) == {
        "role": "dev-worker",
        "granted": [
            {"policy": "policy", "statement": "Read", "action": "s3:Get*", "used": 2, "reason": ""},
            {"policy": "policy", "statement": "Read", "action": "s3:ListBucket", "used": 0, "reason": ""},
        ],
        "denied": [{"action": "s3:PutObject", "resource": "arn:aws:s3:::data/k", "times": 1}],
    }


@pytest.mark.parametrize(
    ("role", "statement", "action", "why"),
    [
        ("dev-x-prepare", "PinData", "s3:AbortMultipartUpload", "only where a copy of more than 256 MB fails"),
        ("dev-x-workflow", "DeliverLogs", "logs:GetLogDelivery", "only where the state machine is made or changed"),
        ("dev-x-after-failure", "Report", "sns:Publish", "only where an execution does not succeed"),
        ("dev-x-prepare", "PinData", "s3:PutObject", ""),
    ],
)
def test_the_reason_of_a_grant_that_few_runs_use(role: str, statement: str, action: str, why: str) -> None:
    assert reason(role, statement, action) == why
