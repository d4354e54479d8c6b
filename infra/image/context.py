"""The build context: a folder with the Dockerfile and all that it copies, and nothing else."""

import shutil
from pathlib import Path

from aiplayer.settings import PROJECT

DOCKERFILE = Path(__file__).with_name("Dockerfile")
# What the image of the page copies.
PAGE = ("frontend", "aiplayer", ".streamlit")
# Networks of models, which the page has no use for.
NOT_THE_PAGES = ("__pycache__", "*.safetensors")


def write_context(folder: Path, locks: tuple[str, ...]) -> None:
    """Write what stands beside the bento in a build context.

    Args:
        folder: The context; it holds `bento/` already.
        locks: The names of the locks that are installed.
    """
    shutil.copyfile(DOCKERFILE, folder / "Dockerfile")
    shutil.copyfile(PROJECT / "infra" / "install.py", folder / "install.py")

    requirements = folder / "requirements"
    shutil.rmtree(requirements, ignore_errors=True)
    requirements.mkdir()
    for lock in locks:
        shutil.copyfile(PROJECT / "requirements" / lock, requirements / lock)

    page = folder / "page"
    shutil.rmtree(page, ignore_errors=True)
    for name in PAGE:
        shutil.copytree(PROJECT / name, page / name, ignore=shutil.ignore_patterns(*NOT_THE_PAGES))

    # All that is copied is named, so that what someone else puts into the folder is not sent.
    copied = ("bento", "install.py", "page", "requirements")
    ignore = ["*", *(f"!{name}" for name in copied), "**/__pycache__", "**/*.pyc"]
    (folder / ".dockerignore").write_text("\n".join(ignore) + "\n", encoding="ascii")
