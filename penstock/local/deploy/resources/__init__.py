"""Every resource type that the local cloud deploys, a file per service."""

from collections.abc import Iterator, Mapping

from penstock.local.deploy.resources import cloudwatch, ecr, events, functions, iam, kms, logs, s3, sns, stepfunctions
from penstock.local.deploy.resources.base import ResourceType
from penstock.local.deploy.resources.shape import mismatches
from penstock.local.deploy.template import Resource, Template

TYPES: Mapping[str, ResourceType] = {
    "AWS::CloudWatch::Alarm": cloudwatch.ALARM,
    "AWS::ECR::Repository": ecr.REPOSITORY,
    "AWS::Events::Rule": events.RULE,
    "AWS::IAM::ManagedPolicy": iam.MANAGED_POLICY,
    "AWS::IAM::Role": iam.ROLE,
    "AWS::KMS::Key": kms.KEY,
    "AWS::Lambda::Function": functions.FUNCTION,
    "AWS::Lambda::Permission": functions.PERMISSION,
    "AWS::Logs::LogGroup": logs.LOG_GROUP,
    "AWS::S3::Bucket": s3.BUCKET,
    "AWS::S3::BucketPolicy": s3.BUCKET_POLICY,
    "AWS::SNS::Subscription": sns.SUBSCRIPTION,
    "AWS::SNS::Topic": sns.TOPIC,
    "AWS::SNS::TopicPolicy": sns.TOPIC_POLICY,
    "AWS::StepFunctions::StateMachine": stepfunctions.STATE_MACHINE,
}


def unsupported(template: Template) -> Iterator[str]:
    """Say everything in a template that the types here would not apply: types, properties, attributes."""
    for resource in template.resources.values():
        for problem in _mismatches(resource):
            yield f"{template.stack}: {problem}"
    for reference in template.references:
        kind = TYPES.get(template.resources[reference.name].type) if reference.name in template.resources else None
        if kind and reference.attribute and reference.attribute not in kind.attributes:
            known = ", ".join(kind.attributes) or "none"
            yield (
                f"{template.stack}: {reference.path}: the local cloud gives {reference.name!r} no attribute "
                f"{reference.attribute!r}. It gives {known}."
            )


def _mismatches(resource: Resource) -> Iterator[str]:
    kind = TYPES.get(resource.type)
    if kind is None:
        yield (
            f"Resources.{resource.logical_id}.Type: the local cloud does not deploy {resource.type!r}. "
            "Leave it out, or add it to penstock/local/resources."
        )
        return
    for name in kind.required:
        if name not in resource.properties:
            yield f"{resource.path}: {name} is missing; {resource.type} requires it."
    yield from mismatches(resource.properties, kind.properties, resource.path)
