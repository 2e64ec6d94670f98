"""What an endpoint is to serve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.endpoint_configs import EndpointConfig, EndpointConfigs
from penstock.local.services.sagemaker.models import Model, Models

# What an endpoint says of a variant, as UpdateEndpoint names it → the member of a configuration's variant.
PROPERTIES = {"DesiredInstanceCount": "InitialInstanceCount", "DesiredWeight": "InitialVariantWeight"}
_CAPTURE = "DataCaptureConfig"


@dataclass(frozen=True)
class Plan:
    """A configuration with its models, and its variants and its data capture as they are to be."""

    config: EndpointConfig
    models: Mapping[str, Model]  # by variant
    variants: list[JsonObject]
    shadows: list[JsonObject]
    capture: JsonObject  # its DataCaptureConfig, or empty

    @classmethod
    def made(cls, name: str, configs: EndpointConfigs, models: Models) -> "Plan":
        """Return the plan of a configuration.

        Raises:
            AwsError: ValidationException, it is not there, or a model of it is not.
        """
        config = configs.find(name)
        found = {one["VariantName"]: models.find(one["ModelName"]) for one in (*config.variants, *config.shadows)}
        return cls(config, found, config.variants, config.shadows, config.capture)

    @classmethod
    def of(cls, record: JsonObject) -> "Plan":
        """Return the plan that a record tells of."""
        models = {variant: Model(**model) for variant, model in record["models"].items()}
        config = EndpointConfig(**record["config"])
        return cls(config, models, record["variants"], record["shadows"], record["capture"])

    def record(self) -> JsonObject:
        """Return what the store keeps of it; its configuration and its models may have been deleted since."""
        return {
            "config": self.config.record(),
            "models": {variant: model.record() for variant, model in self.models.items()},
            "variants": self.variants,
            "shadows": self.shadows,
            "capture": self.capture,
        }

    @property
    def names(self) -> list[str]:
        """The names of its production variants."""
        return [one["VariantName"] for one in self.variants]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many instances each production variant is to have, but for serverless ones."""
        return {one["VariantName"]: one["InitialInstanceCount"] for one in self.variants if "InstanceType" in one}

    @property
    def role(self) -> str:
        """The ARN of the execution role of the first variant's model: what the endpoint itself does, it does as it."""
        return self.models[self.variants[0]["VariantName"]].role

    def with_capacities(self, desired: Mapping[str, JsonObject]) -> "Plan":
        """Return the same plan with other weights and instance counts, by variant."""
        return replace(
            self,
            variants=[
                variant
                | {
                    PROPERTIES[member]: value
                    for member, value in desired.get(variant["VariantName"], {}).items()
                    if member in PROPERTIES
                }
                for variant in self.variants
            ],
        )

    def retaining(self, serving: "Plan", excluded: Sequence[str]) -> "Plan":
        """Return the same plan with the properties of what serves, but for the excluded ones."""
        kept = [property_ for property_ in PROPERTIES if property_ not in excluded]
        present = {
            variant["VariantName"]: {one: variant[PROPERTIES[one]] for one in kept if PROPERTIES[one] in variant}
            for variant in serving.variants
        }
        alike = {
            one["VariantName"]: {
                property_: value
                for property_, value in present.get(one["VariantName"], {}).items()
                if PROPERTIES[property_] in one
            }
            for one in self.variants
        }
        capture = self.capture if _CAPTURE in excluded else serving.capture
        return replace(self.with_capacities(alike), capture=capture)
