"""Every resource type that the local cloud deploys, a file per service."""

from collections.abc import Iterator, Mapping
from functools import cache

from penstock.local.deploy.resources import (
    cloudwatch,
    dynamodb,
    ecr,
    event_sources,
    events,
    functions,
    iam,
    kms,
    logs,
    s3,
    sagemaker,
    sns,
    sqs,
    ssm,
    stepfunctions,
)
from penstock.local.deploy.resources.base import ResourceType
from penstock.local.deploy.resources.custom import custom
from penstock.local.deploy.resources.shape import mismatches
from penstock.local.deploy.template import Resource, Template

TYPES: Mapping[str, ResourceType] = {
    "AWS::CloudWatch::Alarm": cloudwatch.ALARM,
    "AWS::CloudWatch::CompositeAlarm": cloudwatch.COMPOSITE_ALARM,
    "AWS::CloudWatch::Dashboard": cloudwatch.DASHBOARD,
    "AWS::DynamoDB::Table": dynamodb.TABLE,
    "AWS::ECR::Repository": ecr.REPOSITORY,
    "AWS::Events::EventBus": events.EVENT_BUS,
    "AWS::Events::Rule": events.RULE,
    "AWS::IAM::ManagedPolicy": iam.MANAGED_POLICY,
    "AWS::IAM::Policy": iam.POLICY,
    "AWS::IAM::Role": iam.ROLE,
    "AWS::KMS::Alias": kms.ALIAS,
    "AWS::KMS::Key": kms.KEY,
    "AWS::Lambda::EventInvokeConfig": functions.EVENT_INVOKE_CONFIG,
    "AWS::Lambda::EventSourceMapping": event_sources.EVENT_SOURCE_MAPPING,
    "AWS::Lambda::Function": functions.FUNCTION,
    "AWS::Lambda::Permission": functions.PERMISSION,
    "AWS::Logs::LogGroup": logs.LOG_GROUP,
    "AWS::Logs::MetricFilter": logs.METRIC_FILTER,
    "AWS::Logs::ResourcePolicy": logs.RESOURCE_POLICY,
    "AWS::S3::Bucket": s3.BUCKET,
    "AWS::S3::BucketPolicy": s3.BUCKET_POLICY,
    "AWS::SNS::Subscription": sns.SUBSCRIPTION,
    "AWS::SNS::Topic": sns.TOPIC,
    "AWS::SNS::TopicPolicy": sns.TOPIC_POLICY,
    "AWS::SQS::Queue": sqs.QUEUE,
    "AWS::SQS::QueuePolicy": sqs.QUEUE_POLICY,
    "AWS::SSM::Parameter": ssm.PARAMETER,
    "AWS::SageMaker::ModelPackageGroup": sagemaker.MODEL_PACKAGE_GROUP,
    "AWS::StepFunctions::StateMachine": stepfunctions.STATE_MACHINE,
}


@cache
def resource_type(name: str) -> ResourceType | None:
    """Return the type of a name, a custom one as well; None if the local cloud does not deploy it."""
    if name.startswith("Custom::") or name == "AWS::CloudFormation::CustomResource":
        return custom(name)
    return TYPES.get(name)


def known_type(name: str) -> ResourceType:
    """Return the type of a resource of a template that is supported.

    Raises:
        KeyError: it is not.
    """
    kind = resource_type(name)
    if kind is None:
        raise KeyError(name)
    return kind


def unsupported(template: Template) -> Iterator[str]:
    """Say everything in a template that the types here would not apply: types, properties, attributes."""
    for resource in template.resources.values():
        for problem in _mismatches(resource):
            yield f"{template.stack}: {problem}"
    for reference in template.references:
        named = template.resources.get(reference.name)
        kind = resource_type(named.type) if named else None
        if kind is None or kind.attributes is None or not reference.attribute:
            continue
        if reference.attribute not in kind.attributes:
            known = ", ".join(kind.attributes) or "none"
            yield (
                f"{template.stack}: {reference.path}: the local cloud gives {reference.name!r} no attribute "
                f"{reference.attribute!r}. It gives {known}."
            )


def _mismatches(resource: Resource) -> Iterator[str]:
    kind = resource_type(resource.type)
    if kind is None:
        yield (
            f"Resources.{resource.logical_id}.Type: the local cloud does not deploy {resource.type!r}. "
            "Leave it out, or add it to penstock/local/deploy/resources."
        )
        return
    for name in kind.required:
        if name not in resource.properties:
            yield f"{resource.path}: {name} is missing; {resource.type} requires it."
    if not kind.open:
        yield from mismatches(resource.properties, kind.properties, resource.path)
