"""The file of weights: what is wrong with it is said plainly."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bot.understanding import weights
from bot.understanding.weights import FILE, WeightsError, read, write

MEND = "make train"


def _refused(file: Path) -> str:
    with pytest.raises(WeightsError) as raised:
        read(file)
    return str(raised.value)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"

    write(file, {"one": np.array([0.5], dtype=np.float16), "names": np.array(["a", "b"])}, "digest")

    found = read(file)
    assert found.learned_from == "digest"
    assert set(found.arrays) == {"one", "names"}
    assert found.arrays["one"].dtype == np.float32
    assert list(found.arrays["names"]) == ["a", "b"]


def test_missing_weights(tmp_path: Path) -> None:
    file = tmp_path / "nowhere.npz"

    told = _refused(file)

    assert f"{file} are missing" in told
    assert MEND in told


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no weights at all", FILE.read_bytes()[:5_000]])
def test_damaged_weights(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "weights.npz"
    file.write_bytes(content)

    told = _refused(file)

    assert f"{file} are damaged" in told
    assert MEND in told


@pytest.mark.parametrize("place", [1, 10, 1_000])
def test_weights_with_a_byte_exchanged(tmp_path: Path, place: int) -> None:
    content = bytearray(FILE.read_bytes())
    with zipfile.ZipFile(FILE) as stored:
        largest = max(stored.infolist(), key=lambda one: one.compress_size)
    (name,) = struct.unpack("<H", content[largest.header_offset + 26 : largest.header_offset + 28])
    (extra,) = struct.unpack("<H", content[largest.header_offset + 28 : largest.header_offset + 30])
    content[largest.header_offset + 30 + name + extra + place] ^= 0xFF
    file = tmp_path / "weights.npz"
    file.write_bytes(content)

    assert f"{file} are damaged" in _refused(file)


def test_a_single_array_is_no_file_of_weights(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    with file.open("wb") as out:
        np.save(out, np.zeros(3))

    assert str(file) in _refused(file)


def test_weights_with_objects_in_them_are_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    np.savez(file, labels=np.array([{"a": 1}], dtype=object))

    assert f"{file} are damaged" in _refused(file)


def test_weights_for_other_labels(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    np.savez_compressed(file, labels=np.array(weights.labels() + " more"), learned_from=np.array("x"))

    told = _refused(file)

    assert f"{file} were made for other labels or features" in told
    assert MEND in told


def test_weights_that_do_not_say_what_they_are_for(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    np.savez_compressed(file, one=np.zeros(3))

    assert "other labels or features" in _refused(file)


def test_the_weights_of_the_repository_can_be_read() -> None:
    found = read(FILE)

    assert found.learned_from
    assert all(np.isfinite(array).all() for array in found.arrays.values() if array.dtype.kind == "f")
