"""Where SageMaker's API is not regular: how its resources are named in ARNs, and what some operations are about."""

from collections.abc import Mapping

# The kinds of resources that are not named in ARNs as they are in operations.
KINDS: Mapping[str, str] = {
    "App": "app/{DomainId}/{UserProfileName}/{AppType}/{AppName}",
    "AutoMLJob": "automl-job",
    "Device": "device-fleet/{DeviceFleetName}/device/{DeviceName}",
    "EdgeDeploymentPlan": "edge-deployment",
    "HubContent": "hub-content/{HubName}/{HubContentType}/{HubContentName}",
    "Job": "job/{JobCategory}/{JobName}",
    "ModelCardExportJob": "model-card/{ModelCardName}",
    "MonitoringAlert": "monitoring-schedule/{MonitoringScheduleName}/alert/{MonitoringAlertName}",
    "PresignedMlflowTrackingServerUrl": "mlflow-tracking-server",
    "Space": "space/{DomainId}/{SpaceName}",
    "Trial": "experiment-trial",
    "TrialComponent": "experiment-trial-component",
    "UserProfile": "user-profile/{DomainId}/{UserProfileName}",
}
# Parameters that name what an operation is about without saying what it is.
OWN_NAMES = ("ResourceArn", "JobDefinitionName", "TrackingServerName", "Arn", "Name")
# What operations are about that name no resource of their own.
RESOURCES: Mapping[str, str] = {
    "CreateImageVersion": "image/{ImageName}",
    "CreateInferenceRecommendationsJob": "inference-recommendations-job/{JobName}",
    "CreateModelPackage": "model-package/{ModelPackageGroupName}/*",
    "CreatePresignedDomainUrl": "user-profile/{DomainId}/{UserProfileName}",
    "DeleteImageVersion": "image-version/{ImageName}/{Version}",
    "DeregisterDevices": "device-fleet/{DeviceFleetName}/device/*",
    "DescribeImageVersion": "image-version/{ImageName}/{Version}",
    "DescribeInferenceRecommendationsJob": "inference-recommendations-job/{JobName}",
    "ListModelPackages": "model-package/{ModelPackageGroupName}/*",
    "RegisterDevices": "device-fleet/{DeviceFleetName}/device/*",
    "StopInferenceRecommendationsJob": "inference-recommendations-job/{JobName}",
    "UpdateDevices": "device-fleet/{DeviceFleetName}/device/*",
    "UpdateImageVersion": "image-version/{ImageName}/{Version}",
}
# What an operation may be about whose own name is of a part, the closest first.
PARENTS = (
    *("HubContent", "Hub", "PipelineExecution", "Pipeline", "HyperParameterTuningJob", "InferenceRecommendationsJob"),
    *("Cluster", "EdgeDeploymentPlan", "DeviceFleet", "FeatureGroup", "Image", "InferenceComponent", "ModelCard"),
    *("ModelPackageGroup", "ModelPackage", "NotebookInstance", "MonitoringSchedule", "Endpoint", "ReservedCapacity"),
    *("TrainingPlan", "Workteam", "Domain"),
)
# What AWS scopes to no resource, although parameters name one.
UNSCOPED = frozenset(
    [
        *("DescribeLineageGroup", "ListDataQualityJobDefinitions", "ListDevices", "ListModelBiasJobDefinitions"),
        *("ListModelExplainabilityJobDefinitions", "ListModelQualityJobDefinitions", "ListMonitoringAlertHistory"),
        *("ListMonitoringAlerts", "ListMonitoringExecutions", "ListMonitoringSchedules", "ListStageDevices"),
    ]
)
