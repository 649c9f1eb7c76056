"""The only place that knows the vk_api library: its blocking calls and uploads, in threads.

Errors are raised outside `except` blocks on purpose: the library's exceptions hold the values of
the call, the token among them, and nothing of them may travel on, not even as a context.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from vk_api.exceptions import TOO_MANY_RPS_CODE, ApiError, ApiHttpError, VkApiError
from vk_api.upload import VkUpload
from vk_api.vk_api import VkApiGroup

from channels.vk import faults
from channels.vk.config import API_VERSION, OFFICIAL_API, Config
from crm_core.dialogs.messages import Kind, OutFile
from routing.contracts import DeliveryError, OutcomeUnknown, Rejected, RetryLater

THREADS = 4
CONNECT_SECONDS, ANSWER_SECONDS, UPLOAD_SECONDS = 10.0, 30.0, 300.0
CAPTCHA_CODE = 14
T = TypeVar("T")


class Api:
    """One community's connection: every thread has a client of its own."""

    def __init__(self, config: Config, *, seconds: float = ANSWER_SECONDS) -> None:
        self._token = config.token.get_secret_value()
        self._base = config.api_url
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="vk")
        self._own = threading.local()
        self._sessions: list[requests.Session] = []

    async def call(self, method: str, *, again: bool = False, **values: Any) -> Any:
        """The `response` of a method; raises a DeliveryError.

        `again` marks a call that may be repeated harmlessly: then an unknown outcome is nothing
        worse than waiting. Values that are None are left out.
        """
        given = {name: value for name, value in values.items() if value is not None}
        outcome = await self._in_thread(lambda client: client.method(method, given))
        if again and isinstance(outcome, OutcomeUnknown):
            raise RetryLater(faults.UNREACHABLE_API, after=5.0)
        if isinstance(outcome, DeliveryError):
            raise outcome
        return outcome

    async def upload(self, peer: int, file: OutFile) -> str:
        """Put a stored file where messages can attach it; `photo-1_2_key`. DeliveryError."""
        outcome = await self._in_thread(lambda client: self._upload(client, peer, file))
        if isinstance(outcome, OutcomeUnknown):
            # Nobody has seen it yet: an upload may be repeated.
            raise RetryLater(faults.UNREACHABLE_API, after=5.0)
        if isinstance(outcome, DeliveryError):
            raise outcome
        return str(outcome)

    async def close(self) -> None:
        """Let calls under way end by their time-outs; nobody waits for them."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for session in self._sessions:
            session.close()

    async def _in_thread(self, work: Callable[[Any], T]) -> T | DeliveryError:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: self._attempt(work))

    def _attempt(self, work: Callable[[Any], T]) -> T | DeliveryError:
        try:
            return work(self._client())
        except VkApiError as error:
            return _refusal(error)
        except requests.JSONDecodeError:
            return faults.no_answer(left=True)
        except requests.RequestException as error:
            return faults.no_answer(left=not _unconnected(error))
        except (KeyError, TypeError, ValueError, IndexError):
            return OutcomeUnknown(faults.NO_ANSWER)

    def _client(self) -> Any:
        if not hasattr(self._own, "client"):
            client = VkApiGroup(token=self._token, session=self._session(), api_version=API_VERSION)
            # The library would sleep and try again without end.
            client.error_handlers.pop(TOO_MANY_RPS_CODE)
            self._own.client = client
        return self._own.client

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.mount(OFFICIAL_API, _Directed(self._base, self._seconds))
        self._sessions.append(session)
        return session

    def _upload(self, client: Any, peer: int, file: OutFile) -> str:
        upload = VkUpload(client)
        for scheme in ("http://", "https://"):
            upload.http.mount(scheme, _Directed("", UPLOAD_SECONDS))
        with upload.http:
            stream = _Named(Path(file.path).read_bytes(), file.name)
            if file.kind is Kind.PHOTO:
                return _attachment("photo", upload.photo_messages(stream, peer_id=peer)[0])
            kind = "audio_message" if file.kind is Kind.VOICE else "doc"
            saved = upload.document(stream, file.name, message_peer_id=peer, doc_type=kind)
            if saved["type"] not in saved:
                raise KeyError(saved["type"])
            return _attachment("doc", saved[saved["type"]])


class _Directed(HTTPAdapter):
    """Sends what the library means for the official address to ours, never without an end."""

    def __init__(self, base: str, seconds: float) -> None:
        super().__init__()
        self._base = base
        self._seconds = seconds

    def send(  # type: ignore[override] # the rest is passed on as it is
        self, request: requests.PreparedRequest, **rest: Any
    ) -> requests.Response:
        if self._base and request.url and request.url.startswith(OFFICIAL_API):
            request.url = self._base + request.url.removeprefix(OFFICIAL_API)
        rest["timeout"] = (min(CONNECT_SECONDS, self._seconds), self._seconds)
        return super().send(request, **rest)


class _Named(io.BytesIO):
    """The library takes the file's extension from its name."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name if "." in name else f"{name}.bin"


def _attachment(kind: str, saved: dict[str, Any]) -> str:
    key = f"_{saved['access_key']}" if saved.get("access_key") else ""
    return f"{kind}{saved['owner_id']}_{saved['id']}{key}"


def _refusal(error: Any) -> DeliveryError:
    if isinstance(error, ApiError):
        return faults.refusal(error.code, str(error.error.get("error_msg", "")))
    if isinstance(error, ApiHttpError):
        return faults.foreign(error.response.status_code)
    return faults.refusal(CAPTCHA_CODE, "captcha")


def _unconnected(error: requests.RequestException) -> bool:
    """Whether no connection was made at all: nothing can have left then."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    names = {"NewConnectionError", "NameResolutionError"}
    return isinstance(error, requests.ConnectTimeout) or type(reason).__name__ in names


def check_files(files: tuple[OutFile, ...], limit: int) -> None:
    """Rejected when a file is gone from the store or too large. Blocking."""
    for file in files:
        if not Path(file.path).is_file():
            message = f"The file “{file.name}” is no longer in the store."
            raise Rejected(message)
        if file.size > limit:
            raise Rejected(faults.TOO_LARGE)
