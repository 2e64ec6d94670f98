from collections.abc import Callable
from datetime import UTC, datetime

from botocore.stub import Stubber

from hooks.aws import ecr
from hooks.tidying import Image

Stub = Callable[[str], Stubber]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_images_are_listed_whether_they_have_tags_or_not(stub: Stub) -> None:
    details = [
        {"imageDigest": "sha256:1", "imageTags": ["a"], "imagePushedAt": NOW},
        {"imageDigest": "sha256:2", "imagePushedAt": NOW},
    ]
    stub("ecr").add_response("describe_images", {"imageDetails": details}, {"repositoryName": "dev-forest"})
    assert ecr.images("dev-forest") == [
        Image("dev-forest", "sha256:1", ["a"], NOW.timestamp()),
        Image("dev-forest", "sha256:2", [], NOW.timestamp()),
    ]


def test_images_are_removed_as_many_at_a_time_as_ecr_takes(stub: Stub) -> None:
    client = stub("ecr")
    for count, repository in ((100, "one"), (1, "one"), (1, "two")):
        ids = [{"imageDigest": "sha256:1"}] * count
        client.add_response("batch_delete_image", {}, {"repositoryName": repository, "imageIds": ids})
    ecr.remove([Image("one", "sha256:1", [], 0)] * 101 + [Image("two", "sha256:1", [], 0)])
    client.assert_no_pending_responses()


def test_an_image_that_is_still_pulled_is_used(stub: Stub) -> None:
    pulled = datetime(2026, 3, 1, tzinfo=UTC)
    details = {"imageDigest": "sha256:1", "imagePushedAt": datetime(2026, 1, 1, tzinfo=UTC)}
    images = {"imageDetails": [details | {"lastRecordedPullTime": pulled}]}
    stub("ecr").add_response("describe_images", images, {"repositoryName": "dev-forest"})
    (image,) = ecr.images("dev-forest")
    assert image.used == pulled.timestamp()
