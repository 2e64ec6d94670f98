"""What Lambda checks of a queue before it polls it for a function."""

from botocore.exceptions import ClientError

from penstock.local.arns import service_of
from penstock.local.clients import Clients
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.addresses import queue_url
from penstock.local.services.events.patterns import Pattern, PatternError
from penstock.local.services.functions.function import Function
from penstock.local.services.functions.role import acting

_SETTINGS = frozenset(
    ["BatchSize", "FilterCriteria", "FunctionResponseTypes", "MaximumBatchingWindowInSeconds", "ScalingConfig"]
)
_OTHER = frozenset(["EventSourceArn", "FunctionName", "Enabled", "Tags", "UUID"])
_MOST_WITHOUT_WINDOW = 10


def check_queue(clients: Clients, queue: str, function: Function) -> None:
    """Look at a queue as the function's role: may it, and does the queue give the function enough time?

    Raises:
        AwsError: InvalidParameterValueException.
    """
    configuration = function.configuration
    client = acting(clients, configuration, "sqs")
    try:
        found = client.get_queue_attributes(QueueUrl=queue_url(clients, queue), AttributeNames=["VisibilityTimeout"])
    except client.exceptions.QueueDoesNotExist as error:
        raise _invalid(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue."
            f" SQS Error Message: The specified queue does not exist: {queue}"
        ) from error
    except ClientError as error:
        message = f"The provided execution role does not have permissions to call ReceiveMessage on SQS: {error}"
        raise _invalid(message) from error
    visible_after, timeout = int(found["Attributes"]["VisibilityTimeout"]), configuration["Timeout"]
    if visible_after < timeout:
        raise _invalid(
            f"Queue visibility timeout: {visible_after} seconds is less than Function timeout: {timeout} seconds"
        )


def check_settings(settings: JsonObject) -> None:
    """Refuse what is no event source, or goes with another kind.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    source = settings.get("EventSourceArn", "")
    if service_of(source) != "sqs":
        raise _invalid(f"EventSourceArn {source or '(none)'}: the local cloud polls SQS queues only.")
    if other := sorted(settings.keys() - _SETTINGS - _OTHER):
        raise _invalid(f"Not supported for event source mappings of SQS: {', '.join(other)}.")
    size, window = settings["BatchSize"], settings["MaximumBatchingWindowInSeconds"]
    fifo = source.endswith(".fifo")
    if fifo and window:
        raise _invalid("Batching window is not supported for FIFO queues.")
    if fifo and size > _MOST_WITHOUT_WINDOW:
        raise _invalid(f"BatchSize must be at most {_MOST_WITHOUT_WINDOW} for FIFO queues.")
    if size > _MOST_WITHOUT_WINDOW and not window:
        raise _invalid(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than"
            f" {_MOST_WITHOUT_WINDOW}"
        )
    _check_filters(settings)


def _check_filters(settings: JsonObject) -> None:
    for one in settings.get("FilterCriteria", {}).get("Filters", []):
        try:
            Pattern.parse(one.get("Pattern", ""))
        except PatternError as error:
            raise _invalid(f"Invalid filter pattern definition: {error}") from error


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
