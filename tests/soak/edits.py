"""What people and their tools do to files: edits of all kinds, and files that come, move and go."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soak.desk import Desk


def edit_body(desk: Desk) -> None:
    """Put a statement with a call into a function."""
    path = desk.source()
    lines = desk.lines(path)
    naming = desk.writing(path).naming
    starts = [at + 1 for at, line in enumerate(lines[:-1]) if naming.match(line)]
    at = desk.choose.choice(starts or [0])
    indent = re.match(r"[ \t]*", lines[at])
    statement = desk.writing(path).statement.format(word=desk.word(), callee=desk.callee())
    lines.insert(at, f"{indent[0] if indent else ''}{statement}\n")
    desk.write_lines(path, lines)


def edit_comment(desk: Desk) -> None:
    """Put a comment between two lines."""
    path = desk.source()
    lines = desk.lines(path)
    at = desk.choose.randrange(len(lines))
    lines.insert(at, desk.writing(path).comment.format(word=desk.word()) + "\n")
    desk.write_lines(path, lines)


def edit_signature(desk: Desk) -> None:
    """Give a function another name, where it is defined and nowhere else."""
    path = desk.source()
    lines = desk.lines(path)
    naming = desk.writing(path).naming
    starts = [at for at, line in enumerate(lines) if naming.match(line)]
    if not starts:
        return append(desk)
    at = desk.choose.choice(starts)
    match = naming.match(lines[at])
    assert match is not None
    lines[at] = lines[at][: match.start(1)] + desk.word() + lines[at][match.end(1) :]
    return desk.write_lines(path, lines)


def edit_whole(desk: Desk) -> None:
    """Replace a file by the content of another one and a function."""
    path = desk.source()
    same = [each for each in desk.sources() if each.rpartition(".")[2] == path.rpartition(".")[2]]
    content = desk.read(desk.choose.choice(same))
    desk.write(path, content + desk.definition(path, desk.word()).encode())


def append(desk: Desk) -> None:
    """Put a function at the end of a file."""
    path = desk.source()
    desk.append(path, desk.definition(path, desk.word()))


def delete_lines(desk: Desk) -> None:
    """Take some lines out, preferably among our own."""
    path = desk.marked()
    lines = desk.lines(path)
    at = desk.choose.randrange(len(lines))
    if desk.choose.random() < 0.5:
        at = max(0, len(lines) - 8)
    del lines[at : at + desk.choose.randint(1, 30)]
    desk.write_lines(path, lines)


def save_atomically(desk: Desk) -> None:
    """Save as Vim and many others do: by a second file that takes the place of the first."""
    path = desk.source()
    place = desk.root / path
    text = desk.read(path) + desk.definition(path, desk.word()).encode()
    if desk.choose.random() < 0.5:
        fresh = place.with_name(f".{place.name}.tmp")
        fresh.write_bytes(text)
        fresh.replace(place)
    else:
        backup = place.with_name(f"{place.name}~")
        place.rename(backup)
        place.write_bytes(text)
        backup.unlink()


def keep_size_and_time(desk: Desk) -> None:
    """Change a word and nothing that the file's state tells: not its size, not its time."""
    path = desk.marked()
    place = desk.root / path
    data, before = desk.read(path), place.stat()
    found = re.search(rb"\bzq[a-z]{6}\b", data) or re.search(rb"\b[a-z]{8}\b", data)
    if found is None:
        return append(desk)
    changed = data[: found.start()] + desk.word().encode() + data[found.end() :]
    with place.open("r+b") as file:
        file.write(changed)
    return os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


def create(desk: Desk) -> None:
    """Make a file, now and then in a folder that is new as well."""
    near = desk.source()
    folder = near.rpartition("/")[0]
    if desk.choose.random() < 0.4:
        folder = f"{folder}/new{desk.choose.randrange(9)}".lstrip("/")
    suffix = near.rpartition(".")[2]
    word = desk.word()
    path = f"{folder}/{word[:5]}.{suffix}".lstrip("/")
    desk.write(path, desk.definition(path, word).lstrip("\n").encode())


def copy(desk: Desk) -> None:
    """Make a copy of a file beside it."""
    path = desk.marked()
    place = desk.root / path
    target = place.with_name(f"{place.stem}{desk.choose.randrange(9)}{place.suffix}")
    if not target.exists():
        shutil.copyfile(place, target)


def rename(desk: Desk) -> None:
    """Give a file another name, sometimes with an edit; mark it first so that it can be found."""
    path = desk.marked()
    place = desk.root / path
    folder = desk.choose.choice(desk.folders())
    target = desk.root / folder / f"{place.stem[:12]}{desk.choose.randrange(99)}{place.suffix}"
    if target.exists():
        return
    place.rename(target)
    if desk.choose.random() < 0.3:
        with target.open("ab") as file:
            file.write(desk.definition(path, desk.word()).encode())


def rename_case(desk: Desk) -> None:
    """Change nothing but the case of a file's name."""
    place = desk.root / desk.marked()
    target = place.with_name(place.stem.swapcase() + place.suffix)
    if place.stem != place.stem.swapcase() and not target.exists():
        place.rename(target)


def move_folder(desk: Desk) -> None:
    """Move a folder, with all that is in it."""
    folders = [each for each in desk.folders() if each]
    if not folders:
        return
    total = len(desk.sources())
    folder = desk.choose.choice(folders)
    inside = [each for each in desk.sources() if each.startswith(f"{folder}/")]
    if 2 * len(inside) > total:
        return
    name = f"{folder.rpartition('/')[2][:12]}{desk.choose.randrange(99)}"
    target = desk.root / desk.choose.choice(desk.folders()) / name
    if not target.exists() and not target.is_relative_to(desk.root / folder):
        (desk.root / folder).rename(target)


def delete(desk: Desk) -> None:
    """Delete a file, now and then a small folder."""
    path = desk.marked()
    folder = path.rpartition("/")[0]
    inside = [each for each in desk.truth.files() if each.startswith(f"{folder}/")]
    if folder and len(inside) <= 12 and desk.choose.random() < 0.25:
        shutil.rmtree(desk.root / folder)
    else:
        (desk.root / path).unlink()


def write_many(desk: Desk) -> None:
    """Change many files at once, as a formatter does."""
    paths = desk.choose.sample(desk.sources(), min(40, len(desk.sources())))
    word = desk.word()
    for path in paths:
        desk.append(path, desk.writing(path).comment.format(word=word) + "\n")
