import socket
import stat

import pytest

from aiplayer.unix_sockets import connect_to, listen_at


@pytest.mark.parametrize("depth", [0, 8])
def test_programs_meet_at_a_path_of_any_length(tmp_path, depth):
    folder = tmp_path.joinpath(*["a-folder-of-some-length"] * depth)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "x.sock"
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as caller:
        listen_at(listener, path)
        connect_to(caller, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        taken, _ = listener.accept()
        with taken:
            caller.sendall(b"hello")
            assert taken.recv(5) == b"hello"


def test_what_a_killed_process_has_left_is_no_hindrance(tmp_path):
    path = tmp_path / "x.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        listen_at(killed, path)
    with socket.socket(socket.AF_UNIX) as caller, pytest.raises(ConnectionRefusedError):
        connect_to(caller, path)
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as caller:
        listen_at(listener, path)
        connect_to(caller, path)
