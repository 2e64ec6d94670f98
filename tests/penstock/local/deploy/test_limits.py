from typing import Any

import pytest

from penstock.local.deploy.limits import beyond_limits


def test_a_template_within_the_limits_is_fine() -> None:
    assert list(beyond_limits({"Resources": {f"R{n}": {} for n in range(500)}, "Description": "x" * 1024})) == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"Resources": {f"R{n}": {} for n in range(501)}}, "Resources: there are 501, and 500 are allowed. Split"),
        ({"Parameters": {f"P{n}": {} for n in range(201)}}, "Parameters: there are 201, and 200"),
        ({"Outputs": {f"O{n}": {} for n in range(201)}}, "Outputs: there are 201, and 200"),
        ({"Description": "é" * 513}, "Description: it is longer than 1,024 bytes"),
        ({"Resources": {"My-Topic": {}}}, "Resources.My-Topic: a name may have letters and digits only"),
        ({"Metadata": "x" * 1_048_576}, "bytes, and 1,048,576 are allowed. Split the stack."),
    ],
)
def test_what_exceeds_a_limit_is_named(document: dict[str, Any], message: str) -> None:
    [problem] = beyond_limits(document)
    assert message in problem
