from typing import Any

import pytest
from moto.core.utils import get_service_model

from penstock.local.gateway.serialization import check_types
from penstock.local.service import AwsError

SHAPE = get_service_model("sagemaker").operation_model("CreateTrainingJob").input_shape


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"RoleArn": 1}, "NUMBER_VALUE can not be converted to a String"),
        ({"RoleArn": True}, "TRUE_VALUE can not be converted to a String"),
        ({"RoleArn": ["x"]}, "Start of list found where not expected"),
        ({"RoleArn": {"a": 1}}, "Start of structure or map found where not expected."),
        ({"ResourceConfig": {"InstanceCount": "1"}}, "STRING_VALUE can not be converted to an Integer"),
        ({"ResourceConfig": {"InstanceCount": False}}, "FALSE_VALUE can not be converted to an Integer"),
        ({"EnableNetworkIsolation": 1}, "NUMBER_VALUE can not be converted to a Boolean"),
        ({"ResourceConfig": "x"}, "Expected null"),
        ({"ResourceConfig": []}, "Start of list found where not expected"),
        ({"InputDataConfig": "x"}, "Expected list or null"),
        ({"InputDataConfig": {}}, "Start of structure or map found where not expected."),
        ({"HyperParameters": {"a": 1}}, "NUMBER_VALUE can not be converted to a String"),
        ({"HyperParameters": 1}, "Expected map or null"),
        ([], "Start of list found where not expected"),
        ({"Tags": [{"Key": 1}]}, "NUMBER_VALUE can not be converted to a String"),
    ],
)
def test_a_value_of_another_type_is_refused(body: Any, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        check_types(SHAPE, body)
    assert (refused.value.code, refused.value.message, refused.value.status) == ("SerializationException", message, 400)


@pytest.mark.parametrize("body", [{}, {"RoleArn": None}, {"Unknown": [1]}, {"ResourceConfig": {"Unknown": 1}}])
def test_what_is_not_there_and_what_nobody_knows_is_no_problem(body: Any) -> None:
    check_types(SHAPE, body)


def test_an_operation_without_input_takes_anything() -> None:
    check_types(None, {"a": 1})
