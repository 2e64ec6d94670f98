"""AWS::SSM: parameters."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.shape import JSON, VALUE
from penstock.local.deploy.resources.tags import Tagging

_PUT = ("AllowedPattern", "DataType", "Description", "Name", "Tier", "Type", "Value")


def _expected(parameter: Handle) -> Physical:
    properties = parameter.properties
    name = properties.get("Name", parameter.name(128))
    return Physical(name, {"Type": properties["Type"], "Value": properties["Value"]})


def _put(parameter: Handle, *, overwrite: bool) -> Physical:
    physical = _expected(parameter)
    name = parameter.id or physical.id
    parameter.client("ssm").put_parameter(**parameter.given(*_PUT) | {"Name": name, "Overwrite": overwrite})
    return Physical(name, physical.attributes)


PARAMETER = ResourceType(
    properties={**dict.fromkeys(_PUT, VALUE), "Tags": JSON},
    required=("Type", "Value"),
    exists=lambda parameter: parameter.client("ssm").get_parameter(Name=_expected(parameter).id),
    create=lambda parameter: _put(parameter, overwrite=False),
    expected=_expected,
    configure=lambda parameter: _put(parameter, overwrite=True),
    delete=lambda parameter: parameter.client("ssm").delete_parameter(Name=parameter.id),
    created_with=_PUT,
    replaced_by=("Name",),
    attributes=("Type", "Value"),
    name_property="Name",
    tagging=Tagging(
        "ssm",
        lambda parameter: {"ResourceType": "Parameter", "ResourceId": parameter.id},
        tag="add_tags_to_resource",
        untag="remove_tags_from_resource",
    ),
)
