"""constructs/ and lambda/ are import roots, and tests are in no package: each of these traps has bitten before."""

import sys
from pathlib import Path

import constructs

import hooks
import penstock_constructs


def test_constructs_is_the_one_from_pypi(root: Path) -> None:
    assert constructs.Construct.__module__.startswith("constructs")
    assert not Path(constructs.__file__).is_relative_to(root / "constructs")


def test_our_constructs_are_found_in_their_import_root(root: Path) -> None:
    assert Path(penstock_constructs.__file__).parent == root / "constructs" / "penstock_constructs"


def test_hooks_are_found_in_their_import_root(root: Path) -> None:
    assert Path(hooks.__file__).parent == root / "lambda" / "hooks"


def test_no_import_root_is_a_package(root: Path) -> None:
    assert [folder for folder in ("constructs", "lambda") if (root / folder / "__init__.py").exists()] == []


def test_no_folder_of_tests_is_a_package(root: Path) -> None:
    assert list((root / "tests").rglob("__init__.py")) == []


def test_hooks_import_nothing_of_ours(root: Path) -> None:
    allowed = {"hooks", "boto3", "botocore", *sys.stdlib_module_names}
    imports = {
        line.split()[1].split(".")[0]
        for file in (root / "lambda" / "hooks").rglob("*.py")
        for line in file.read_text().splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imports <= allowed


def test_only_the_hooks_calls_to_aws_import_boto3(root: Path) -> None:
    importing = [file for file in (root / "lambda" / "hooks").rglob("*.py") if "boto" in file.read_text()]
    assert {file.parent.name for file in importing} == {"aws"}


def test_the_installed_package_imports_neither_stacks_nor_constructs(root: Path) -> None:
    lines = [line for file in (root / "penstock").rglob("*.py") for line in file.read_text().splitlines()]
    forbidden = tuple(
        f"{verb} {package}"
        for verb in ("import", "from")
        for package in ("stacks", "penstock_constructs", "hooks", "aws_cdk")
    )
    assert [line for line in lines if line.lstrip().startswith(forbidden)] == []
