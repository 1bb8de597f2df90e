"""A desk in one file, and a desk made again from it: its whole history and no keys, proved on both ways."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from svcdesk import parcel
from svcdesk import worktree
from svcdesk.canonical import LARGEST_FILE
from svcdesk.checking import Check
from svcdesk.desk import Desk
from svcdesk.durable import sync_folder
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.errors import StorageFailed
from svcdesk.founding import write_hook
from svcdesk.git import Git
from svcdesk.lock import UNDER_WAY
from svcdesk.model import Finding
from svcdesk.model import text
from svcdesk.objects import NO_OBJECT
from svcdesk.parallel import Watch
from svcdesk.parallel import unwatched
from svcdesk.reader import MAIN
from svcdesk.store import Store
from svcdesk.store import create

KIND = "svcdesk-backup/1"
MANIFEST = "manifest.json"
BUNDLE = "desk.bundle"
NAMES = (MANIFEST, BUNDLE)
OBJECT = re.compile(r"[0-9a-f]{40}")
FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
SAME_BYTES = ("--no-reuse-delta", "--no-reuse-object", "--threads=1", "--window=10", "--depth=50")
"""Packing anew costs time, but the bytes then follow from the history alone, not from how this clone stores it."""
PLAIN_FILES = ("100644", "100755")
MISSTATED = text("the backup does not hold what its manifest says")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says that it holds; `content` is a digest of path and sha256 of every file of the tip."""

    kind: str
    desk: str
    name: str
    zone: str
    tip: str
    commits: int
    files: int
    content: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup was proved to hold, and what a check finds in it."""

    manifest: Manifest
    findings: Sequence[Finding]


def back_up(desk: Desk, file: Path, watch: Watch = unwatched) -> Kept:
    """Write a desk into a new file, and prove it by making the desk again; raises BadInput, StorageFailed."""
    desk.require_history()
    _refuse_place(desk, file)
    if (desk.store.git.git_dir / "shallow").exists():
        raise NeedsAttention(UNDER_WAY["shallow"])
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    desk.git_folder.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=desk.git_folder, prefix="backup-") as name:
        folder = Path(name)
        _bundle(desk.store.git, desk.tip, folder / BUNDLE)
        (folder / MANIFEST).write_text(_written(_describe(desk)), "utf-8")
        try:
            parcel.wrap(draft, [folder / each for each in NAMES])
            with _opened(draft, folder / "proof") as (manifest, again):
                kept = Kept(manifest, _check(again, watch))
            draft.rename(file)
        finally:
            draft.unlink(missing_ok=True)
    sync_folder(file.parent)
    return kept


def restore(file: Path, root: Path | None, watch: Watch = unwatched) -> tuple[Path, Kept]:
    """Make a desk from a backup in a new or empty folder, whole or not at all; raises BadInput, StorageFailed.

    Without a folder it is one here, named after the desk. The new clone has no station, no remote, no identity.
    """
    beside = root.resolve().parent if root is not None else Path.cwd()
    draft = beside / f".svcdesk-restore-{secrets.token_hex(4)}"
    if root is not None:
        _refuse_full(root)
    try:
        draft.mkdir()
        with _opened(file, draft / "work") as (manifest, desk):
            target = root.resolve() if root else beside / _folder_name(manifest)
            _refuse_full(target)
            kept = Kept(manifest, _check(desk, watch))
            _write_out(desk.store, desk.tip)
            desk.root.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync_folder(target.parent)
    return target, kept


def _refuse_place(desk: Desk, file: Path) -> None:
    if file.resolve().is_relative_to(desk.root):
        raise BadInput(text("{file} lies within the desk; a backup belongs elsewhere", file=str(file)))
    if file.exists() or file.is_symlink():
        raise BadInput(text("{file} is there already; name another file", file=str(file)))


def _refuse_full(root: Path) -> None:
    if root.exists() and not (root.is_dir() and not any(root.iterdir())):
        raise BadInput(text("{folder} is not empty", folder=str(root)))


def _folder_name(manifest: Manifest) -> str:
    if not FOLDER.fullmatch(manifest.desk):
        raise BadInput(text("the desk {desk} cannot name a folder; say which one", desk=manifest.desk))
    return manifest.desk


def _bundle(git: Git, tip: str, target: Path) -> None:
    """Write main's whole history as a git bundle."""
    with (
        target.open("xb") as file,
        git.start("pack-objects", "--revs", "--stdout", "-q", *SAME_BYTES) as pack,
    ):
        assert pack.stdin is not None, "started with a pipe"
        assert pack.stdout is not None, "started with a pipe"
        pack.stdin.write(f"{tip}\n".encode("ascii"))
        pack.stdin.close()
        file.write(_bundle_head(tip))
        shutil.copyfileobj(pack.stdout, file)
    if pack.returncode:
        raise StorageFailed(text("objects of the history are missing or damaged; git fsck names them"))


def _bundle_head(tip: str) -> bytes:
    return f"# v2 git bundle\n{tip} {MAIN}\n\n".encode("ascii")


def _describe(desk: Desk) -> Manifest:
    files = list(_files(desk.store, desk.tip))
    config = desk.config
    return Manifest(
        KIND,
        config.id,
        config.name,
        config.zone,
        desk.tip,
        _count(desk.store.git, desk.tip),
        len(files),
        _content(desk.store, files),
    )


def _written(manifest: Manifest) -> str:
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n"


def _read(path: Path) -> Manifest:
    """Read a manifest; raises BadInput unless it is just as svcdesk writes it."""
    try:
        written = path.read_text("utf-8")
        manifest = Manifest(**json.loads(written))
        typed = all(type(getattr(manifest, each.name)).__name__ == each.type for each in fields(Manifest))
        if (
            typed
            and manifest.kind == KIND
            and OBJECT.fullmatch(manifest.tip)
            and _written(manifest) == written
        ):
            return manifest
    except (ValueError, TypeError, RecursionError):
        pass
    raise BadInput(text("the backup's manifest is not one that this svcdesk knows; a newer one may"))


def _count(git: Git, tip: str) -> int:
    return int(git.run("rev-list", "--count", "--end-of-options", tip))


def _files(store: Store, tip: str) -> Iterator[tuple[str, str]]:
    """Give path and id of the files of a commit; raises BadInput on what is no plain file with a plain path."""
    for entry in store.git.run("ls-tree", "-r", "-l", "-z", "--end-of-options", tip).split(b"\0")[:-1]:
        head, _, raw = entry.partition(b"\t")
        mode, _kind, oid, size = head.decode("ascii").split()
        path = raw.decode("utf-8", "surrogateescape")
        worktree.parts(path)
        if mode not in PLAIN_FILES:
            raise BadInput(text("{path} is no plain file; a desk holds nothing else", path=path))
        if path.startswith("records/") and int(size) > LARGEST_FILE:
            raise BadInput(text("{path} is larger than any record", path=path))
        yield path, oid


def _content(store: Store, files: Sequence[tuple[str, str]]) -> str:
    whole = sha256()
    for (path, _), (_, blob) in zip(files, store.blobs(oid for _, oid in files), strict=True):
        whole.update(f"{sha256(blob).hexdigest()}  {path}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


@contextmanager
def _opened(file: Path, folder: Path) -> Iterator[tuple[Manifest, Desk]]:
    """Make the desk of a backup again in a folder, without its files; raises BadInput where it is not as stated."""
    folder.mkdir()
    parcel.unwrap(file, folder, NAMES)
    manifest = _read(folder / MANIFEST)
    store = create(folder / "desk", {})
    try:
        _fill(store, manifest, folder / BUNDLE)
        desk = Desk(store.git.root)
        desk.git = store.git  # known by its files otherwise, and they come last
        if (desk.config.id, desk.config.name, desk.config.zone) != (
            manifest.desk,
            manifest.name,
            manifest.zone,
        ):
            raise BadInput(MISSTATED)
        yield manifest, desk
    finally:
        store.close()


def _fill(store: Store, manifest: Manifest, bundle: Path) -> None:
    """Bring history into an empty repository, each object examined; main moves when all is proved."""
    git, tip = store.git, manifest.tip
    with bundle.open("rb") as file:
        if file.read(len(_bundle_head(tip))) != _bundle_head(tip):
            raise BadInput(MISSTATED)
    _patiently(git, "bundle", "verify", "--quiet", str(bundle))
    _patiently(git, "bundle", "unbundle", str(bundle))
    _patiently(git, "update-ref", MAIN, tip, NO_OBJECT)
    _patiently(git, "fsck", "--full", "--strict", "--no-dangling", "--no-progress")
    files = list(_files(store, tip))
    stated = (manifest.commits, manifest.files, manifest.content)
    if stated != (_count(git, tip), len(files), _content(store, files)):
        raise BadInput(MISSTATED)


def _write_out(store: Store, tip: str) -> None:
    """Write the files of the tip, git's index and the hook; raises StorageFailed."""
    with store.lock():
        store.materialise([path for path, _ in _files(store, tip)], "", tip)
        if store.notices:
            raise StorageFailed(store.notices[0])
    write_hook(store.git.git_dir)
    store.close()


def _patiently(git: Git, *arguments: str) -> None:
    """Run git however long it takes; raises BadInput where it finds the history wanting."""
    process = git.start(*arguments)
    process.communicate()
    if process.returncode:
        raise BadInput(
            text("the history in the backup is damaged: git {command} refuses it", command=arguments[0])
        )


def _check(desk: Desk, watch: Watch) -> list[Finding]:
    """Return what a check finds in the records of the tip."""
    return Check(desk, _records(desk)).run(watch)


def _records(desk: Desk) -> Mapping[str, bytes]:
    paths = [(path, oid) for path, oid in _files(desk.store, desk.tip) if path.startswith("records/")]
    blobs = desk.store.blobs(oid for _, oid in paths)
    return {path: blob for (path, _), (_, blob) in zip(paths, blobs, strict=True)}
