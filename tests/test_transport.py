"""Every way to a server that there is: a folder, ssh, https; and one sentence on any other."""

from __future__ import annotations

import http.server
import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clones import Clones
from tests.clones import clones as clones
from tests.clones import judge
from tests.clones import plain_git
from tests.desks import REQUEST
from tests.desks import git

NOW = "2026-11-22T10:00:00+08:00"
SSH = """#!/bin/sh
# Runs here what it is asked to run on a host of that name.
for each; do case $each in desk@office.example|office.example) known=1;; esac; last=$each; done
[ "$known" ] || { echo "ssh: Could not resolve hostname" >&2; exit 255; }
exec sh -c "$last"
"""


def exchange(clones: Clones, url: str, env: dict[str, str] | None = None) -> None:
    """Send an act of one clone to another over a remote at this address."""
    for letter in "AB":
        git(clones[letter].cwd, "remote", "set-url", "origin", url)
    clones["A"](REQUEST, as_="clerk", now=NOW)
    assert clones["A"]("sync", env=env).stderr == "svcdesk: origin: 0 commits received, 1 sent\n"
    assert clones["B"]("sync", env=env, now=NOW).stderr == "svcdesk: origin: 1 commit received, 0 sent\n"
    assert len({git(each, "rev-parse", "main") for each in (clones.bare, *(clones[name].cwd for name in "AB"))}) == 1


@pytest.mark.parametrize("url", ["{bare}", "../bare.git", "./../bare.git", "file://{bare}"])
def test_folders(clones: Clones, url: str) -> None:
    exchange(clones, url.format(bare=clones.bare))


def test_a_colleagues_desk_is_no_place_to_meet(clones: Clones) -> None:
    git(clones["A"].cwd, "remote", "set-url", "origin", "../B")
    clones["A"](REQUEST, as_="clerk", now=NOW)
    assert clones["A"]("sync", 7).stderr == (
        "svcdesk: origin is a folder in which somebody works; clones meet in a bare repository: git init --bare\n"
    )


@pytest.fixture
def over_ssh(tmp_path: Path) -> dict[str, str]:
    """The environment of a person whose ssh leads to this machine."""
    (tmp_path / "ssh").write_text(SSH, "ascii")
    (tmp_path / "ssh").chmod(0o755)
    return {"GIT_SSH_COMMAND": str(tmp_path / "ssh")}


@pytest.mark.parametrize("url", ["ssh://desk@office.example{bare}", "ssh://office.example:2222{bare}",
                                 "desk@office.example:{bare}", "office.example:{bare}"])  # fmt: skip
def test_ssh(clones: Clones, over_ssh: dict[str, str], url: str) -> None:
    judge(clones, NOW)
    exchange(clones, url.format(bare=clones.bare), over_ssh)


def test_ssh_by_the_persons_own_settings(clones: Clones, over_ssh: dict[str, str]) -> None:
    plain_git(clones.bare.parent, "config", "--global", "core.sshCommand", over_ssh["GIT_SSH_COMMAND"])
    exchange(clones, f"office.example:{clones.bare}")


def test_a_host_that_is_away_is_said_in_its_own_words(clones: Clones, over_ssh: dict[str, str]) -> None:
    git(clones["A"].cwd, "remote", "set-url", "origin", "elsewhere.example:desk.git")
    said = clones["A"]("sync", 5, env=over_ssh).stderr
    assert said.count("\n") == 1
    assert said.startswith("svcdesk: origin cannot be reached: ")


@pytest.mark.parametrize(("lead", "protocol"), [("git://office.example/", "git"), ("ext::sh -c ", "ext")])
def test_where_a_persons_settings_lead_elsewhere_one_sentence_says_so(
    clones: Clones, lead: str, protocol: str
) -> None:
    plain_git(clones.bare.parent, "config", "--global", f"url.{lead}.insteadOf", "ssh://office.example/")
    git(clones["A"].cwd, "remote", "set-url", "origin", "ssh://office.example/touch%20pwned")
    assert clones["A"]("sync", 7).stderr == (
        f"svcdesk: origin: by your own git settings (url.….insteadOf) it is reached by {protocol};"
        " only ssh, https and folders are used\n"
    )


class Backend(http.server.BaseHTTPRequestHandler):
    """Hands each request to git's own http-backend, and its answer back."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        told = {
            "GIT_PROJECT_ROOT": os.fspath(self.server.folder),  # type: ignore[attr-defined]
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_USER": "desk",
            "REMOTE_ADDR": "127.0.0.1",
        }
        given, environment = self.rfile.read(length), {**os.environ, **told}
        done = subprocess.run(["git", "http-backend"], input=given, env=environment, capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode("ascii").splitlines())
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def office(clones: Clones, tmp_path: Path) -> Iterator[str]:
    """The address of an https server on this machine that serves the bare repository to who trusts it."""
    key, certificate = tmp_path / "tls.key", tmp_path / "tls.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, *subject]
    subprocess.run(made, check=True, capture_output=True)
    git(clones.bare, "config", "http.receivepack", "true")
    server = http.server.ThreadingHTTPServer(("localhost", 0), Backend)
    server.folder = clones.bare.parent  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}/bare.git"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_https(clones: Clones, office: str, tmp_path: Path) -> None:
    judge(clones, NOW)
    git(clones["A"].cwd, "remote", "set-url", "origin", office)
    unsafe = {"GIT_SSL_NO_VERIFY": "1"}
    assert "certificate" in clones["A"]("sync", 5, env=unsafe).stderr, "nobody has told git to trust the server"
    clones["A"]("sync", env={"GIT_SSL_CAINFO": str(tmp_path / "tls.pem")})
    plain_git(tmp_path, "config", "--global", "http.sslCAInfo", str(tmp_path / "tls.pem"))
    exchange(clones, office)
