"""The service as Python calls over HTTP."""

from collections.abc import Sequence
from functools import partial
from secrets import token_hex
from types import TracebackType
from typing import Self
from uuid import UUID

import httpx

from aiplayer.addresses import is_on_this_machine

# What BentoML asks a runner that is still loading may never be answered; asking anew is.
READY_TIMEOUT_S = 2
# The service's codes where it wants a key, or another one.
KEY_CODES = ("key_missing", "key_unknown")
CLIENT_ID_HEADER = "X-Client-Id"
# Tells proxies that a request may be asked of another gateway where one does not answer; a job is wanted once.
REPEATABLE_HEADER = "Idempotency-Key"
WANTED_ONCE = ("/thumbnail/jobs",)


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

    def begin_picture(self, title: str, **options: object) -> dict:
        """Have a picture of 1280x720 painted; its job: `job_id`, and `stand_in` where the painter has to wake first.

        Args:
            title: The playlist's title.
            options: Those of POST /thumbnail.
        """
        return self._post_for_json("/thumbnail/jobs", "job_id", title=title, **options)

    def picture_job(self, job_id: str) -> dict:
        """How far a picture is: `state`, `share`, perhaps `seconds_left`, at last `pictures` or an `error`."""
        return self._object(self._send("GET", f"/thumbnail/jobs/{job_id}"), "state")

    def cancel_picture(self, job_id: str) -> None:
        """Stop painting a picture; one that is painted already stays."""
        self._send("DELETE", f"/thumbnail/jobs/{job_id}")

    def like(self, generation_id: UUID | str, liked: bool = True, client_id: str = "") -> None:
        """Like a generation, or take the like back.

        Args:
            generation_id: From the answer of `recommend`.
            liked: Whether it is liked.
            client_id: Tells apart who says so among those for whom this program asks; empty for nobody.
        """
        body = {"generation_id": str(generation_id), "liked": liked}
        self._send("POST", "/like", body, headers=_client_headers(client_id))

    def feedback(self, generation_id: UUID | str, client_id: str = "", **said: object) -> dict:
        """Say what became of a generation; what is stored now and what follows from it.

        Args:
            generation_id: From the answer of `recommend`.
            client_id: As for `like`.
            said: Some of `songs`, `removed` and `liked`, as POST /feedback has them.
        """
        body = {"generation_id": str(generation_id), **said}
        response = self._send("POST", "/feedback", body, headers=_client_headers(client_id))
        return self._object(response, "kept")

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
        self,
        method: str,
        path: str,
        body: dict[str, object] | None = None,
        timeout_s: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """The answer to a request; what is not a success is raised."""
        timeout_s = timeout_s or self._timeout_s
        repeatable = {REPEATABLE_HEADER: token_hex(16)} if method == "POST" and path not in WANTED_ONCE else {}
        send = partial(
            self._http.request, method, path, json=body, timeout=timeout_s, headers=repeatable | (headers or {})
        )
        try:
            try:
                response = send()
            except httpx.RemoteProtocolError:
                # A connection that was kept may be closed at the moment at which it is used again.
                if method == "POST" and not repeatable:
                    raise
                response = send()
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


def _client_headers(client_id: str) -> dict[str, str] | None:
    return {CLIENT_ID_HEADER: client_id} if client_id else None
