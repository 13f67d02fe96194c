"""The end of a run: how far the last sending is, and leaving without waiting for it."""

from app import intents, texts
from app.effects import LogInAtProxy
from app.events import Flushed, Flushing
from app.present import Frame, present
from app.state import Phase
from app.view import SignedOutView
from tests.session_kit import Learner1


def signed_out(learner: Learner1) -> SignedOutView:
    view = present(learner.session, Frame()).signed_out
    assert view is not None
    return view


def left() -> Learner1:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    learner.want(intents.SignOut())
    assert learner.phase() is Phase.ENDED
    return learner


def words(view: SignedOutView) -> str:
    return texts.ending(lambda _context, source: source, view).time


def test_the_last_sending_tells_how_far_it_is() -> None:
    learner = left()
    assert words(signed_out(learner)) == "正在把最后的记录交给平台，请先不要关机。"
    learner.tell(Flushing(learner.now_ns, 30, 2))
    learner.tell(Flushing(learner.now_ns, 10, 2))
    view = signed_out(learner)
    assert (view.sending, view.total, view.unsent, view.pictures) == (True, 32, 10, 2)
    assert words(view) == "正在交给平台：还剩 10 条记录、2 张照片。"
    learner.tell(Flushing(learner.now_ns, 0, 1))
    assert words(signed_out(learner)) == "记录都已交给平台，正在上传照片：还剩 1 张。"
    learner.tell(Flushed(learner.now_ns, 0))
    assert words(signed_out(learner)) == "所有记录都已交给平台。"


def test_leaving_at_once_and_what_is_sent_after_all() -> None:
    learner = left()
    learner.tell(Flushing(learner.now_ns, 30, 2))
    learner.want(intents.LeaveNow())
    view = signed_out(learner)
    assert not view.sending
    assert words(view) == "还有 30 条记录和 2 张照片保存在这台电脑上，下次登录时自动上传。"
    # Sending goes on while the program does; nobody is held back again by it.
    learner.tell(Flushing(learner.now_ns, 5, 2))
    assert not signed_out(learner).sending
    learner.tell(Flushed(learner.now_ns, 0, 2))
    assert "还有 2 张照片在这台电脑上" in words(signed_out(learner))


def test_before_the_end_there_is_nothing_to_leave() -> None:
    learner = Learner1()
    learner.begin()
    before = learner.session
    learner.tell(Flushing(learner.now_ns, 30, 2))
    learner.want(intents.LeaveNow())
    assert learner.session.ended is before.ended is None
    assert learner.phase() is not Phase.ENDED


def test_the_proxys_password_goes_to_the_line_alone() -> None:
    learner = Learner1()
    effects = learner.want(intents.ProxyLogin("room", "open sesame", remember=True))
    assert effects == (LogInAtProxy("room", "open sesame", remember=True),)
    assert "open sesame" not in repr(effects)
