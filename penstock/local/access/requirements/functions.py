"""What Lambda's operations take."""

from penstock.local.access.requirements.rules import Asked, Rules, also, given, on, passing, table, within

_FUNCTION = "function:{FunctionName}"
RULES: Rules = table(
    "lambda",
    {
        _FUNCTION: (
            "AddPermission CreateAlias CreateFunction DeleteAlias DeleteFunction DeleteFunctionConcurrency"
            " DeleteFunctionEventInvokeConfig GetAlias GetFunction GetFunctionConcurrency GetFunctionConfiguration"
            " GetFunctionEventInvokeConfig GetPolicy Invoke=InvokeFunction InvokeAsync"
            " InvokeWithResponseStream=InvokeFunction ListAliases ListFunctionEventInvokeConfigs ListVersionsByFunction"
            " PublishVersion PutFunctionConcurrency PutFunctionEventInvokeConfig RemovePermission UpdateAlias"
            " UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig"
        ),
        "event-source-mapping:{UUID}": "DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping",
        "{Resource}": "ListTags TagResource UntagResource",
        "*": "CreateEventSourceMapping GetAccountSettings ListEventSourceMappings ListFunctions ListLayers",
    },
)


def _mapped(asked: Asked) -> dict[str, str]:
    name = asked["FunctionName"]
    arn = name if name and name.startswith("arn:") else asked.arn("lambda", f"function:{name}")
    return {"lambda:FunctionArn": arn} if name else {}


for _name in ("CreateEventSourceMapping", "UpdateEventSourceMapping"):
    RULES[_name] = within(RULES[_name], _mapped)
also(RULES, "CreateFunction UpdateFunctionConfiguration", passing("Role", "lambda.amazonaws.com"))
also(RULES, "CreateFunction", given("Tags", on("lambda:TagResource", _FUNCTION)))
