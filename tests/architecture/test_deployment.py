"""What stands in deploy/: an image that is not root and writes nowhere else, streams without buffering, known settings."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
LAST = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
SETTING = re.compile(r"\b(?:EVENTMGR_[A-Z_]+|DATABASE_URL|REDIS_URL|SMTP_URL)\b")


def instructions(text: str) -> list[str]:
    """Return the instructions of a Dockerfile, each on one line."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.M))
    return [" ".join(line.split()) for line in joined.splitlines() if line.strip()]


def test_the_image_runs_as_nobody_special_and_says_how_it_is() -> None:
    lines = instructions(LAST)
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert [line.split()[0] for line in lines if line.startswith(("CMD", "HEALTHCHECK", "VOLUME"))] == ["VOLUME", "HEALTHCHECK", "CMD"]
    after = lines[lines.index("USER 10001:10001") :]
    assert [line for line in after if line.startswith(("RUN", "COPY", "ADD"))] == []


def test_the_image_stands_on_named_versions_and_leaves_no_lists() -> None:
    lines = instructions(DOCKERFILE)
    assert {line.split()[1] for line in lines if line.startswith("FROM")} == {"debian:12-slim"}
    installs = [line for line in lines if "apt-get install" in line]
    assert [line for line in installs if "--no-install-recommends" not in line or "rm -rf /var/lib/apt/lists/*" not in line] == []
    assert [line for line in lines if line.startswith("ADD") or "latest" in line or "sudo" in line] == []
    assert [line for line in lines if "pip install" in line and "--no-cache-dir" not in line] == []


def test_the_image_has_the_packages_that_a_machine_needs() -> None:
    script = (ROOT / ".ci" / "system-packages").read_text().split("= test ]")[0]
    needed = set(" ".join(re.findall(r'^need "([^"]+)"', script, re.M)).split()) - {"python3-venv", "nodejs", "npm", "ca-certificates"}
    assert needed - set(LAST.split()) == set()


def test_what_is_copied_is_let_through_the_ignore_list() -> None:
    let_through = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [word for line in instructions(DOCKERFILE) if line.startswith("COPY") and "--from" not in line for word in line.split()[1:-1]]
    assert [word for word in copied if word not in let_through or not (ROOT / word).exists()] == []


def test_every_service_is_held_short() -> None:
    for name in ("eventmgr", "https", "bell"):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
    for name, service in COMPOSE["services"].items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("privileged") is None and "docker.sock" not in str(service), name
        assert not re.search(r":latest$|^[^:]+$", service.get("image", "x:1")) or name == "eventmgr", name
    assert [port for name, service in COMPOSE["services"].items() if name != "https" for port in service.get("ports", [])] == []


def test_proxies_do_not_buffer_streams_and_hide_the_figures() -> None:
    nginx, caddy = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "Caddyfile").read_text()
    stream = nginx[nginx.index("/stream$ {") :]
    assert all(words in stream for words in ("proxy_buffering off;", "gzip off;", "proxy_read_timeout 12h;"))
    assert nginx.count("proxy_set_header X-Forwarded-For $remote_addr;") == 2, "what a caller claims must be overwritten"
    assert "flush_interval -1" in caddy
    assert "location = /metrics" in nginx and "path /metrics" in caddy


def test_settings_named_here_are_documented() -> None:
    known = set(SETTING.findall((ROOT / "README.md").read_text())) | {"EVENTMGR_SITE", "EVENTMGR_UPSTREAM"}  # of the Caddyfile
    named = {name for path in DEPLOY.iterdir() for name in SETTING.findall(path.read_text())}
    assert named - known == set()


def test_the_unit_is_understood_and_hardened() -> None:
    unit = (DEPLOY / "eventmgr.service").read_text()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "PrivateTmp=yes", "UMask=0077"):
        assert f"\n{line}\n" in unit
    if not (tool := shutil.which("systemd-analyze")):
        pytest.skip("systemd-analyze is missing: apt-get install systemd")
    said = subprocess.run([tool, "verify", str(DEPLOY / "eventmgr.service")], capture_output=True, text=True).stderr
    ours = [line for line in said.splitlines() if "eventmgr.service" in line and "not executable" not in line]
    assert ours == []
