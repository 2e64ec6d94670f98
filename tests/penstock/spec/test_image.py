import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.errors import SpecError
from penstock.spec.image import build_files, image_tag


@pytest.fixture
def container(tmp_path: Path) -> Path:
    folder = tmp_path / "forest"
    (folder / "src").mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM python\n")
    (folder / "train").write_text("print()\n")
    (folder / "src/model.py").write_text("depth = 3\n")
    return folder


def test_tag_is_16_hexadecimal_digits(container: Path) -> None:
    assert len(bytes.fromhex(image_tag(container))) == 8


def test_tag_does_not_depend_on_where_the_folder_is(container: Path, tmp_path: Path) -> None:
    shutil.copytree(container, tmp_path / "elsewhere")

    assert image_tag(tmp_path / "elsewhere") == image_tag(container)


def test_tag_is_the_same_from_version_to_version(container: Path) -> None:
    assert image_tag(container) == "5f08ace5c3c5abbc"


CHANGES: dict[str, Callable[[Path], object]] = {
    "content": lambda folder: (folder / "src/model.py").write_text("depth = 4\n"),
    "new file": lambda folder: (folder / "empty").touch(),
    "removed file": lambda folder: (folder / "train").unlink(),
    "moved file": lambda folder: (folder / "src/model.py").rename(folder / "model.py"),
    "executable bit": lambda folder: (folder / "train").chmod(0o755),
    "link": lambda folder: (folder / "serve").symlink_to("train"),
    "linked folder": lambda folder: (folder / "lib").symlink_to("src"),
    "hidden file": lambda folder: (folder / ".env").touch(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_change_of_the_context_changes_the_tag(container: Path, change: Callable[[Path], object]) -> None:
    before = image_tag(container)

    change(container)

    assert image_tag(container) != before


def test_arguments_and_platform_change_the_tag(container: Path) -> None:
    tags = {image_tag(container), image_tag(container, {"A": "1"}), image_tag(container, {"A": "2"})}
    tags.add(image_tag(container, platform="linux/arm64"))

    assert len(tags) == 4


def test_order_of_arguments_does_not_count(container: Path) -> None:
    assert image_tag(container, {"A": "1", "B": "2"}) == image_tag(container, {"B": "2", "A": "1"})


def test_bytecode_does_not_count(container: Path) -> None:
    before = image_tag(container)
    (container / "src/__pycache__").mkdir()
    (container / "src/__pycache__/model.pyc").touch()

    assert image_tag(container) == before


@pytest.mark.parametrize(
    ("rules", "file", "counts"),
    [
        ("notes.md", "notes.md", False),
        ("notes.md", "src/notes.md", True),
        ("**/notes.md", "notes.md", False),
        ("**/notes.md", "src/deep/notes.md", False),
        ("*.md", "notes.md", False),
        ("*.md", "src/notes.md", True),
        ("src", "src/deep/notes.md", False),
        ("/src/", "src/notes.md", False),
        ("src/**", "src/notes.md", False),
        ("note?.md", "notes.md", False),
        ("*.md\n!notes.md", "notes.md", True),
        ("!notes.md\n*.md", "notes.md", False),
        ("# notes.md\n\n", "notes.md", True),
        ("notes", "notes.md", True),
        ("n.tes.md", "notes.md", True),
    ],
)
def test_dockerignore(container: Path, rules: str, file: str, *, counts: bool) -> None:
    (container / ".dockerignore").write_text(rules)
    before = image_tag(container)
    (container / file).parent.mkdir(exist_ok=True)
    (container / file).touch()

    assert (image_tag(container) != before) is counts


def test_dockerfile_counts_even_when_ignored(container: Path) -> None:
    (container / ".dockerignore").write_text("*\n")
    before = image_tag(container)
    (container / "Dockerfile").write_text("FROM scratch\n")

    assert image_tag(container) != before


def test_missing_folder_has_no_tag(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="forest: there is no such container folder"):
        image_tag(tmp_path / "forest")


@pytest.fixture
def with_runtime(container: Path) -> Path:
    """A container whose Dockerfile copies in the runtime beside it."""
    runtime = container.with_name("runtime")
    (runtime / "runtime").mkdir(parents=True)
    (runtime / ".dockerignore").write_text("*\n!runtime\n")
    (runtime / "requirements.in").write_text("numpy\n")
    (runtime / "runtime/serving.py").write_text("port = 8080\n")
    (container / "Dockerfile").write_text("FROM python\nCOPY --link --from=runtime runtime /opt/program/runtime\n")
    return container


def test_the_runtime_is_among_the_files_of_an_image_that_copies_it_in(with_runtime: Path) -> None:
    assert build_files(with_runtime) == {
        "Dockerfile": with_runtime / "Dockerfile",
        "train": with_runtime / "train",
        "src/model.py": with_runtime / "src/model.py",
        "runtime/serving.py": with_runtime.with_name("runtime") / "runtime/serving.py",
    }


@pytest.mark.parametrize(("file", "counts"), [("runtime/serving.py", True), ("requirements.in", False)])
def test_a_change_of_the_runtime_changes_the_tag(with_runtime: Path, file: str, *, counts: bool) -> None:
    before = image_tag(with_runtime)

    (with_runtime.with_name("runtime") / file).write_text("changed\n")

    assert (image_tag(with_runtime) != before) is counts


@pytest.mark.parametrize(
    "line", ["COPY --from=build runtime /opt", "# COPY --from=runtime runtime /opt", "COPY runtime /"]
)
def test_other_lines_copy_no_runtime_in(with_runtime: Path, line: str) -> None:
    (with_runtime / "Dockerfile").write_text(f"FROM python\n{line}\n")

    assert "runtime/serving.py" not in build_files(with_runtime)


def test_the_runtime_has_to_be_there(with_runtime: Path) -> None:
    shutil.rmtree(with_runtime.with_name("runtime"))

    with pytest.raises(SpecError, match="there is no such folder, and the Dockerfile of forest copies it in"):
        image_tag(with_runtime)
