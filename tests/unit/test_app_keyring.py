"""A system without a keyring: asked before the first run, and nothing happens before the answer."""

from dataclasses import replace

from app import intents
from app.effects import AskSignIn, DoWithoutKeyring, Mend
from app.errors import Report, Trouble
from app.events import StoreFailed, Wanted
from app.present import Frame, present
from app.session import step
from app.state import Phase, Session
from app.view import Page

ASKED = Report(Trouble.KEY_NOT_KEPT)
S = 1_000_000_000


def asked() -> Session:
    session, effects = step(Session(), Wanted(S, intents.SignIn("demo", "p", False)))
    assert effects == (AskSignIn("demo", "p", False),)
    session, effects = step(session, StoreFailed(2 * S, ASKED))
    assert effects == ()
    return session


def test_the_page_offers_both_ways() -> None:
    session = asked()
    view = present(session, Frame())
    assert (view.page, session.phase) == (Page.TROUBLE, Phase.SIGNED_OUT)
    assert view.trouble is not None
    assert (view.trouble.can_retry, view.trouble.can_do_without) == (True, True)
    other = present(replace(session, trouble=Report(Trouble.STORE_FULL)), Frame()).trouble
    assert other is not None
    assert not other.can_do_without


def test_going_on_without_begins_the_run() -> None:
    session, effects = step(asked(), Wanted(3 * S, intents.DoWithoutKeyring()))
    assert effects == (DoWithoutKeyring(),)
    assert (session.trouble, session.signing_in) == (None, True)
    assert present(session, Frame()).page is Page.SIGN_IN


def test_trying_again_asks_the_keyring_again() -> None:
    session, effects = step(asked(), Wanted(3 * S, intents.Retry()))
    assert effects == (Mend(ASKED),)
    assert session.signing_in, "a keyring may ask somebody first"
    session, _ = step(session, StoreFailed(4 * S, ASKED))
    assert (session.trouble, session.signing_in) == (ASKED, False)


def test_nobody_goes_on_without_having_been_asked() -> None:
    for session in (Session(), replace(Session(), trouble=Report(Trouble.STORE_FULL))):
        after, effects = step(session, Wanted(S, intents.DoWithoutKeyring()))
        assert effects == ()
        assert after.trouble == session.trouble
