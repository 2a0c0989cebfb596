"""How often files change, under the names that they have now, and which change together."""

from __future__ import annotations

from codearch.history import churn

DAY = 24 * 3600
START = 1_600_000_000


def edit(repository, day, *paths, subject="edit"):
    for path in paths:
        file = repository.root / path
        before = file.read_text() if file.exists() else f"# {path}\n" * 20
        repository.write(path, f"{before}line {day}\n")
    return repository.commit(subject, time=START + day * DAY)


def test_commits_of_the_last_year_before_the_newest(repository):
    edit(repository, 0, "old.py", "both.py")
    edit(repository, 500, "both.py", "new.py")
    edit(repository, 600, "both.py")
    found = churn(repository.root)
    assert found.commits == {"both.py": 2, "new.py": 1}
    assert found.newest == START + 600 * DAY
    assert found.read == 3
    assert not found.shallow


def test_renames_are_followed(repository):
    edit(repository, 0, "a.py")
    edit(repository, 1, "a.py")
    repository.git("mv", "a.py", "b.py")
    repository.commit("rename", time=START + 2 * DAY)
    edit(repository, 3, "b.py")
    repository.git("mv", "b.py", "pkg.py")
    edit(repository, 4, "pkg.py")
    # A new file takes the first name.
    edit(repository, 5, "a.py")
    assert churn(repository.root).commits == {"pkg.py": 5, "a.py": 1}


def test_file_renamed_and_back(repository):
    edit(repository, 0, "a.py")
    repository.git("mv", "a.py", "b.py")
    repository.commit("away", time=START + DAY)
    repository.git("mv", "b.py", "a.py")
    repository.commit("back", time=START + 2 * DAY)
    edit(repository, 3, "b.py")
    assert churn(repository.root).commits == {"a.py": 3, "b.py": 1}


def test_files_that_change_together(repository):
    for day in range(4):
        edit(repository, day, "model.py", "view.py", *(["test.py"] if day == 0 else []))
    edit(repository, 5, "model.py")
    edit(repository, 6, "readme.md")
    (edge,) = churn(repository.root).coupling
    assert (edge.source, edge.target, edge.kind, edge.count) == ("model.py", "view.py", "change", 4)
    assert edge.confidence == 2 * 4 / (5 + 4)


def test_mass_commits_couple_nothing(repository):
    for day in range(4):
        edit(repository, day, *(f"f{number}.py" for number in range(51)))
    found = churn(repository.root)
    assert found.coupling == ()
    assert found.commits["f0.py"] == 4


def test_merges_count_once_and_limit_is_kept(repository):
    edit(repository, 0, "a.py")
    repository.git("checkout", "-q", "-b", "side")
    edit(repository, 1, "a.py")
    repository.git("checkout", "-q", "main")
    edit(repository, 2, "b.py")
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    repository.git(*identity, "merge", "-q", "--no-ff", "-m", "merge", "side")
    assert churn(repository.root).commits == {"a.py": 2, "b.py": 1}
    assert churn(repository.root, limit=1).read == 1


def test_part_of_a_repository_sees_its_own_paths(repository):
    edit(repository, 0, "pkg/a.py", "other.py")
    edit(repository, 1, "other.py")
    assert churn(repository.root / "pkg").commits == {"a.py": 1}


def test_unusual_names_and_empty_commits(repository):
    repository.commit("nothing", time=START)
    edit(repository, 1, "a b.py", "\x01odd\n.py", "ü.py")
    repository.commit("nothing again", time=START + 2 * DAY)
    assert churn(repository.root).commits == {"a b.py": 1, "\x01odd\n.py": 1, "ü.py": 1}


def test_before_the_first_commit(repository):
    found = churn(repository.root)
    assert (found.commits, found.coupling, found.newest, found.read) == ({}, (), 0, 0)


def test_shallow_clone_is_said(repository, tmp_path):
    for day in range(3):
        edit(repository, day, "a.py")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(tmp_path / "c"))
    found = churn(tmp_path / "c")
    assert found.shallow
    assert found.commits == {"a.py": 1}
