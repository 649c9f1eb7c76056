"""`pult test`: what the tests need of the machine, then pytest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from sandbox.asterisk import place

ROOT = Path(__file__).resolve().parents[1]

# Debian's package -> a file by which to know that it, or its like elsewhere, is there.
_NEEDED = {
    "espeak-ng": ("espeak-ng",),
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "dovecot-imapd": ("/usr/lib/dovecot/imap", "/usr/libexec/dovecot/imap"),
    "dovecot-pop3d": ("/usr/lib/dovecot/pop3", "/usr/libexec/dovecot/pop3"),
    "dovecot-submissiond": ("/usr/lib/dovecot/submission", "/usr/libexec/dovecot/submission"),
    "fonts-dejavu-core": ("/usr/share/fonts/**/DejaVuSans.ttf",),
    "fonts-noto-color-emoji": ("/usr/share/fonts/**/NotoColorEmoji*.ttf",),
}


def run_tests(args: list[str]) -> int:
    """Install what is missing if we may, else say what is; then run pytest with `args`.

    Returns pytest's status. With CI=true nothing real may be missing: that is a failure (1).
    """
    missing = _missing()
    if missing and _can_install():
        _install(missing)
        missing = _missing()
    if missing:
        packages = " ".join(missing)
        sys.stderr.write(
            f"pult: the tests need {packages} (Debian, Ubuntu: apt install {packages})\n"
        )
        if os.environ.get("CI") == "true":
            return 1
    if not _set_up_asterisk() and os.environ.get("CI") == "true":
        return 1
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-m", "pytest", *_spread(args))
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603


def _set_up_asterisk() -> bool:
    """A PBX for the tests, in a folder of its own (about 100 MB, 20 seconds, once)."""
    why = place.set_up()
    if why:
        sys.stderr.write(f"pult: the tests of telephony are skipped ({why}): {place.HELP}\n")
    return why is None


def _spread(args: list[str]) -> list[str]:
    """The whole suite works on several processors, a file on one; chosen tests stay together."""
    chosen = any(not one.startswith("-") for one in args) or "-n" in args
    hands = min(os.cpu_count() or 1, 4)
    return args if chosen or hands < 2 else ["-n", str(hands), "--dist", "loadfile", *args]


def _missing() -> list[str]:
    return [package for package, signs in _NEEDED.items() if not any(map(_is_there, signs))]


def _is_there(sign: str) -> bool:
    if sign.startswith("/"):
        return any(True for _ in Path("/").glob(sign[1:]))
    return shutil.which(sign) is not None


def _can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(packages: list[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ("apt-get", "update", "-q"),
        ("apt-get", "install", "-qy", "--no-install-recommends", *packages),
    ):
        subprocess.run(command, env=quiet, check=False, stdout=sys.stderr)  # noqa: S603
