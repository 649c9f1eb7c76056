"""TLS as mailboxes need it: the system's authorities and the company's own."""

from __future__ import annotations

import ssl
from pathlib import Path

from crm_core.kernel.i18n import _
from routing.contracts import ChannelBroken


def context(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates are always verified; ChannelBroken when `ca_file` holds none."""
    found = ssl.create_default_context()
    if ca_file is not None:
        try:
            found.load_verify_locations(cafile=ca_file)
        except OSError:
            line = _("%(file)s is no certificate: ca_file wants a PEM file.")
            raise ChannelBroken(line % {"file": ca_file}) from None
    return found
