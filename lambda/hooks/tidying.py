"""What of a pipeline's models nobody needs any more: pure functions, with no AWS in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hooks.rules import run_of

# What of a run's folder has data in it, or was made of them row by row; the rest says what came of the run, and stays.
DATA = ("input", "predict", "processed", "checkpoints", "output", "champion", "batch")

_DAY = 86_400
# A failed execution can be redriven for 14 days, and then needs what it made.
_REDRIVE_SECONDS = 14 * _DAY


@dataclass(frozen=True)
class Package:
    """A generation: a version of the pipeline's model package, and the S3 URI of its artefact; `created` in seconds."""

    arn: str
    generation: int
    status: str
    created: float
    artefact: str


@dataclass(frozen=True)
class Model:
    """A model; `created` in seconds."""

    name: str
    created: float
    artefact: str


@dataclass(frozen=True)
class Inventory:
    """What a pipeline has: `configs` are the endpoint configs, each with the names of its models.

    `live_configs` are those that the endpoint serves or is about to; `live_models` are in use beside those.
    """

    packages: Sequence[Package] = ()
    models: Sequence[Model] = ()
    configs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    live_configs: frozenset[str] = frozenset()
    live_models: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Removal:
    """What is to be removed, by name; packages by ARN. In this order: nothing is left that names what is gone."""

    configs: Sequence[str]
    models: Sequence[str]
    packages: Sequence[str]


@dataclass(frozen=True)
class Stored:
    """An object of a run: its `path` below the folder of all runs, and when it was `written`, in seconds."""

    path: str
    written: float

    @property
    def run(self) -> str:
        """The run's id."""
        return self.path.partition("/")[0]

    @property
    def has_data(self) -> bool:
        """Whether it is of a part of the run's folder that has data in it."""
        return self.path.partition("/")[2].partition("/")[0] in DATA


@dataclass(frozen=True)
class Image:
    """An image in a repository; `used` is when it was pushed, or last pulled, in seconds."""

    repository: str
    digest: str
    tags: Sequence[str]
    used: float

    def named_in(self, texts: Iterable[str]) -> bool:
        """Return whether one of the texts, URIs or whole definitions, names the image."""
        names = [self.digest, *(f"/{self.repository}:{tag}" for tag in self.tags)]
        return any(name in text for text in texts for name in names)


def plan(found: Inventory, *, keep: int, now: float) -> Removal:
    """Return what is to be removed: all but the newest `keep` generations that were approved, and what is in use.

    What belongs to no generation, or to one that was not approved, is what a run left behind that failed or was
    rejected: it goes when that run can no longer be redriven.
    """
    serving = {name for config in found.live_configs for name in found.configs.get(config, ())} | found.live_models
    served = {model.artefact for model in found.models if model.name in serving}
    approved = sorted(
        (package for package in found.packages if package.status == "Approved"),
        key=lambda package: package.generation,
        reverse=True,
    )
    kept = {package.artefact for package in approved[:keep]} | served
    old = {package.arn for package in approved if package.artefact not in kept}
    left = {
        package.arn
        for package in found.packages
        if package.status != "Approved" and package.artefact not in kept and _abandoned(package.created, now)
    }
    outdated = {package.artefact for package in found.packages if package.arn in old | left}
    packaged = {package.artefact for package in found.packages}
    models = [
        model.name
        for model in found.models
        if model.name not in serving
        and (model.artefact in outdated or (model.artefact not in packaged and _abandoned(model.created, now)))
    ]
    remaining = {model.name for model in found.models} - set(models)
    configs = [
        name
        for name, used in found.configs.items()
        if name not in found.live_configs and not remaining.issuperset(used)
    ]
    return Removal(configs, models, sorted(old | left))


def abandoned_images(images: Iterable[Image], named: Sequence[str], *, now: float) -> list[Image]:
    """Return the images that none of the texts in `named` names, and that were neither pushed nor pulled lately.

    One that was may be about to be used, or be what an execution goes on with, now or when it is redriven, that began
    with a definition which is no more.
    """
    return [image for image in images if _abandoned(image.used, now) and not image.named_in(named)]


def abandoned_data(found: Inventory, stored: Sequence[Stored], *, now: float) -> list[Stored]:
    """Return what has data of runs that no package or model is of, and that have written nothing lately.

    `found` is what there was before anything was removed: a generation that goes now may be what a run is about to
    deploy that waits for its turn. Its data go the next time.
    """
    artefacts = *(package.artefact for package in found.packages), *(model.artefact for model in found.models)
    needed = {run_of(artefact) for artefact in artefacts}
    last = {one.run: one.written for one in sorted(stored, key=lambda one: one.written)}
    gone = {run for run, written in last.items() if run not in needed and _abandoned(written, now)}
    return [one for one in stored if one.run in gone and one.has_data]


def _abandoned(created: float, now: float) -> bool:
    return now - created > _REDRIVE_SECONDS
