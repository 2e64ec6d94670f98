"""Where people hear of what happens."""

from collections.abc import Sequence

from constructs import Construct

from penstock_constructs.key import Key
from penstock_constructs.policy import allow_service, document, tls_only
from penstock_constructs.resource import resource


class Topic(Construct):
    """An encrypted SNS topic, mailed to `emails`, that takes messages by TLS only, also from alarms and events."""

    def __init__(
        self, scope: Construct, construct_id: str, *, display_name: str, key: Key, emails: Sequence[str]
    ) -> None:
        super().__init__(scope, construct_id)
        topic = resource(self, "Resource", "AWS::SNS::Topic", {"DisplayName": display_name, "KmsMasterKeyId": key.arn})
        self.arn: str = topic.ref
        services = [
            allow_service(sid, service, "sns:Publish", self.arn)
            for sid, service in (("Alarms", "cloudwatch"), ("Events", "events"))
        ]
        policy = document([tls_only("sns:Publish", self.arn), *services])
        resource(self, "Policy", "AWS::SNS::TopicPolicy", {"Topics": [self.arn], "PolicyDocument": policy})
        for number, email in enumerate(emails, start=1):
            resource(
                self,
                f"Email{number}",
                "AWS::SNS::Subscription",
                {"TopicArn": self.arn, "Protocol": "email", "Endpoint": email},
            )
