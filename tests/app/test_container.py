"""The container files: one image, a single process or the same roles apart, no secrets inside."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[2]
LOADED: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = LOADED["services"]
ROLES = {"web", "worker", "bot", "telephony"}


def test_compose_itself_takes_the_file() -> None:
    if not shutil.which("docker"):
        pytest.skip("no docker here")
    compose = ("docker", "compose")
    if subprocess.run([*compose, "version"], check=False, capture_output=True).returncode:
        pytest.skip("docker has no compose plugin here")
    done = subprocess.run(
        [*compose, "--profile", "split", "config", "--quiet"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/usr/local/bin", "PULT_DB_PASSWORD": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_one_process_by_default_and_every_role_in_the_profile() -> None:
    default = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert default == {"db", "migrate", "pult"}
    split = {
        name: service["command"] for name, service in SERVICES.items() if "profiles" in service
    }
    assert split == {role: ["run", "--role", role] for role in ROLES}


def test_nothing_runs_before_the_migrations_are_done() -> None:
    for name in ROLES | {"pult"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
    assert SERVICES["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}
    assert "healthcheck" in SERVICES["db"]


def test_no_secret_and_no_open_door() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert re.findall(r"PASSWORD: (?!\$\{PULT_DB_PASSWORD:\?)", text) == []
    assert "ports" not in SERVICES["db"]
    for name in ("pult", "web"):
        assert SERVICES[name]["ports"] == ["${PULT_PUBLISH:-127.0.0.1:8080}:8080"]


def test_data_outlives_the_containers() -> None:
    named = {volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])}
    assert named == set(LOADED["volumes"])


def test_the_image_is_not_roots_and_installs_by_hash() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert text.index("USER pult") < text.index("ENTRYPOINT")
    ignored = (ROOT / ".dockerignore").read_text().split("\n")
    assert {".*", "var", "tests"} <= set(ignored)  # .env, .venv and .git are of the first kind
