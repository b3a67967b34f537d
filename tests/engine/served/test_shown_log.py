"""The log of what was shown: bounded, whole lines, and read back after a kill."""

from __future__ import annotations

import threading

import pytest

from engine.errors import DataError
from engine.online.log_file import read_log_file
from engine.served.shown_log import PATTERN, ShownLog, read_shown


def places(answer: str, n: int = 3) -> list[dict]:
    return [
        {"slate": answer, "user_id": "u", "item_id": f"i{at}", "event": "impression",
         "position": at, "propensity": 0.5, "policy": "P"}
        for at in range(n)
    ]  # fmt: skip


def test_the_folder_stays_bounded_and_the_latest_is_kept(tmp_path):
    log = ShownLog(tmp_path, most_bytes=20_000, file_bytes=2_000)
    for at in range(300):
        log.append(places(f"{at:06}"))
    log.close()
    sizes = [path.stat().st_size for path in tmp_path.glob(PATTERN)]
    assert sum(sizes) <= 20_000
    assert max(sizes) <= 2_000
    assert len(sizes) > 5
    assert len(read_shown(tmp_path)) % 3 == 0
    newest = sorted(tmp_path.glob(PATTERN))[-1].read_text()
    assert '"000299"' in newest


def test_a_line_cut_off_by_a_kill_is_left_out_and_the_next_server_goes_on(tmp_path):
    log = ShownLog(tmp_path)
    log.append(places("a"))
    log.close()
    first = next(tmp_path.glob(PATTERN))
    first.write_bytes(first.read_bytes()[:-20])
    again = ShownLog(tmp_path)
    again.append(places("b"))
    again.close()
    found = read_shown(tmp_path)
    assert len(found) == 2 + 3


def test_two_servers_and_many_threads_on_one_folder_mix_no_lines(tmp_path):
    logs = [ShownLog(tmp_path, file_bytes=3_000) for _ in range(2)]

    def write(which: int) -> None:
        for at in range(50):
            logs[which % 2].append(places(f"{which}-{at}"))

    threads = [threading.Thread(target=write, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for log in logs:
        log.close()
    assert len(read_shown(tmp_path)) == 4 * 50 * 3


def test_a_line_of_something_else_is_named(tmp_path):
    (tmp_path / "shown-1.jsonl").write_text('{"slate": "a"}\n')
    with pytest.raises(DataError, match=r"shown-1.jsonl, line 1 is no place"):
        read_shown(tmp_path)


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(DataError, match="no log of what was shown"):
        read_shown(tmp_path)


def test_what_was_chosen_from_an_answer_that_is_gone_is_left_out(tmp_path):
    log = ShownLog(tmp_path)
    log.append(places("a"))
    log.append([{"slate": "gone", "item_id": "i1", "event": "play"}])
    log.append([{"slate": "a", "item_id": "i2", "event": "play"}])
    log.close()
    assert read_shown(tmp_path)["event"].tolist() == ["impression", "impression", "play"]


def test_the_folder_is_a_log_like_any_other(tmp_path):
    log = ShownLog(tmp_path)
    log.append(places("a"))
    log.close()
    assert read_log_file(tmp_path).equals(read_shown(tmp_path))
