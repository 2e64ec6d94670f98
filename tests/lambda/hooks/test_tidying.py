import pytest

from hooks.tidying import (
    DATA,
    Image,
    Inventory,
    Model,
    Package,
    Removal,
    Stored,
    abandoned_data,
    abandoned_images,
    plan,
)

DAY = 86_400.0
NOW = 1000 * DAY
NOTHING = Removal([], [], [])


def _package(generation: int, status: str = "Approved", *, days: float = 0) -> Package:
    return Package(f"arn/{generation}", generation, status, NOW - days * DAY, f"s3://{generation}")


def _model(name: str, generation: int | None, *, days: float = 0) -> Model:
    return Model(name, NOW - days * DAY, f"s3://{generation or name}")


def _five(*, live: str = "c5") -> Inventory:
    """Return five generations, each with a model and a config."""
    numbers = range(1, 6)
    return Inventory(
        packages=[_package(number) for number in numbers],
        models=[_model(f"m{number}", number) for number in numbers],
        configs={f"c{number}": [f"m{number}"] for number in numbers},
        live_configs=frozenset([live]),
    )


def test_the_newest_generations_are_kept() -> None:
    assert plan(_five(), keep=3, now=NOW) == Removal(["c1", "c2"], ["m1", "m2"], ["arn/1", "arn/2"])


def test_what_serves_is_kept_however_old_it_is() -> None:
    """After a rollback, it is an old generation that serves."""
    assert plan(_five(live="c1"), keep=3, now=NOW) == Removal(["c2"], ["m2"], ["arn/2"])


def test_what_is_about_to_serve_is_kept() -> None:
    found = _five()
    pending = Inventory(found.packages, found.models, found.configs, frozenset(["c5", "c1"]))
    assert plan(pending, keep=4, now=NOW) == NOTHING


def test_every_variant_s_model_is_kept() -> None:
    found = _five()
    configs = {**found.configs, "c5": ["m5", "m1"]}
    both = Inventory(found.packages, found.models, configs, frozenset(["c5"]))
    assert plan(both, keep=4, now=NOW) == NOTHING


def test_a_model_in_use_without_an_endpoint_is_kept() -> None:
    found = Inventory([_package(1), _package(2)], [_model("m1", 1), _model("m2", 2)], live_models=frozenset(["m1"]))
    assert plan(found, keep=1, now=NOW) == NOTHING


def test_a_config_goes_with_any_of_its_models() -> None:
    found = _five()
    configs = {**found.configs, "both": ["m1", "m3"]}
    assert "both" in plan(Inventory(found.packages, found.models, configs, frozenset(["c5"])), keep=3, now=NOW).configs


def test_a_model_that_was_made_again_of_a_kept_generation_is_kept() -> None:
    found = Inventory([_package(1)], [_model("m1", 1), _model("again", 1, days=90)], {"c": ["m1"]}, frozenset(["c"]))
    assert plan(found, keep=1, now=NOW) == NOTHING


def test_a_rejected_generation_counts_for_nothing_and_goes_after_the_time_for_redrives() -> None:
    packages = [_package(1), _package(2, "Rejected", days=15), _package(3, "Rejected", days=13), _package(4)]
    found = Inventory(packages, [_model("m1", 1), _model("m4", 4)], {"c": ["m4"]}, frozenset(["c"]))
    assert plan(found, keep=2, now=NOW) == Removal([], [], ["arn/2"])


def test_what_a_failed_run_left_goes_after_the_time_for_redrives() -> None:
    models = [_model("m1", 1), _model("old", None, days=15), _model("young", None, days=13)]
    configs = {"c": ["m1"], "co": ["old"], "cy": ["young"]}
    found = Inventory([_package(1)], models, configs, frozenset(["c"]))
    assert plan(found, keep=1, now=NOW) == Removal(["co"], ["old"], [])


def test_a_config_whose_model_is_gone_already_goes_too() -> None:
    """The call before this one may have ended half-way."""
    assert plan(Inventory(configs={"c": ["gone"]}), keep=1, now=NOW) == Removal(["c"], [], [])


def test_nothing_is_nothing_to_remove() -> None:
    assert plan(Inventory(), keep=1, now=NOW) == NOTHING


def _image(tag: str, *, days: float) -> Image:
    return Image("dev-forest", f"sha256:{tag}", [tag], NOW - days * DAY)


def test_an_image_that_nothing_names_goes_unless_it_was_pushed_lately() -> None:
    """It may be about to be used, by a deployment that has not come to the state machine yet."""
    images = [_image("named", days=90), _image("digested", days=90), _image("old", days=90), _image("new", days=1)]
    named = ["1.dkr.ecr.us-east-1.amazonaws.com/dev-forest:named", '{"Image": "dev-forest@sha256:digested"}']
    assert [image.tags for image in abandoned_images(images, named, now=NOW)] == [["old"]]


def test_a_repository_whose_name_ends_alike_is_another() -> None:
    assert abandoned_images([_image("t", days=90)], ["host/other-dev-forest:t"], now=NOW)


RUN = "7c1f09ab"
ARTEFACT = f"s3://artefacts/bigmart/runs/{RUN}/output/job/output/model.tar.gz"


def _stored(part: str, *, days: float = 90, run: str = RUN) -> Stored:
    return Stored(f"{run}/{part}", NOW - days * DAY)


def test_the_data_of_a_run_that_nothing_is_left_of_go_and_what_came_of_it_stays() -> None:
    stays = ["pinned.json", "settings/settings.json", "profile/profile.json", "evaluation/report.html"]
    stays += ["predictions/predict-0001.csv.out", "failure.txt", ""]
    goes = [_stored(f"{part}/file.csv") for part in DATA]
    assert abandoned_data(Inventory(), [*map(_stored, stays), *goes], now=NOW) == goes


@pytest.mark.parametrize(
    "found",
    [
        Inventory([Package("arn/1", 1, "Approved", 0, ARTEFACT)]),
        Inventory([Package("arn/1", 1, "Rejected", 0, ARTEFACT)]),
        Inventory(models=[Model("m1", 0, ARTEFACT)]),
    ],
    ids=["a generation", "one that goes now", "a model"],
)
def test_the_data_of_what_there_is_stay(found: Inventory) -> None:
    assert not abandoned_data(found, [_stored("output/job/output/model.tar.gz")], now=NOW)


def test_the_data_of_a_run_stay_for_the_time_for_redrives_after_its_last_sign() -> None:
    """A failed one's is its report."""
    stored = [_stored("processed/train/a.csv", days=20), _stored("failure.txt", days=13)]
    assert not abandoned_data(Inventory(), stored, now=NOW)
    other = _stored("processed/train/a.csv", run="00000000")
    assert abandoned_data(Inventory(), [*stored, other], now=NOW) == [other]
