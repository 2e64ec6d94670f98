from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.deploy.template import Template, read_template

BOOTSTRAP_RULE = {
    "CheckBootstrapVersion": {
        "Assertions": [
            {
                "Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2", "3", "4", "5"], {"Ref": "BootstrapVersion"}]}]},
                "AssertDescription": "CDK bootstrap stack version 6 required.",
            }
        ]
    }
}
BOOTSTRAP_PARAMETER = {
    "BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}
}


def read(*, version: str = "33", **document: Any) -> Template:
    pseudo = {"AWS::Region": "us-east-1"}
    return read_template("dev-app", document, pseudo=pseudo, given={}, stored=lambda _: version)


def resource(*refs: str, **attributes: Any) -> dict[str, Any]:
    return {"Type": "T", "Properties": {"Refs": [{"Ref": ref} for ref in refs]}, **attributes}


def test_resources_come_after_what_they_refer_to_or_depend_on() -> None:
    resources = {
        "First": resource("Third"),
        "Second": resource(DependsOn="Fourth"),
        "Third": resource(DependsOn=["Fourth"]),
        "Fourth": resource("AWS::Region"),
    }
    assert list(read(Resources=resources).resources) == ["Fourth", "Third", "First", "Second"]


def test_resources_keep_the_templates_order_where_that_leaves_a_choice() -> None:
    resources = {"Logs": resource(), "Policy": resource("Logs"), "Data": resource("Logs"), "Key": resource()}
    assert list(read(Resources=resources).resources) == ["Logs", "Policy", "Data", "Key"]


def test_a_circle_is_refused_with_the_ids_in_it() -> None:
    resources = {"User": resource("A"), "A": resource("B"), "B": resource("C"), "C": resource("A")}
    with pytest.raises(DeployError, match="dev-app: these resources depend on each other in a circle: A → B → C → A"):
        read(Resources=resources)


def test_a_resource_whose_condition_does_not_hold_is_left_out() -> None:
    conditions = {"Yes": {"Fn::Equals": [1, 1]}, "No": {"Fn::Equals": [1, 2]}}
    resources = {"A": resource(Condition="Yes", DependsOn="B"), "B": resource(Condition="No")}
    assert list(read(Resources=resources, Conditions=conditions).resources) == ["A"]


def test_an_output_whose_condition_does_not_hold_is_left_out() -> None:
    conditions = {"No": {"Fn::Equals": [1, 2]}}
    outputs = {"A": {"Value": "a", "Export": {"Name": "a"}}, "B": {"Value": "b", "Condition": "No"}}
    [output] = read(Outputs=outputs, Conditions=conditions).outputs
    assert (output.name, output.value, output.export) == ("A", "a", "a")


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ({}, (False, False)),
        ({"DeletionPolicy": "Retain"}, (True, False)),
        ({"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}, (True, True)),
        ({"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}, (False, False)),
    ],
)
def test_a_resource_is_retained_as_its_policies_say(policies: dict[str, str], expected: tuple[bool, bool]) -> None:
    found = read(Resources={"A": resource(**policies)}).resources["A"]
    assert (found.retained, found.retained_if_replaced) == expected


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"Transform": "AWS::Serverless-2016-10-31"}, "dev-app: the template: unknown Transform"),
        (
            {"Resources": {"A": None, "B": []}},
            r"dev-app: Resources\.A: expected an object.*\ndev-app: Resources\.B: exp",
        ),
        ({"Resources": {"A": resource(CreationPolicy={})}}, r"Resources\.A: unknown CreationPolicy"),
        ({"Resources": {"A": resource(DeletionPolicy="Snapshot")}}, r"A\.DeletionPolicy: 'Snapshot' is not Delete or"),
        ({"Resources": {"A": resource("Nothing")}}, r"Resources\.A\.Properties\.Refs\[0\]\.Ref: 'Nothing' is neither"),
        ({"Resources": {"A": resource(DependsOn="Nothing")}}, r"Resources\.A\.DependsOn: 'Nothing' is not a resource"),
        ({"Resources": {"A": resource(Condition="Nothing")}}, "no condition 'Nothing'"),
        ({"Outputs": {"O": {"Value": {"Ref": "Nothing"}}}}, r"Outputs\.O\.Value\.Ref: 'Nothing' is neither"),
        ({"Outputs": {"O": {"Value": {"Fn::GetAtt": ["AWS::Region", "Arn"]}}}}, "'AWS::Region' is neither"),
        ({"Outputs": {"O": {"Value": {"Fn::Cidr": []}}}}, r"Outputs\.O\.Value: unknown function Fn::Cidr"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(document: dict[str, Any], message: str) -> None:
    with pytest.raises(DeployError, match=message):
        read(**document)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    resources = {"A": resource("Nothing"), "B": resource(DependsOn="Nobody")}
    with pytest.raises(DeployError, match=r"(?s)Resources\.A.*Resources\.B"):
        read(Resources=resources)


def test_the_bootstraps_rule_holds_for_its_version() -> None:
    assert read(Rules=BOOTSTRAP_RULE, Parameters=BOOTSTRAP_PARAMETER).values["BootstrapVersion"] == "33"


def test_the_bootstraps_rule_refuses_an_old_version() -> None:
    with pytest.raises(DeployError, match=r"Rules\.CheckBootstrapVersion: CDK bootstrap stack version 6 required"):
        read(version="5", Rules=BOOTSTRAP_RULE, Parameters=BOOTSTRAP_PARAMETER)
