from pathlib import Path

import pytest

from penstock.errors import RunError
from penstock.run import data


def file(folder: Path, text: str) -> Path:
    path = folder / "records.csv"
    path.write_bytes(text.encode())
    return path


def test_a_file_is_taken_as_it_is(tmp_path: Path) -> None:
    given = data.given("--data", file(tmp_path, "a,b\n1,2\n3,4\n"))
    assert (given.generated, given.rows()) == (False, 2)


@pytest.mark.parametrize(
    ("text", "rows"),
    [('a,b\n"1\n2\n3",4\n5,6\n', 2), ("a,b\n\n1,2\n\n", 1), ("", 0), ("a\n" + "x" * 200_000 + "\n1\n", 2)],
    ids=["cells of several lines", "blank lines", "nothing", "no CSV"],
)
def test_its_rows_are_its_records(tmp_path: Path, text: str, rows: int) -> None:
    assert data.Data(file(tmp_path, text), generated=False).rows() == rows


@pytest.mark.parametrize(
    ("name", "message"), [("nowhere.csv", "does not exist"), (".", "is a folder"), ("records.csv", "the file is empty")]
)
def test_what_is_no_data_is_said(tmp_path: Path, name: str, message: str) -> None:
    file(tmp_path, "")
    with pytest.raises(RunError, match=message):
        data.given("--data", tmp_path / name)


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    one, other = (
        data.given("--data", file(tmp_path, "a\n1\n")).fingerprint(),
        data.given("--data", file(tmp_path, "a\n2\n")).fingerprint(),
    )
    assert len(one) == 64
    assert one != other


def test_a_sample_is_spread_over_the_file(tmp_path: Path) -> None:
    records = data.given("--data", file(tmp_path, "\ufeffn\n" + "".join(f"{number}\n" for number in range(100))))
    assert [row["n"] for row in records.sample(5)] == ["0", "20", "40", "60", "80"]


def test_a_sample_of_few_rows_is_all_of_them(tmp_path: Path) -> None:
    assert data.given("--data", file(tmp_path, "n\n1\n2\n")).sample(5) == [{"n": "1"}, {"n": "2"}]


def test_a_pipelines_own_program_makes_records(tmp_path: Path) -> None:
    (tmp_path / "generate.py").write_text("print('a,b')\nprint('1,2')\n")
    made = data.generate(tmp_path, tmp_path / "generated")
    assert made.generated
    assert made.path.read_text() == "a,b\n1,2\n"


def test_without_a_program_data_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"has no generate.py to make records with: give a file with --data FILE"):
        data.generate(tmp_path, tmp_path / "generated")


def test_a_program_that_fails_is_named_with_what_it_said(tmp_path: Path) -> None:
    (tmp_path / "generate.py").write_text("raise SystemExit('no seed')\n")
    with pytest.raises(RunError, match="failed with exit code 1: no seed"):
        data.generate(tmp_path, tmp_path / "generated")


@pytest.mark.parametrize(
    ("name", "key"), [("sales 2026.csv", "sales_2026.csv"), ("a\nb.CSV", "a_b.csv"), ("é" * 90 + ".txt", "_.csv")]
)
def test_its_name_is_one_that_a_key_may_have(name: str, key: str) -> None:
    assert data.Data(Path(name), generated=False).name == key


def test_a_name_that_no_file_can_have_is_said() -> None:
    with pytest.raises(RunError, match=r"cannot be read \(File name too long\)"):
        data.given("--data", Path("a" * 300))
