"""The service as Python calls over HTTP."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self
from uuid import UUID

import httpx

from aiplayer.addresses import is_on_this_machine

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
# What BentoML asks a runner that is still loading may never be answered; asking anew is.
READY_TIMEOUT_S = 2
# The service's codes where it wants a key, or another one.
KEY_CODES = ("key_missing", "key_unknown")
# A picture waits for those that others have asked for; so many are waited for.
PICTURES_BEFORE = 8


class ServiceError(Exception):
    """The service refused, failed or did not answer; the message is fit to show to a person.

    Args:
        message: What happened and what to do, in full sentences.
        code: The service's error code; `unreachable` where nothing answered.
        field: The input that is at fault, where the service names one.
    """

    def __init__(self, message: str, code: str = "unreachable", field: str | None = None):
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field


class ServiceClient:
    """Calls to one AI Player service; one on this machine is called directly, whatever proxy the environment names.

    Args:
        url: Where the service listens, e.g. `http://127.0.0.1:3000`.
        timeout_s: Longest wait for an answer; a picture may take longer.
        key: The key to send to a service that needs one; empty for none.
    """

    def __init__(self, url: str, timeout_s: float = 60.0, key: str = ""):
        self._timeout_s = timeout_s
        headers = {"Authorization": f"Bearer {key}"} if key else None
        self._http = httpx.Client(base_url=url, headers=headers, trust_env=not is_on_this_machine(url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def similar(self, title: str, count: int = 3, ignore: Sequence[dict] = ()) -> dict:
        """Playlists that fit a title, `playlists`, and what was read of it, `read`.

        Args:
            title: The playlist's title.
            count: How many playlists.
            ignore: What of the reading is not meant: `kind` and `value`.
        """
        return self._post_for_json("/similar", "playlists", title=title, count=count, ignore=list(ignore))

    def recommend(self, title: str, **options: object) -> dict:
        """A playlist: `generation_id`, `songs`, `tags`; the options are those of POST /recommend."""
        return self._post_for_json("/recommend", "generation_id", title=title, **options)

    def picture_s(self) -> float:
        """Seconds that the service takes for one picture."""
        answer = self._object(self._send("GET", "/thumbnail"), "picture_s")
        return answer["picture_s"]

    def thumbnail(self, title: str, picture_s: float = 0.0, **options: object) -> bytes:
        """One PNG of 1280x720.

        Args:
            title: The playlist's title.
            picture_s: Seconds that the service takes for a picture, as it says: so much longer may the answer take, and
                so much for each of PICTURES_BEFORE.
            options: Those of POST /thumbnail, less `count`.
        """
        timeout_s = self._timeout_s + (1 + PICTURES_BEFORE) * picture_s
        body = {"title": title, **options}
        picture = self._send("POST", "/thumbnail", body, timeout_s).content
        if not picture.startswith(PNG_MAGIC):
            raise self._stranger()
        return picture

    def like(self, generation_id: UUID | str, liked: bool = True) -> None:
        """Like a generation, or take the like back."""
        self._send("POST", "/like", {"generation_id": str(generation_id), "liked": liked})

    def translates_titles(self) -> bool:
        """Whether the service sends titles to Google Translate."""
        answer = self._object(self._send("GET", "/about", timeout_s=READY_TIMEOUT_S), "translates_titles")
        return answer["translates_titles"]

    def is_ready(self) -> bool:
        """Whether the service and all its runners take requests."""
        try:
            return self._http.get("/readyz", timeout=READY_TIMEOUT_S).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _post_for_json(self, path: str, expected: str, **body: object) -> dict:
        """The answer, which must be a JSON object that holds `expected`."""
        return self._object(self._send("POST", path, body), expected)

    def _object(self, response: httpx.Response, expected: str) -> dict:
        """The JSON object of an answer, which must hold `expected`."""
        try:
            answer = response.json()
        except ValueError:
            raise self._stranger() from None
        if not isinstance(answer, dict) or expected not in answer:
            raise self._stranger()
        return answer

    def _stranger(self) -> ServiceError:
        return ServiceError(f"What answers at {self._http.base_url} is not AI Player.", "not_the_service")

    def _send(
        self, method: str, path: str, body: dict[str, object] | None = None, timeout_s: float | None = None
    ) -> httpx.Response:
        """The answer to a request; what is not a success is raised."""
        timeout_s = timeout_s or self._timeout_s
        try:
            response = self._http.request(method, path, json=body, timeout=timeout_s)
        except httpx.TimeoutException as error:
            raise ServiceError(f"No answer within {timeout_s:.0f} seconds. Try again.", "timeout") from error
        except httpx.HTTPError as error:
            raise ServiceError(f"Nothing answers at {self._http.base_url}. Is the service running?") from error

        if response.is_success:
            return response

        try:
            problem = response.json()["error"]
            message, code = problem["message"], problem["code"]
            if code in KEY_CODES:
                message = "The service needs a key. Set AIPLAYER_SERVICE_KEY to one that it knows."
            raise ServiceError(message, code, problem.get("field"))
        except (ValueError, KeyError, TypeError):
            raise ServiceError(f"The service answered {response.status_code}.", "http_error") from None
