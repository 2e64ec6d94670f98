"""The rules themselves: each finds what it is there for, and nothing in a Dockerfile that keeps to all of them."""

import pytest

from dockerfiles import findings

BASE = f"python:3.12.1-slim-trixie@sha256:{'0' * 64}"
GOOD = f"""\
# A comment says nothing: ADD . .
FROM {BASE} AS base
FROM base AS build
RUN pip install --no-cache-dir --only-binary :all: --require-hashes --requirement requirements.txt
FROM base
COPY --from=build /opt/venv /opt/venv
COPY --from=runtime runtime runtime
CMD ["serve"]
"""


def test_nothing_is_found_where_all_is_well() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (f"FROM {BASE}", "FROM python", 2, "not pinned"),
        (f"FROM {BASE}", "FROM python:latest", 2, "not pinned"),
        (f"FROM {BASE}", "FROM python:3.12-slim", 2, "not pinned"),
        (f"FROM {BASE}", "FROM python:3.12.1-slim", 2, "not pinned"),
        (f"FROM {BASE}", f"FROM python:3.12.1-trixie@sha256:{'0' * 64}", 2, "not pinned"),
        ('CMD ["serve"]', 'RUN apt-get install gcc\nCMD ["serve"]', 8, "last stage installs"),
        ('CMD ["serve"]', 'RUN ["pip", "--version"]\nCMD ["serve"]', 8, "last stage installs"),
        ('CMD ["serve"]', "CMD serve", 8, "not a list"),
        ('CMD ["serve"]', 'CMD ["serve"', 8, "not a list"),
        ('CMD ["serve"]', "ENTRYPOINT python serve", 8, "not a list"),
        ("COPY --from=runtime runtime runtime", "ADD runtime runtime", 7, "COPY"),
        ("--from=build", "--from=biuld", 6, "no stage biuld"),
        (" --no-cache-dir", "", 4, "without --no-cache-dir."),
        (" --require-hashes", "", 4, "without --require-hashes."),
        (" --only-binary :all:", "", 4, "without --only-binary."),
        ('CMD ["serve"]', 'ENV API_TOKEN=1\nCMD ["serve"]', 8, "everyone"),
        ('CMD ["serve"]', 'USER nobody\nCMD ["serve"]', 8, "as root"),
    ],
)
def test_a_rule_that_is_broken_is_found_with_its_line(old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    (found,) = findings(GOOD.replace(old, new, 1))
    assert found.startswith(f"line {line}: ")
    assert said in found


def test_one_stage_is_not_enough() -> None:
    assert findings(f'FROM {BASE}\nCMD ["serve"]\n') == [
        "line 1: there is one stage only: install in one, and copy into another what it made."
    ]
