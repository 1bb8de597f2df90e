"""Files that no act accounts for, and that are no records."""

from __future__ import annotations

from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.content import beside
from tests.forgeries.content import blob
from tests.forgeries.content import path
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forging import Forger


def _with_mode(forger: Forger, name: str, content: bytes, mode: str) -> str:
    return forger.commit(forger.tree({name: content}, mode=mode), "tidy up\n", world.NOW)


@forgery("plain-files", "", "H36-link")
def plants_a_link(forger: Forger) -> str:
    """A symbolic link among the records."""
    return _with_mode(forger, path(forger.world.number("K-*0009")), b"/etc/passwd", "120000")


@forgery("plain-files", "", "H36-mode")
def makes_a_record_a_program(forger: Forger) -> str:
    """A record whose file may be executed."""
    step = approval(forger)
    return honest(forger, step, mode="100755")


@forgery("plain-files", "", "H36-gitlink")
def plants_another_repository(forger: Forger) -> str:
    """A commit of another repository in the tree."""
    step = approval(forger)
    base = honest(forger, step)
    tree = forger.tree({}, base, links={"records/more": forger.tip})
    return honest(forger, step, tree=tree)


@forgery("footprint", "", "H36-mailmap")
def brings_a_mailmap(forger: Forger) -> str:
    """With a .mailmap, git shows another person as the author."""
    return beside(forger, {".mailmap": b"Head He <head@example.org> <clerk@example.org>\n"})


@forgery("footprint", "", "H36-attributes")
def changes_the_attributes(forger: Forger) -> str:
    """Other .gitattributes would let git merge records line by line."""
    return beside(forger, {".gitattributes": b"*.yaml merge=union\n"})


@forgery("footprint", "", "H36-modules")
def brings_a_submodule_file(forger: Forger) -> str:
    """A .gitmodules, from which git would fetch."""
    return beside(forger, {".gitmodules": b'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c id\n'})


@forgery("footprint", "", "N-outside")
def brings_a_file_from_outside(forger: Forger) -> str:
    """A file outside the records."""
    return beside(forger, {"README.md": b"approved\n"})


@forgery("footprint", "", "N-schema")
def loosens_a_schema(forger: Forger) -> str:
    """The desk's own copy of a schema is changed."""
    return beside(forger, {"schemas/key-loan.json": b"{}\n"})


def _about_itself(forger: Forger, old: str, new: str) -> str:
    """Let the desk say something else of itself than when it was founded."""
    config = "records/desk.yaml"
    said = forger.git("show", f"main:{config}") + "\n"
    assert old in said
    return beside(forger, {config: said.replace(old, new).encode()})


@forgery("footprint", "", "H41-config")
def changes_what_the_desk_is(forger: Forger) -> str:
    """The desk says that it is of another format."""
    return _about_itself(forger, "format: 1", "format: 0")


@forgery("footprint", "", "H41-sample")
def calls_the_desk_a_sample(forger: Forger) -> str:
    """The desk says that it is a sample, which has no history to be verified."""
    return _about_itself(forger, "format: 1\n", "format: 1\nsample: true\n")


@forgery("footprint", "", "H41-zone")
def moves_the_desk_to_no_zone(forger: Forger) -> str:
    """The desk says that it lies where there is no time."""
    return _about_itself(forger, "Asia/Shanghai", "Asia/Nowhere")


@forgery("append-only", "", "H41-gone")
def says_no_more_what_the_desk_is(forger: Forger) -> str:
    """The desk says nothing of itself any more."""
    return beside(forger, {"records/desk.yaml": None})


@forgery("path", "", "N-text")
def leaves_a_note_among_the_records(forger: Forger) -> str:
    """A file among the records that is none."""
    return beside(forger, {"records/note.txt": b"approved by telephone\n"})


@forgery("path", "", "N-case")
def plays_with_capitals(forger: Forger) -> str:
    """A second file that differs in capitals only, and is the same on some disks."""
    return beside(forger, {f"records/Key/{forger.world.key}.yaml": blob(forger, forger.world.key)})


@forgery("path", "", "N-shard")
def puts_a_record_into_another_folder(forger: Forger) -> str:
    """A copy of a record in the folder of other numbers."""
    name = path(forger.world.returned).replace(f"/{forger.world.letter}00/", f"/{forger.world.letter}01/")
    return beside(forger, {name: blob(forger, forger.world.returned)})


@forgery("path", "", "N-register")
def puts_a_record_under_another_register(forger: Forger) -> str:
    """A loan among the seal uses."""
    name = path(forger.world.returned).replace("key-loan", "key-seal-use")
    return beside(forger, {name: blob(forger, forger.world.returned)})
