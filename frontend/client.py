"""The service as Python calls over HTTP."""

from types import TracebackType
from typing import Self
from uuid import UUID

import httpx

from aiplayer.addresses import is_on_this_machine

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
# What BentoML asks a runner that is still loading may never be answered; asking anew is.
READY_TIMEOUT_S = 2


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
        timeout_s: Longest wait for an answer.
    """

    def __init__(self, url: str, timeout_s: float = 60.0):
        self._http = httpx.Client(base_url=url, timeout=timeout_s, trust_env=not is_on_this_machine(url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def similar(self, title: str, count: int = 3) -> list[dict]:
        """Playlists with similar titles: `playlist_id`, `title`, `score`, `tags`, `songs`."""
        answer = self._post_for_json("/similar", "playlists", title=title, count=count)
        return answer["playlists"]

    def recommend(self, title: str, **options: object) -> dict:
        """A playlist: `generation_id`, `songs`, `tags`; the options are those of POST /recommend."""
        return self._post_for_json("/recommend", "generation_id", title=title, **options)

    def thumbnail(self, title: str, **options: object) -> bytes:
        """One PNG of 1280x720; the options are those of POST /thumbnail, less `count`."""
        picture = self._post("/thumbnail", title=title, **options).content
        if not picture.startswith(PNG_MAGIC):
            raise self._stranger()
        return picture

    def like(self, generation_id: UUID | str, liked: bool = True) -> None:
        """Like a generation, or take the like back."""
        self._post("/like", generation_id=str(generation_id), liked=liked)

    def translates_titles(self) -> bool:
        """Whether the service sends titles to Google Translate."""
        answer = self._get("/about")
        return self._json_object(answer, "translates_titles")["translates_titles"]

    def is_ready(self) -> bool:
        """Whether the service and all its runners take requests."""
        try:
            return self._http.get("/readyz", timeout=READY_TIMEOUT_S).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _post_for_json(self, path: str, expected: str, **body: object) -> dict:
        """The answer, which must be a JSON object that holds `expected`."""
        return self._json_object(self._post(path, **body), expected)

    def _json_object(self, response: httpx.Response, expected: str) -> dict:
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

    def _post(self, path: str, **body: object) -> httpx.Response:
        return self._send(self._http.build_request("POST", path, json=body))

    def _get(self, path: str) -> httpx.Response:
        return self._send(self._http.build_request("GET", path, timeout=READY_TIMEOUT_S))

    def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._http.send(request)
        except httpx.TimeoutException as error:
            timeout_s = request.extensions["timeout"]["read"]
            raise ServiceError(f"No answer within {timeout_s:.0f} seconds. Try again.", "timeout") from error
        except httpx.HTTPError as error:
            raise ServiceError(f"Nothing answers at {self._http.base_url}. Is the service running?") from error

        if response.is_success:
            return response

        try:
            problem = response.json()["error"]
            raise ServiceError(problem["message"], problem["code"], problem.get("field"))
        except (ValueError, KeyError, TypeError):
            raise ServiceError(f"The service answered {response.status_code}.", "http_error") from None
