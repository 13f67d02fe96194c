"""A place for the records that is damaged, or is no place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.bootstrap.demo import SessionSecrets
from app.state import Phase
from sync.ports import NoKeyringError
from sync.reference.faults import Faults
from tests.faults.conftest import Start


class NoKeyring(SessionSecrets):
    """A system that keeps no secrets, until somebody mends it."""

    broken = True

    def machine_secret(self) -> bytes:
        if self.broken:
            raise NoKeyringError("played")
        return super().machine_secret()


Turn = Callable[[Faults], None]
GARBAGE = b"\xa5"


def only_store(home: Path) -> Path:
    (store,) = (home / "data" / "records").rglob("records-*.db")
    return store


def spoil(store: Path, start: float, end: float) -> bytes:
    """Overwrite a part of the file; what it is afterwards."""
    whole = bytearray(store.read_bytes())
    first, last = round(len(whole) * start), round(len(whole) * end)
    whole[first:last] = GARBAGE * (last - first)
    store.write_bytes(whole)
    return bytes(whole)


def test_a_store_that_was_damaged_between_two_sign_ins(start: Start, turn: Turn) -> None:
    secrets = SessionSecrets()
    first = start(secrets=secrets)
    first.studies()
    turn(Faults(answer="error", path="/v1/records"))
    first.watches(1.0)
    first.click("signOutButton")
    first.until_reads("条记录保存在这台电脑上，下次登录时自动上传")
    first.close()
    spoiled = spoil(only_store(start.home), 0.5, 0.7)
    turn(Faults())

    second = start(secrets=secrets)
    second.tries_to_sign_in()
    second.until_reads("学习记录文件有损坏", "平台已确认的时间都在", "损坏的文件会另存")
    second.reads_in_english("damaged", "confirmed is safe", "Retry")
    store = only_store(start.home)
    assert store.read_bytes() == spoiled, "nothing is touched before the learner has read it"
    second.click("troubleRetry")
    second.until_reads("已另存", "已找回", "可以继续学习，并请告诉培训机构", name="noticeBar")
    assert "已找回 0 条" not in second.reads("noticeBar"), "some of it can be read"
    second.reads_in_english("set aside", "recovered", name="noticeBar")
    (aside,) = store.parent.glob(f"{store.name}.damaged-*")
    assert aside.read_bytes() == spoiled, "the evidence is kept as it was"

    second.click("noticeDismiss")
    second.enters_class()
    second.opens_lesson()
    second.plays()
    second.click("playButton")
    kept = second.program.conductor.session.records
    second.until(lambda: second.program.conductor.session.confirmed >= kept)
    live, records = second.program.courier._desk.live, second.program.courier._desk.store
    assert records is not None
    # What was salvaged went to the platform, and the old run is closed there.
    second.until(lambda: [each.chain for each in records.open_chains()] == [live])


def test_no_folder_can_be_made_for_the_records(start: Start) -> None:
    records = start.home / "data" / "records"
    records.parent.mkdir(parents=True)
    records.write_text("in the way", "utf-8")
    person = start()
    person.tries_to_sign_in()
    person.until_reads("所在的文件夹不允许写入", "已看的时间不会丢失", "请联系机房管理员")
    person.reads_in_english("folder", "Retry")
    person.click("troubleRetry")  # nothing has changed yet
    person.until_reads("所在的文件夹不允许写入")
    records.unlink()
    person.click("troubleRetry")
    person.until(lambda: person.phase is Phase.IDENTIFYING)
    person.enters_class()


def test_a_second_program_with_the_same_records(start: Start) -> None:
    secrets = SessionSecrets()
    first = start(secrets=secrets)
    first.signs_in()
    second = start(secrets=secrets)
    second.tries_to_sign_in()
    second.until_reads("正被另一个程序占用", "已看的时间不受影响", "或关闭它", "然后点“重试”")
    second.reads_in_english("Retry")
    first.close()
    second.click("troubleRetry")
    second.until(lambda: second.phase is Phase.IDENTIFYING)


def test_a_system_without_a_keyring_asks_first(start: Start) -> None:
    secrets = NoKeyring()
    person = start(secrets=secrets)
    person.tries_to_sign_in()
    person.until_reads("没有可用的系统密码保管库", "可以照常学习和计时", "点“继续学习”")
    person.reads_in_english("Go on studying", "Retry")
    assert not list((start.home / "data" / "records").rglob("*.db")), "nothing before the answer"
    person.click("troubleRetry")  # nothing has changed yet
    person.until_reads("没有可用的系统密码保管库")
    person.click("troubleDoWithout")
    person.until(lambda: person.phase is Phase.IDENTIFYING)
    person.enters_class()
    person.click("signOutButton")
    person.until_reads("所有记录都已交给平台")
    assert only_store(start.home).name.startswith("records-session-")
    person.close()

    secrets.broken = False
    again = start(secrets=secrets)
    again.signs_in()
    assert "旧密钥" not in again.reads(), "everything of it had been sent"


def test_the_keyring_is_mended_while_it_is_asked_about(start: Start) -> None:
    secrets = NoKeyring()
    person = start(secrets=secrets)
    person.tries_to_sign_in()
    person.until_reads("没有可用的系统密码保管库")
    secrets.broken = False
    person.click("troubleRetry")
    person.until(lambda: person.phase is Phase.IDENTIFYING)
    assert "session" not in only_store(start.home).name
