"""Files are the expected ones, or are refused."""

import json

import pytest

from aiplayer.errors import ModelMissing
from aiplayer.file_records import sha256_of
from aiplayer.thumbnails.diffusion.files.hashes import KERAS_CV_HASHES, check_hashes, hashes_of

UNET = "unet/diffusion_pytorch_model.safetensors"
# FIPS 180-2, appendix B.1.
OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "unet").mkdir()
    (tmp_path / UNET).write_bytes(b"abc")
    return tmp_path


def test_a_hash_is_that_of_the_standard(folder):
    assert sha256_of(folder / UNET) == OF_ABC


def test_hashes_are_there_where_the_folder_has_them(folder):
    assert hashes_of(folder) == {}
    (folder / "sha256.json").write_text(json.dumps({UNET: "ab"}))
    assert hashes_of(folder) == {UNET: "ab"}
    (folder / "sha256.json").write_text("[]")
    with pytest.raises(ModelMissing, match=r"sha256\.json is no JSON object"):
        hashes_of(folder)


def test_keras_cv_says_the_hashes_of_its_own_files_and_the_folder_those_of_others(folder):
    (folder / "kcv_decoder.h5").touch()
    assert hashes_of(folder) == KERAS_CV_HASHES
    (folder / "sha256.json").write_text('{"kcv_diffusion_model.h5": "ab"}')
    assert hashes_of(folder) == KERAS_CV_HASHES | {"kcv_diffusion_model.h5": "ab"}


def test_a_file_is_compared_and_a_wrong_one_named(folder):
    check_hashes(folder, {UNET: OF_ABC.upper()})
    with pytest.raises(ModelMissing) as refused:
        check_hashes(folder, {UNET: "0" * 64})
    assert refused.value.message == (
        f"The weights {folder / UNET} are not the expected ones: sha256 {'0' * 64} was expected, {OF_ABC} found. "
        f"Fetch the file anew, or correct the expected hash in {folder / 'sha256.json'}."
    )
    with pytest.raises(ModelMissing, match=r"absent cannot be read\. Fetch the model anew\."):
        check_hashes(folder, {"absent": OF_ABC})
