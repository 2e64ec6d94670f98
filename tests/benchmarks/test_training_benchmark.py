from pathlib import Path

from benchmarks.training_benchmark import hold_out


def test_a_tenth_is_held_out_as_the_seed_says(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    rows = [f"{number},1" for number in range(50)]
    data.write_text("\n".join(["a,b", *rows]) + "\n")
    parts = [[path.read_text().split() for path in hold_out(data, tmp_path, seed)] for seed in (1, 1, 2)]
    learn, judge = parts[0]
    assert learn[0] == judge[0] == "a,b"
    assert sorted(learn[1:] + judge[1:]) == sorted(rows)
    assert len(judge) == 6
    assert parts[0] == parts[1] != parts[2]
