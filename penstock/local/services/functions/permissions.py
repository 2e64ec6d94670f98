"""Who may invoke a function, by its own policy."""

import json
import uuid
from dataclasses import dataclass, field

from penstock.local.service import AwsError, JsonObject


@dataclass
class Policy:
    """A function's resource policy."""

    function_arn: str
    statements: dict[str, JsonObject] = field(default_factory=dict)  # by their ids
    revision: str = ""

    def add(self, request: JsonObject) -> JsonObject:
        """Serve AddPermission."""
        sid = request["StatementId"]
        if sid in self.statements:
            message = f"The statement id ({sid}) provided already exists. Please provide a new statement id."
            raise AwsError("ResourceConflictException", message, 409)
        principal = request["Principal"]
        tests = {
            "ArnLike": {"AWS:SourceArn": request.get("SourceArn")},
            "StringEquals": {"AWS:SourceAccount": request.get("SourceAccount")},
        }
        given = {test: keys for test, keys in tests.items() if all(keys.values())}
        statement = {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": principal} if principal.endswith(".amazonaws.com") else {"AWS": principal},
            "Action": request["Action"],
            "Resource": self.function_arn,
            **({"Condition": given} if given else {}),
        }
        self.statements[sid] = statement
        self.revision = str(uuid.uuid4())
        return {"Statement": json.dumps(statement)}

    def remove(self, request: JsonObject) -> JsonObject:
        """Serve RemovePermission."""
        sid = request["StatementId"]
        if self.statements.pop(sid, None) is None:
            raise AwsError("ResourceNotFoundException", f"Statement {sid} is not found in resource policy.", 404)
        self.revision = str(uuid.uuid4())
        return {}

    def get(self) -> JsonObject:
        """Serve GetPolicy."""
        if not self.statements:
            raise AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
        document = {"Version": "2012-10-17", "Id": "default", "Statement": [*self.statements.values()]}
        return {"Policy": json.dumps(document), "RevisionId": self.revision}
