from typing import Any

from penstock.local.deploy.statements import statement_changes


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (found.sign, found.effect, found.actions, found.resources, found.principals, found.conditions)
        for found in statement_changes("Thing", before, after)
    ]


def test_a_trust_names_who_may_and_when() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["states.amazonaws.com", "events.amazonaws.com"]},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    }
    principals = ("Service: states.amazonaws.com", "Service: events.amazonaws.com")
    conditions = ("StringEquals aws:SourceAccount 123456789012",)
    expected = [("+", "Allow", ("sts:AssumeRole",), (), principals, conditions)]
    assert changes({}, {"AssumeRolePolicyDocument": {"Statement": statement}}) == expected


def test_what_is_all_but_something_says_so() -> None:
    statement = {"Effect": "Deny", "Principal": "*", "NotAction": ["s3:GetObject"], "NotResource": "arn:aws:s3:::data"}
    assert changes({"PolicyDocument": {"Statement": [statement]}}, {}) == [
        ("-", "Deny", ("not s3:GetObject",), ("not arn:aws:s3:::data",), ("*",), ())
    ]


def test_policies_inside_a_role_and_attached_to_it_count() -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    role = {
        "Policies": [{"PolicyName": "a", "PolicyDocument": {"Statement": [statement]}}],
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/A"],
        "PermissionsBoundary": "arn:aws:iam::aws:policy/B",
    }
    assert changes({}, role) == [
        ("+", "Allow", ("s3:*",), ("*",), (), ()),
        ("+", "Attach", ("ManagedPolicyArns",), ("arn:aws:iam::aws:policy/A",), (), ()),
        ("+", "Attach", ("PermissionsBoundary",), ("arn:aws:iam::aws:policy/B",), (), ()),
    ]


def test_a_permission_of_a_function_is_a_statement() -> None:
    permission = {"Action": "lambda:InvokeFunction", "FunctionName": "hook", "Principal": "events.amazonaws.com"}
    source = {"SourceArn": "arn:aws:events:us-east-1:123456789012:rule/a"}
    allowed = ("Allow", ("lambda:InvokeFunction",), ("hook",), ("events.amazonaws.com",))
    assert changes(permission, permission | source) == [
        ("-", *allowed, ()),
        ("+", *allowed, ("ArnLike AWS:SourceArn arn:aws:events:us-east-1:123456789012:rule/a",)),
    ]
