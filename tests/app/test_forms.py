"""`pult form` as an admin uses it: tried on a sample, saved, listed, removed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson

from tests.channels.email.mails import mail
from tests.pg import PgServer

TEMPLATE = "Имя: {name}\nТелефон: {phone}\n"


def pult(url: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PULT_DATABASE_URL": url, "PULT_DATA_DIR": str(folder / "var")}
    return subprocess.run(
        [sys.executable, "-m", "app", "form", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def test_a_template_is_tried_saved_listed_and_removed(
    pg_server: PgServer, db_url: str, tmp_path: Path
) -> None:
    template, letter = tmp_path / "form.txt", tmp_path / "letter.eml"
    template.write_text(TEMPLATE)
    letter.write_bytes(mail("Имя: Иван\nТелефон: 123"))
    tried = pult(db_url, tmp_path, "try", "--template", str(template), "--mail", str(letter))
    assert (tried.returncode, tried.stdout) == (0, "name: Иван\nphone: 123\n")
    letter.write_text("Имя: Иван")
    lacking = pult(db_url, tmp_path, "try", "--template", str(template), "--mail", str(letter))
    assert (lacking.returncode, lacking.stdout.split("\n")[1]) == (
        1,
        "Not found in the mail: Телефон.",
    )
    words = ("save", "--title", "Сайт", "--template", str(template))
    assert "sender" in pult(db_url, tmp_path, *words).stderr
    saved = pult(db_url, tmp_path, *words, "--sender", "@site.example")
    assert saved.stdout == "Form 1 was saved: Сайт.\n", saved.stderr
    [row] = orjson.loads(pult(db_url, tmp_path, "list", "--json").stdout)
    assert (row["title"], row["sender"], row["mailbox"]) == ("Сайт", "@site.example", None)
    assert pult(db_url, tmp_path, "remove", "1").returncode == 0
    assert "no such form" in pult(db_url, tmp_path, "remove", "1").stderr
