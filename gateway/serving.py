"""How an app of this project is served, whichever it is: what every request comes through on its way to the routes."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI

from aiplayer.settings import Settings
from gateway.admission import Admission, Kind
from gateway.bento_schema import describe
from gateway.error_shape import ErrorShape
from gateway.errors import LimitBody, install_error_handlers
from gateway.exposure.admin import admin_lifespan
from gateway.exposure.keys import declare_keys
from gateway.exposure.layers import outer_layers
from gateway.metrics import RouteMetrics, install_metrics
from gateway.observed import Observed
from gateway.schemas import ErrorAnswer

ERROR_STATUSES = (400, 401, 404, 405, 413, 415, 422, 429, 500, 503, 504)


def new_app(settings: Settings, title: str, description: str, kinds: Sequence[Kind]) -> FastAPI:
    """An app that answers errors in the one shape, and limits bodies and what is under way.

    Args:
        settings: The settings.
        title: What /docs.json calls the API.
        description: What it says of it.
        kinds: The kinds of requests of which only so many are under way at once.
    """
    app = FastAPI(
        title=title,
        description=description,
        openapi_url="/docs.json",
        docs_url=None,
        redoc_url=None,
        lifespan=admin_lifespan(settings),
        # What generated clients call their methods.
        generate_unique_id_function=lambda route: route.name,
        responses={status: {"model": ErrorAnswer} for status in ERROR_STATUSES},
    )
    app.add_middleware(LimitBody, max_bytes=settings.max_body_bytes)
    app.add_middleware(Admission, kinds=kinds)
    install_error_handlers(app)
    if not settings.admin_port:
        install_metrics(app)
    return app


def put_layers(service: Any, app: FastAPI, settings: Settings, model_set: str, slow: Mapping[str, float]) -> None:
    """Put the layers around a service of BentoML whose app is served.

    Args:
        service: What `bentoml.service` has made.
        app: Its app, with all its routes.
        settings: The settings.
        model_set: The name of the set of models that answers.
        slow: How long answers of paths that begin so may take, where that is not `answer_timeout_s`, in seconds.
    """
    describe(service)
    if settings.api_keys:
        declare_keys(app)
    # What is added first is outermost.
    service.add_asgi_middleware(Observed, api=app, model_set=model_set)
    service.add_asgi_middleware(RouteMetrics)
    for layer, options in outer_layers(settings):
        service.add_asgi_middleware(layer, **options)
    service.add_asgi_middleware(ErrorShape, timeout_s=settings.answer_timeout_s, slow=slow)
