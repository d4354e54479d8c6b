"""The multilingual Universal Sentence Encoder as a module of a SentenceTransformer, which trains it and saves it."""

import shutil
from pathlib import Path
from typing import ClassVar, Self

from sentence_transformers.base.modules import InputModule

from aiplayer.titles.use_network import TOKENIZER_FILE, USENetwork


class MultilingualUSE(USENetwork, InputModule):
    """`USENetwork` with what sentence-transformers asks of a module."""

    config_keys: ClassVar[list[str]] = ["rows"]
    save_in_root = True

    def save(self, output_path: str, *args, safe_serialization: bool = True, **kwargs) -> None:
        """Write config, weights and tokenizer to the folder `output_path`."""
        self.save_config(output_path)
        self.save_torch_weights(output_path, safe_serialization=safe_serialization)
        shutil.copyfile(self.tokenizer_path, Path(output_path) / TOKENIZER_FILE)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **kwargs) -> Self:
        """Read a folder that `save` wrote."""
        folder = Path(model_name_or_path) / subfolder
        config = cls.load_config(model_name_or_path, subfolder=subfolder, local_files_only=True)
        module = cls(**config, tokenizer_path=folder / TOKENIZER_FILE)
        return cls.load_torch_weights(model_name_or_path, subfolder=subfolder, model=module, local_files_only=True)
