"""Ask for approval: the machine waits until a person has answered."""

import os
from datetime import UTC, datetime
from typing import Any

from hooks import approvals
from hooks.aws import dynamodb, sns


def handler(event: dict[str, Any], _context: object) -> None:
    """Keep the token that the answer takes, and say on the topic what is to be answered.

    Called again for the same execution it asks again: the newest token is the one that counts.
    """
    asked = {name: event[name] for name in ("token", "execution", "package")}
    approval = asked | {"asked": datetime.now(UTC).isoformat(timespec="seconds")}
    dynamodb.keep_approval(os.environ["TABLE"], os.environ["NAME"], approval)
    subject, message = approvals.ask(os.environ["NAME"], os.environ["PIPELINE"], event)
    sns.publish(os.environ["TOPIC_ARN"], subject, message)
