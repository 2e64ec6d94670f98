import pytest

from penstock.spec.mistakes import Location, Mistake, dotted, quoted, report, suggestion


def test_places_are_aligned_and_remedies_follow() -> None:
    mistakes = [
        Mistake("pipelines/b/pipeline.yaml", 12, 3, "wrong.", "Do this."),
        Mistake("environments.yaml", 1, 1, "bad."),
    ]

    assert report(mistakes, pipelines=7).splitlines() == [
        "environments.yaml:1:1           bad.",
        "pipelines/b/pipeline.yaml:12:3  wrong.",
        "    Do this.",
        "2 errors in environments.yaml and 1 of 7 pipelines. Nothing was synthesised.",
    ]


def test_lines_are_sorted_as_numbers() -> None:
    mistakes = [Mistake("pipelines/b/pipeline.yaml", line, 1, "wrong.") for line in (10, 9)]

    assert report(mistakes, pipelines=1).splitlines() == [
        "pipelines/b/pipeline.yaml:9:1   wrong.",
        "pipelines/b/pipeline.yaml:10:1  wrong.",
        "2 errors in 1 of 1 pipeline. Nothing was synthesised.",
    ]


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (("train", "volume_gb"), "train.volume_gb"),
        (("dev", "notify", 1), "dev.notify[1]"),
        (("data", "columns", "two words"), 'data.columns."two words"'),
        (("data", "columns", "a.b"), 'data.columns."a.b"'),
        (("train", "\x1b[31m"), 'train."\\u001b[31m"'),
    ],
)
def test_dotted(location: Location, shown: str) -> None:
    assert dotted(location) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("é", '"é"'),
        ('a"b', '"a\\"b"'),
        ("\x1b[2J", '"\\u001b[2J"'),
        ("\x9b", '"\\u009b"'),
        ("x" * 99, f'"{"x" * 59}…"'),
    ],
)
def test_quoted(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_suggestion_is_the_nearest_word() -> None:
    assert suggestion("metrik", ["metric", "at_most"]) == "Did you mean metric?"


def test_suggestion_knows_forgotten_beginnings() -> None:
    assert suggestion("m5.large", ["ml.r5.large", "ml.m5.large"]) == "Did you mean ml.m5.large?"


def test_no_suggestion_when_nothing_is_near() -> None:
    assert suggestion("budget", ["metric", "at_most"]) == ""
