"""SageMaker Runtime: the endpoint's answers."""

from typing import Any

from botocore.exceptions import ClientError

from hooks.aws import clients
from hooks.predictions import SmokeTestFailed


def predict(endpoint: str, csv: str, *, variant: str) -> tuple[str, str]:
    """Return what an endpoint answers to CSV, and the custom attributes of its answer: the model that gave it.

    It is asked of `variant`; "" leaves it to the endpoint which of its variants answers.

    Raises:
        SmokeTestFailed: the model answers with an error.
    """
    target = {"TargetVariant": variant} if variant else {}
    try:
        answer: dict[str, Any] = clients.client("sagemaker-runtime").invoke_endpoint(
            EndpointName=endpoint, ContentType="text/csv", Accept="text/csv", Body=csv.encode(), **target
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ModelError":
            raise
        raise SmokeTestFailed(f"The new model answers with an error: {error.response['Error']['Message']}") from None
    return answer["Body"].read().decode(), answer.get("CustomAttributes", "")
