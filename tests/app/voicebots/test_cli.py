"""`pult voicebot`, as an admin uses it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "tests" / "assistant" / "speech" / "vosk-tiny" / "ru"
# Many commands in one process: starting one costs seconds.
SEVERAL = """
import contextlib, io, json, sys
from app.__main__ import main
for arguments in json.load(sys.stdin):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main(["voicebot", *arguments])
    print(json.dumps([status, said.getvalue()]))
"""


def pult(db_url: str, folder: Path, *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    """Status and output of each command."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PULT_DATABASE_URL": db_url,
        "PULT_DATA_DIR": str(folder),
        "PULT_VOSK_MODEL_RU": str(MODEL),
    }
    done = subprocess.run(
        [sys.executable, "-P", "-c", SEVERAL],
        env=environment,
        input=orjson.dumps(commands),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [tuple(orjson.loads(line)) for line in done.stdout.splitlines()]


def test_from_adding_to_removing(db_url: str, tmp_path: Path) -> None:
    settings = ("--set", "company=Ромашка", "--set", "person=700")
    added, dialplan, listed, off, removed, gone = pult(
        db_url,
        tmp_path,
        ("add", "audiosocket", "--name", "Ночной", *settings),
        ("dialplan", "1"),
        ("list", "--json"),
        ("off", "1"),
        ("remove", "1"),
        ("check", "1"),
    )
    assert added[0] == 0
    assert "It speaks and understands speech (ru)." in added[1]
    assert "[pult-voicebot-1]" in dialplan[1]
    assert "AudioSocket(${PULT_BOT},127.0.0.1:9092)" in dialplan[1]
    assert "Goto(from-internal,700,1)" in dialplan[1]
    assert orjson.loads(listed[1])[0]["name"] == "Ночной"
    assert off == (0, "Voice bot 1 is off.\n")
    assert removed[0] == 0
    assert gone == (1, "pult: There is no voice bot 1: see `pult voicebot list`.\n")


def test_a_mistake_is_one_line(db_url: str, tmp_path: Path) -> None:
    company = ("--set", "company=x")
    said = pult(
        db_url,
        tmp_path,
        ("add", "audiosocket", "--name", "x"),
        ("add", "audiosocket", "--name", "x", *company, "--set", "person=1)"),
        ("add", "sip", "--name", "x", *company, "--set", "speed=9"),
    )
    for (status, line), part in zip(said, ("company", "person", "setting speed"), strict=True):
        assert status == 1
        assert part in line
        assert len(line.splitlines()) == 1
