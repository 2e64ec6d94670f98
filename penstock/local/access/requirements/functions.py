"""What Lambda's operations take."""

from collections.abc import Iterator

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, given, passing, table, within
from penstock.local.function_names import FunctionName

_ON_FUNCTION = (
    "AddPermission CreateAlias CreateFunction DeleteAlias DeleteFunction DeleteFunctionConcurrency"
    " DeleteFunctionEventInvokeConfig GetAlias GetFunction GetFunctionConcurrency GetFunctionConfiguration"
    " GetFunctionEventInvokeConfig GetPolicy InvokeAsync ListAliases ListFunctionEventInvokeConfigs"
    " ListVersionsByFunction PublishVersion PutFunctionConcurrency PutFunctionEventInvokeConfig RemovePermission"
    " UpdateAlias UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig"
)


def _arn(asked: Asked) -> str:
    """Return the ARN of the function that a call names, with its qualifier if there is one."""
    named = FunctionName.parse(asked["FunctionName"], asked["Qualifier"] or "")
    qualifier = f":{named.qualifier}" if named.qualifier else ""
    place = f"{named.region or asked.region}:{named.account or asked.account}"
    return f"arn:{asked.partition}:lambda:{place}:function:{named.name}{qualifier}"


def _on_function(action: str) -> Rule:
    def rule(asked: Asked) -> Iterator[Requirement]:
        yield Requirement(f"lambda:{action}", _arn(asked))

    return rule


def _permitted(asked: Asked) -> dict[str, str]:
    return {"lambda:Principal": asked["Principal"]} if asked["Principal"] else {}


def _mapped(asked: Asked) -> dict[str, str]:
    return {"lambda:FunctionArn": _arn(asked)} if asked["FunctionName"] else {}


RULES: Rules = {
    **{name: _on_function(name) for name in _ON_FUNCTION.split()},
    **dict.fromkeys(("Invoke", "InvokeWithResponseStream"), _on_function("InvokeFunction")),
    **table(
        "lambda",
        {
            "event-source-mapping:{UUID}": "DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping",
            "{Resource}": "ListTags TagResource UntagResource",
            "*": "CreateEventSourceMapping GetAccountSettings ListEventSourceMappings ListFunctions ListLayers",
        },
    ),
}
RULES["AddPermission"] = within(RULES["AddPermission"], _permitted)
for _name in ("CreateEventSourceMapping", "UpdateEventSourceMapping"):
    RULES[_name] = within(RULES[_name], _mapped)
also(RULES, "CreateFunction UpdateFunctionConfiguration", passing("Role", "lambda.amazonaws.com"))
also(RULES, "CreateFunction", given("Tags", _on_function("TagResource")))
