"""The files for a real deployment are read by the programs they are for, where those are here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from geo.config import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    return subprocess.run(
        command,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_compose_understands_its_file() -> None:
    file = str(DEPLOY / "compose.yaml")
    done = run(
        "docker-compose", "-f", file, "config", DB_PASSWORD="x", HOST_NAME="karta.example.se"
    )
    assert done.returncode == 0, done.stderr
    assert "TRYGG_URL: https://karta.example.se" in done.stdout


@pytest.mark.parametrize("left_out", ["DB_PASSWORD", "HOST_NAME"])
def test_compose_says_what_is_not_chosen(left_out: str) -> None:
    values = {"DB_PASSWORD": "x", "HOST_NAME": "karta.example.se"} | {left_out: ""}
    done = run("docker-compose", "-f", str(DEPLOY / "compose.yaml"), "config", **values)
    assert done.returncode != 0
    assert left_out in done.stderr


def test_nginx_understands_its_file(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
        *("-subj", "/CN=karta.example.se", "-keyout", str(key), "-out", str(certificate)),
    )
    assert made.returncode == 0, made.stderr
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    site = re.sub(r"/etc/letsencrypt\S*privkey.pem", str(key), site)
    site = re.sub(r"/etc/letsencrypt\S*fullchain.pem", str(certificate), site)
    (tmp_path / "site").write_text(site, "utf-8")
    whole = f"pid {tmp_path / 'pid'};\nevents {{}}\nhttp {{ include {tmp_path / 'site'}; }}\n"
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")
    done = run("nginx", "-t", "-c", str(tmp_path / "nginx.conf"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("trygg-*")), ids=lambda path: path.name)
def test_systemd_understands_its_units(unit: Path) -> None:
    done = run("systemd-analyze", "verify", str(unit))
    # The program is not where it will be; everything else must be right.
    complaints = [line for line in done.stderr.splitlines() if unit.stem in line]
    assert [line for line in complaints if "is not executable" not in line] == []


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_setting_is_one(file: Path) -> None:
    known = {f"TRYGG_{field}".upper() for field in Settings.model_fields}
    assert set(re.findall(r"TRYGG_[A-Z_]+", file.read_text("utf-8"))) <= known


@pytest.mark.parametrize("file", sorted(DEPLOY.glob("trygg-*.service")), ids=lambda p: p.name)
def test_every_command_of_a_unit_exists(file: Path) -> None:
    from typer.main import get_command

    from geo.cli import program

    asked = re.findall(r"python -m geo (\S+)", file.read_text("utf-8"))
    assert set(asked) <= set(getattr(get_command(program), "commands", {}))
