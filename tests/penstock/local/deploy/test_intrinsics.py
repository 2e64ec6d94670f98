from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.deploy.intrinsics import Reference, Scope, references, resolve

SCOPE = Scope(
    stack="dev-app",
    values={"AWS::Region": "us-east-1", "Names": ["a", "b"], "Bucket": "dev-app-bucket", "Count": "3"},
    attributes={"Bucket": {"Arn": "arn:aws:s3:::dev-app-bucket"}},
    mappings={"Sizes": {"us-east-1": {"Large": "ml.m5.large"}}},
    imported={"dev-platform:Key": "arn:key"}.get,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        ({"a": [1, True, None]}, {"a": [1, True, None]}),
        ({"Ref": "Bucket"}, "dev-app-bucket"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws:s3:::dev-app-bucket"),
        ({"Fn::GetAtt": "Bucket.Arn"}, "arn:aws:s3:::dev-app-bucket"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Count"}, 4, True]]}, "a-3-4-true"),
        ({"Fn::Join": [",", {"Ref": "Names"}]}, "a,b"),
        ({"Fn::Sub": "${Bucket.Arn}/*"}, "arn:aws:s3:::dev-app-bucket/*"),
        ({"Fn::Sub": "${AWS::Region}-${!Literal}"}, "us-east-1-${Literal}"),
        ({"Fn::Sub": ["${Name}/${Bucket}", {"Name": {"Ref": "Count"}}]}, "3/dev-app-bucket"),
        ({"Fn::Select": ["1", {"Ref": "Names"}]}, "b"),
        ({"Fn::Split": ["-", {"Ref": "Bucket"}]}, ["dev", "app", "bucket"]),
        ({"Fn::Select": [0, {"Fn::Split": [":", {"Fn::GetAtt": "Bucket.Arn"}]}]}, "arn"),
        ({"Fn::ImportValue": {"Fn::Join": [":", ["dev-platform", "Key"]]}}, "arn:key"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "Large"]}, "ml.m5.large"),
        ({"Fn::Base64": {"Ref": "Count"}}, "Mw=="),
    ],
)
def test_a_function_gives_what_cloudformation_gives(value: Any, expected: Any) -> None:
    assert resolve(value, SCOPE, "Resources.A") == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Ref": "Nothing"}, r"dev-app: Resources\.A\.Ref: 'Nothing' is neither"),
        ({"Deep": [{"Fn::GetAtt": ["Nothing", "Arn"]}]}, r"Resources\.A\.Deep\[0\]\.Fn::GetAtt: 'Nothing' is not"),
        ({"Fn::GetAtt": ["Bucket", "Size"]}, "no attribute 'Size' here. Its attributes: Arn"),
        ({"Fn::GetAtt": "Bucket"}, "expected a logical id and an attribute, found 'Bucket'"),
        ({"Fn::Sub": "${Nothing}"}, "'Nothing' is neither"),
        ({"Fn::Join": ["-", [{"Ref": "Names"}]]}, "is not a single value"),
        ({"Fn::Join": "-"}, "Fn::Join cannot take '-'"),
        ({"Fn::Select": [2, {"Ref": "Names"}]}, "2 is not in range"),
        ({"Fn::Select": [-1, {"Ref": "Names"}]}, "-1 is not in range"),
        ({"Fn::ImportValue": "Nothing"}, "no stack exports 'Nothing'"),
        ({"Fn::FindInMap": ["Sizes", "mars", "Large"]}, r"Fn::FindInMap cannot take .*'mars'"),
        ({"Fn::Cidr": []}, "unknown function Fn::Cidr"),
        ({"Ref": "Count", "Other": 1}, "Ref must be alone in its object; beside it: Other"),
    ],
)
def test_what_cannot_be_resolved_is_refused(value: Any, message: str) -> None:
    with pytest.raises(DeployError, match=message):
        resolve(value, SCOPE, "Resources.A")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "A"}, [Reference("A", None, "P.Ref")]),
        ([{"Fn::GetAtt": ["A", "B.C"]}], [Reference("A", "B.C", "P[0].Fn::GetAtt")]),
        ({"Fn::Sub": "${A.B}${!C}${D}"}, [Reference("A", "B", "P.Fn::Sub"), Reference("D", None, "P.Fn::Sub")]),
        ({"Fn::Sub": ["${V}", {"V": {"Ref": "A"}}]}, [Reference("A", None, "P.Fn::Sub[1].V.Ref")]),
        ({"X": {"Fn::Join": ["", [{"Ref": "A"}]]}}, [Reference("A", None, "P.X.Fn::Join[1][0].Ref")]),
    ],
)
def test_references_are_found_with_their_places(value: Any, expected: list[Reference]) -> None:
    assert list(references(value, "P", "dev-app")) == expected


def test_an_unknown_function_is_found_with_its_place() -> None:
    with pytest.raises(DeployError, match=r"dev-app: P\.X: unknown function Fn::Transform"):
        list(references({"X": {"Fn::Transform": {}}}, "P", "dev-app"))
