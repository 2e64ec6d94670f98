from typing import Any

import pytest

from penstock.local.deploy.form import malformed

TOPIC = {"Type": "AWS::SNS::Topic"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "the template: expected an object, found []."),
        ({"Resources": []}, "Resources: expected an object, found []."),
        ({"Resources": {"Q": None}}, "Resources.Q: expected an object, found None."),
        ({"Resources": {"Q": "x"}}, "Resources.Q: expected an object, found 'x'."),
        ({"Resources": {"Q": {}}}, "Resources.Q: Type is missing."),
        ({"Resources": {"Q": {"Type": 5}}}, "Resources.Q.Type: expected a text, found 5."),
        ({"Resources": {"Q": TOPIC | {"Properties": []}}}, "Resources.Q.Properties: expected an object, found []."),
        (
            {"Resources": {"Q": TOPIC | {"DependsOn": {"A": 1}}}},
            "Resources.Q.DependsOn: expected a logical id or a list of them, found {'A': 1}.",
        ),
        (
            {"Resources": {"Q": TOPIC | {"DependsOn": [5]}}},
            "Resources.Q.DependsOn: expected a logical id or a list of them, found [5].",
        ),
        ({"Description": []}, "Description: expected a text, found []."),
        ({"Outputs": {"O": "x"}}, "Outputs.O: expected an object, found 'x'."),
        ({"Outputs": {"O": {}}}, "Outputs.O: Value is missing."),
        ({"Parameters": {"P": {}}}, "Parameters.P: Type is missing."),
        ({"Mappings": {"M": {"a": 1}}}, "Mappings.M: expected an object of objects, found {'a': 1}."),
        ({"Rules": {"R": {"Assertions": {}}}}, "Rules.R.Assertions: expected a list, found {}."),
        ({"Rules": {"R": {"Assertions": ["a"]}}}, "Rules.R.Assertions[0]: expected an object with Assert, found 'a'."),
    ],
)
def test_what_has_not_the_form_of_a_template_is_named(document: Any, message: str) -> None:
    assert list(malformed(document)) == [message]


def test_a_loop_is_named_with_the_transform_that_it_needs() -> None:
    [message] = malformed({"Resources": {"Fn::ForEach::Topics": ["Name", ["a"], {"Topic${Name}": TOPIC}]}})
    assert message.startswith("Resources.Fn::ForEach::Topics: the local cloud does not apply the transform AWS::Lang")


def test_a_template_in_form_is_not_complained_of() -> None:
    document = {
        "Description": "All",
        "Conditions": {"C": {"Fn::Equals": ["a", "a"]}},
        "Mappings": {"M": {"a": {"b": "c"}}},
        "Outputs": {"O": {"Value": {"Ref": "Q"}, "Export": {"Name": "q"}}},
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {"Q": TOPIC | {"DependsOn": ["R"], "Condition": "C"}, "R": TOPIC | {"DependsOn": "S"}},
        "Rules": {"R": {"Assertions": [{"Assert": {}}]}},
    }
    assert list(malformed(document)) == []
