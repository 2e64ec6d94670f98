"""The SageMaker Python SDK, as its users write: a program that test_clients.py starts."""

import contextlib
import os
import sys

import boto3
from sagemaker.core import shapes
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.processing import Processor
from sagemaker.core.resources import (
    Endpoint,
    EndpointConfig,
    HyperParameterTuningJob,
    Model,
    ModelPackage,
    ModelPackageGroup,
    ProcessingJob,
    TrainingJob,
    TransformJob,
)
from sagemaker.core.transformer import Transformer
from sagemaker.serve import ModelBuilder
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, OutputDataConfig

ROLE, IMAGE, BUCKET, NAME = os.environ["ROLE"], os.environ["IMAGE"], "artefacts", "sdk"
QUICK = 0
SAVE = "(base / 'model/model.py').write_text('sdk = 1')"

training = TrainingJob.create(
    training_job_name=NAME,
    role_arn=ROLE,
    hyper_parameters={"script": SAVE},
    algorithm_specification=shapes.AlgorithmSpecification(training_image=IMAGE, training_input_mode="File"),
    output_data_config=shapes.OutputDataConfig(s3_output_path=f"s3://{BUCKET}/out"),
    resource_config=shapes.ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
    stopping_condition=shapes.StoppingCondition(max_runtime_in_seconds=60),
)
training.wait(poll=QUICK)
artefact = TrainingJob.get(NAME).model_artifacts.s3_model_artifacts
assert NAME in [job.training_job_name for job in TrainingJob.get_all()]

LOSS = "import random; print(f'loss={random.random()};')"
tuning = HyperParameterTuningJob.create(
    hyper_parameter_tuning_job_name=NAME,
    hyper_parameter_tuning_job_config=shapes.HyperParameterTuningJobConfig(
        strategy="Bayesian",
        hyper_parameter_tuning_job_objective=shapes.HyperParameterTuningJobObjective(
            type="Minimize", metric_name="loss"
        ),
        resource_limits=shapes.ResourceLimits(max_number_of_training_jobs=2, max_parallel_training_jobs=2),
        parameter_ranges=shapes.ParameterRanges(
            integer_parameter_ranges=[shapes.IntegerParameterRange(name="n", min_value="1", max_value="9")]
        ),
    ),
    training_job_definition=shapes.HyperParameterTrainingJobDefinition(
        static_hyper_parameters={"script": LOSS},
        algorithm_specification=shapes.HyperParameterAlgorithmSpecification(
            training_image=IMAGE,
            training_input_mode="File",
            metric_definitions=[shapes.MetricDefinition(name="loss", regex="loss=([0-9.]+);")],
        ),
        role_arn=ROLE,
        output_data_config=shapes.OutputDataConfig(s3_output_path=f"s3://{BUCKET}/out"),
        resource_config=shapes.ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
        stopping_condition=shapes.StoppingCondition(max_runtime_in_seconds=60),
    ),
)
tuning.wait(poll=QUICK)
assert tuning.best_training_job.training_job_name in [one.training_job_name for one in tuning.get_all_training_jobs()]

group = ModelPackageGroup.create(model_package_group_name=NAME)
container = shapes.ContainersItem(image=IMAGE, model_data_url=artefact)
csv = {"supported_content_types": ["text/csv"], "supported_response_mime_types": ["text/csv"]}
with contextlib.suppress(KeyError):  # it looks for a name in the answer that the API does not have, on AWS too
    ModelPackage.create(
        model_package_group_name=NAME,
        inference_specification=shapes.InferenceSpecification(containers=[container], **csv),
    )
package = ModelPackage.get(group.model_package_group_arn.replace("-group/", "/") + "/1")
assert package.model_approval_status == "PendingManualApproval"
package.update(model_approval_status="Approved")
assert package.model_approval_status == "Approved"

model = Model.create(
    model_name=NAME,
    execution_role_arn=ROLE,
    primary_container=shapes.ContainerDefinition(model_package_name=package.model_package_arn),
)
variant = shapes.ProductionVariant(
    variant_name="main", model_name=NAME, instance_type="ml.m5.large", initial_instance_count=1
)
config = EndpointConfig.create(endpoint_config_name=NAME, production_variants=[variant])
endpoint = Endpoint.create(endpoint_name=NAME, endpoint_config_name=NAME)
endpoint.wait_for_status("InService", poll=QUICK)
assert endpoint.invoke(body="x", content_type="text/csv").body.read() == b"x"
weight = shapes.DesiredWeightAndCapacity(variant_name="main", desired_weight=2.0)
endpoint.update_weights_and_capacities(desired_weights_and_capacities=[weight])
endpoint.wait_for_status("InService", poll=QUICK)
assert NAME in [one.endpoint_name for one in Endpoint.get_all()]

source = shapes.TransformS3DataSource(s3_data_type="S3Prefix", s3_uri=f"s3://{BUCKET}/in/")
transform = TransformJob.create(
    transform_job_name=NAME,
    model_name=NAME,
    transform_input=shapes.TransformInput(
        data_source=shapes.TransformDataSource(s3_data_source=source), content_type="text/csv", split_type="Line"
    ),
    transform_output=shapes.TransformOutput(s3_output_path=f"s3://{BUCKET}/sdk", assemble_with="Line"),
    transform_resources=shapes.TransformResources(instance_type="ml.m5.large", instance_count=1),
)
transform.wait(poll=QUICK)
assert boto3.client("s3").get_object(Bucket=BUCKET, Key="sdk/a.csv.out")["Body"].read() == b"a\nb\n"
assert NAME in [job.transform_job_name for job in TransformJob.get_all()]

cluster = shapes.ProcessingClusterConfig(instance_count=1, instance_type="ml.m5.large", volume_size_in_gb=1)
processing = ProcessingJob.create(
    processing_job_name=NAME,
    role_arn=ROLE,
    app_specification=shapes.AppSpecification(image_uri=IMAGE, container_entrypoint=["process"]),
    processing_resources=shapes.ProcessingResources(cluster_config=cluster),
)
processing.wait(poll=QUICK)
assert NAME in [job.processing_job_name for job in ProcessingJob.get_all()]

# The SDK's own ways to train, process, transform and deploy.
session = Session(boto_session=boto3.Session(), default_bucket=BUCKET)
machine = {"instance_count": 1, "instance_type": "ml.m5.large"}
trainer = ModelTrainer(
    training_image=IMAGE,
    role=ROLE,
    base_job_name="trainer",
    sagemaker_session=session,
    hyperparameters={"script": SAVE},
    compute=Compute(**machine, volume_size_in_gb=1),
    output_data_config=OutputDataConfig(s3_output_path=f"s3://{BUCKET}/out"),
)
data = InputData(channel_name="train", data_source=f"s3://{BUCKET}/in/")
trainer.train(input_data_config=[data], wait=False, logs=False)
(trained,) = TrainingJob.get_all(name_contains="trainer")
trained.wait(poll=QUICK)

processor = Processor(
    role=ROLE, image_uri=IMAGE, entrypoint=["process"], volume_size_in_gb=1, sagemaker_session=session, **machine
)
processor.run(job_name="processor", wait=False, logs=False)
ProcessingJob.get("processor").wait(poll=QUICK)

transformer = Transformer(
    model_name=NAME, output_path=f"s3://{BUCKET}/transformer", sagemaker_session=session, **machine
)
transformer.transform(f"s3://{BUCKET}/in/", content_type="text/csv", job_name="transformer", wait=False, logs=False)
TransformJob.get("transformer").wait(poll=QUICK)

builder = ModelBuilder(
    image_uri=IMAGE,
    s3_model_data_url=artefact,
    role_arn=ROLE,
    sagemaker_session=session,
    instance_type="ml.m5.large",
)
builder.build(model_name="builder")
builder.deploy(endpoint_name="builder", initial_instance_count=1, instance_type="ml.m5.large", wait=False)
built = Endpoint.get("builder")
built.wait_for_status("InService", poll=QUICK)
assert built.invoke(body="x", content_type="text/csv").body.read() == b"x"

# For a version of a group the SDK's own delete() sends no name, on AWS too.
boto3.client("sagemaker").delete_model_package(ModelPackageName=package.model_package_arn)
for resource in (endpoint, built, config, model, group):
    resource.delete()
endpoint.wait_for_delete(poll=QUICK)
sys.stdout.write("everything\n")
