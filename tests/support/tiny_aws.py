"""A server that speaks as Amazon's services do: moto's, and before it what moto lacks and what goes wrong at times."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs

SECRET = "kept-to-itself-7c1d"
REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIDTINYAWS",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_DEFAULT_REGION": REGION,
    # What fails here fails for a reason.
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nowhere",
    "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
}
Fault = Callable[[dict[str, str]], str | None]


class TinyAws:
    """Amazon as far as a deployment needs it.

    Attributes:
        calls: The operations that were asked for, in their order.
        gpu_vcpus: The quota of GPUs.
        command_status: How commands on machines end.
        refreshes: How replacing the machines of a group ends, one after the other; the last one counts on.
    """

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self.reset()

    def reset(self) -> None:
        """As it was in the beginning, and moto's state too."""
        from moto.moto_api._internal.models import moto_api_backend

        self.calls: list[str] = []
        self.gpu_vcpus = 64.0
        self.command_status = "Success"
        self.refreshes = ["Successful"]
        self._is_refreshed = False
        self._faults: dict[str, Fault] = {}
        moto_api_backend.reset()

    def fail(self, operation: str, code: str, where: Callable[[dict[str, str]], bool] = lambda asked: True) -> None:
        """Have an operation fail from now on.

        Args:
            operation: Its name.
            code: What it answers.
            where: Of which calls, by their parameters.
        """
        self._faults[operation] = lambda asked: code if where(asked) else None

    def mend(self) -> None:
        """Have nothing fail any more."""
        self._faults.clear()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer a request, as WSGI has it."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        operation, asked = _operation(environ, body)
        self.calls.append(operation)
        fault = self._faults.get(operation)
        if fault and (code := fault(asked)):
            return _error(code, operation, environ, start_response)
        if (answer := self._own_answer(operation, asked)) is not None:
            return _answer(operation, answer, environ, start_response)

        environ["wsgi.input"] = io.BytesIO(body)
        return self._app(environ, start_response)

    def _own_answer(self, operation: str, asked: dict[str, str]) -> Any:
        """What moto does not know."""
        if operation == "GetServiceQuota":
            return {"Quota": {"QuotaCode": "L-DB2E81BA", "Value": self.gpu_vcpus}}
        if operation == "GetCommandInvocation":
            return {"Status": self.command_status}
        if operation == "StartInstanceRefresh":
            if self._is_refreshed and len(self.refreshes) > 1:
                self.refreshes.pop(0)
            self._is_refreshed = True
            return "<InstanceRefreshId>08b91cf7-8fa6-48af-b6a6-d227f40f1b9b</InstanceRefreshId>"
        if operation == "DescribeInstanceRefreshes":
            status = f"<member><Status>{self.refreshes[0]}</Status></member>" if self._is_refreshed else ""
            return f"<InstanceRefreshes>{status}</InstanceRefreshes>"
        return None


def _operation(environ: dict[str, Any], body: bytes) -> tuple[str, dict[str, str]]:
    """The name of what is asked for, and its parameters as far as a form holds them."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.rpartition(".")[2], {}
    if "/operation/" in environ["PATH_INFO"]:
        return environ["PATH_INFO"].rpartition("/")[2], {}
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        asked = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        return asked.get("Action", ""), asked
    # Ids that differ from test to test are left out.
    method, parts = environ["REQUEST_METHOD"], environ["PATH_INFO"].strip("/").split("/")
    return f"{method} {'/'.join(parts[1:2] + parts[3:4])}", {}


def _answer(operation: str, answer: Any, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    if isinstance(answer, str):
        text = f"<Response><{operation}Result>{answer}</{operation}Result></Response>"
        start_response("200 OK", [("Content-Type", "text/xml")])
    else:
        text = json.dumps(answer)
        start_response("200 OK", [("Content-Type", environ.get("CONTENT_TYPE", "application/x-amz-json-1.1"))])
    return [text.encode()]


def _error(code: str, operation: str, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """An error in the shape of the protocol in which it was asked."""
    if environ.get("HTTP_X_AMZ_TARGET"):
        start_response("400 Bad Request", [("Content-Type", environ["CONTENT_TYPE"])])
        return [json.dumps({"__type": code, "message": f"{operation} fails"}).encode()]
    if "/operation/" in environ["PATH_INFO"]:
        start_response(
            "400 Bad Request", [("Content-Type", "application/json"), ("x-amzn-query-error", f"{code};Sender")]
        )
        return [json.dumps({"__type": code}).encode()]
    error = f"<Error><Code>{code}</Code><Message>{operation} fails</Message></Error>"
    # EC2 has its own shape, which differs in the element around the error.
    is_ec2 = "ec2" in environ.get("HTTP_AUTHORIZATION", "").split("/aws4_request")[0].rsplit("/", 1)[-1]
    text = f"<Response><Errors>{error}</Errors></Response>" if is_ec2 else f"<ErrorResponse>{error}</ErrorResponse>"
    start_response("400 Bad Request", [("Content-Type", "text/xml")])
    return [text.encode()]


@contextmanager
def tiny_aws() -> Iterator[TinyAws]:
    """The server; while this lasts the environment has its address and credentials for it."""
    # It takes seconds to import, and most tests beside those with a server never need it.
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    aws = TinyAws(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, aws, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with patch.dict("os.environ", {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}):
            yield aws
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
