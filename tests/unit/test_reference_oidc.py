"""Signing in at a provider's page: the honest way, and everything that is no such way."""

import secrets
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from sync import seal, signing_on, trust
from sync.contract import ClientInfo, OidcProvider, OidcSignIn, Session, SignInWays
from sync.reference.integrations import Integrations, SignOnSettings
from sync.reference.signon import SignOnError, build
from sync.reference.tables import LearnerRow, OperationRow
from sync.session import accept_session
from tests.contract.learner import body, good, problem, run_key
from tests.contract.local import Local, local_platform
from tests.provider import Claims, Provider, confused, foreign, honest, provider, unlisted, unsigned

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it uses what its own library calls old
    import oidc_provider_mock  # type: ignore[import-untyped]

CLIENT = ClientInfo(version="0.1.0", system="a test", language="en")
BACK = "http://127.0.0.1:50123/signed-in"
KEY = seal.spki(run_key().public_key())


@dataclass
class Way:
    """A platform that is joined to a provider, and one learner's way through both."""

    local: Local
    provider: Provider
    settings: SignOnSettings

    def attempt(self) -> signing_on.Attempt:
        ways = good(self.local.http.get("/sign-in"), SignInWays)
        assert ways.oidc is not None
        return signing_on.begin(ways.oidc, BACK, secrets.token_bytes(96))

    def message(self, **claims: Any) -> OidcSignIn:
        attempt = self.attempt()
        asked = dict(httpx.URL(attempt.url).params)
        told = honest(self.provider, asked["client_id"], asked["nonce"], **claims)
        code = self.provider.code(asked["code_challenge"], told)
        query = f"code={code}&state={asked['state']}"
        return signing_on.sign_in(attempt, signing_on.returned(attempt, query), CLIENT, KEY)

    def sign_in(self, **claims: Any) -> httpx.Response:
        message = body(self.message(**claims))
        answer: httpx.Response = self.local.http.post("/sessions", json=message)
        return answer


@contextmanager
def joined(folder: Path, told: Provider, **settings: Any) -> Iterator[Way]:
    sign_on = SignOnSettings(issuer=told.url, client_id="anxue", **settings)
    with local_platform(folder, integrations=Integrations(sign_on=sign_on)) as local:
        yield Way(local, told, sign_on)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    with provider() as told, joined(tmp_path_factory.mktemp("joined"), told) as way:
        yield way


@pytest.fixture
def way(shared: Way) -> Way:
    """Joined to a provider that is honest again, and asked for its keys anew."""
    kept = shared.provider
    fresh = Provider(url=kept.url, key=kept.key)
    for each in fields(Provider):
        setattr(kept, each.name, getattr(fresh, each.name))
    sign_on = build(shared.settings)
    shared.local.http.app.state.platform = replace(shared.local.platform, sign_on=sign_on)  # type: ignore[attr-defined]
    return shared


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_real_provider_signs_a_learner_in(tmp_path: Path) -> None:
    """oidc-provider-mock over HTTP: discovery, consent, redirect, exchange, keys."""
    person = oidc_provider_mock.User(sub="p-7", claims={"preferred_username": "demo"})
    with oidc_provider_mock.run_server_in_thread(user_claims=[person]) as server:
        issuer = f"http://localhost:{server.server_port}"
        sign_on = SignOnSettings(issuer=issuer, client_id="anxue", client_secret="kept")
        with local_platform(tmp_path, integrations=Integrations(sign_on=sign_on)) as local:
            ways = good(local.http.get("/sign-in"), SignInWays)
            assert ways.oidc is not None
            attempt = signing_on.begin(ways.oidc, BACK, secrets.token_bytes(96))
            went = httpx.post(attempt.url, data={"sub": "p-7"})
            assert went.status_code == 302, went.text
            query = urlsplit(went.headers["location"]).query
            message = signing_on.sign_in(attempt, signing_on.returned(attempt, query), CLIENT, KEY)
            session = good(local.http.post("/sessions", json=body(message)), Session)
            certificate = local.platform.keys.certificate
            accepted = accept_session(session, certificate, "demo", run_key().public_key())
            assert accepted.learner.id == "demo"
            assert trust.is_demo(certificate)
            headers = {"Authorization": f"Bearer {session.token}"}
            assert local.http.get("/courses", headers=headers).status_code == 200
            again = local.http.post("/sessions", json=body(message))
            problem(again, 401, "wrong_password")  # a code is good once


def test_without_a_provider_there_is_only_the_password(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        assert good(local.http.get("/sign-in"), SignInWays).oidc is None
        message = OidcSignIn(
            code="c",
            redirect_uri=BACK,
            code_verifier="v" * 43,
            nonce="n" * 43,
            client=CLIENT,
            public_key=seal.to_base64url(KEY),
        )
        problem(local.http.post("/sessions", json=body(message)), 401, "wrong_password")


def test_the_store_s_secret_is_the_same_whichever_way_one_signs_in(
    way: Way,
) -> None:
    by_page = good(way.sign_in(), Session).store_secret
    by_password = way.local.sign_in(identified=False).session.store_secret
    assert by_page is not None
    assert by_page == by_password
    assert len(seal.from_base64url(by_page)) == 32
    assert by_page not in repr(way.local.sign_in(identified=False).session)


HOUR = 3600
BENT: dict[str, Callable[[Claims], Claims]] = {
    "another audience": lambda told: told | {"aud": "somebody-else"},
    "no audience": lambda told: {k: v for k, v in told.items() if k != "aud"},
    "several audiences without azp": lambda told: told | {"aud": ["anxue", "other"]},
    "another authorized party": lambda told: told | {"aud": ["anxue", "other"], "azp": "other"},
    "another nonce": lambda told: told | {"nonce": "x" * 43},
    "no nonce": lambda told: {k: v for k, v in told.items() if k != "nonce"},
    "another issuer": lambda told: told | {"iss": "https://elsewhere.invalid"},
    "expired": lambda told: told | {"exp": told["iat"] - HOUR},
    "no expiry": lambda told: {k: v for k, v in told.items() if k != "exp"},
    "expiry as text": lambda told: told | {"exp": str(told["exp"])},
    "from the future": lambda told: told | {"iat": told["iat"] + HOUR},
    "not before tomorrow": lambda told: told | {"nbf": told["iat"] + 24 * HOUR},
    "no subject": lambda told: {k: v for k, v in told.items() if k != "sub"},
    "a subject that is a list": lambda told: told | {"sub": ["person-1"]},
    "no login": lambda told: {k: v for k, v in told.items() if k != "preferred_username"},
    "a login that is a number": lambda told: told | {"preferred_username": 7},
    "somebody who is no learner": lambda told: told | {"preferred_username": "nobody"},
}


def test_an_id_token_that_is_not_for_this_sign_in_opens_nothing(way: Way) -> None:
    way.provider.userinfo = {"sub": "person-9"}
    for how, bend in BENT.items():
        way.provider.bend = bend
        answer = way.sign_in(sub="person-9", preferred_username="demo2")
        assert answer.status_code == 401, how
        problem(answer, 401, "wrong_password")
    way.provider.bend = lambda told: told
    good(way.sign_in(sub="person-9", preferred_username="demo2"), Session)


def test_only_the_provider_s_own_key_signs(way: Way) -> None:
    for sign in (unsigned, confused, foreign, unlisted):
        way.provider.sign = sign
        assert way.sign_in().status_code == 401, sign.__name__
    way.provider.sign = None
    good(way.sign_in(), Session)


def test_a_code_is_worth_nothing_without_its_verifier(way: Way) -> None:
    stolen = way.message().model_copy(update={"code_verifier": "v" * 43})
    problem(way.local.http.post("/sessions", json=body(stolen)), 401, "wrong_password")


def test_a_new_key_of_the_provider_s_is_fetched(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.reference.oidc.KEYS_AGAIN_S", 0.0)
    good(way.sign_in(), Session)
    way.provider.key = Provider().key
    good(way.sign_in(), Session)
    assert way.provider.asked.count("/jwks") >= 2


def test_keys_are_not_fetched_for_every_bad_token(way: Way) -> None:
    good(way.sign_in(), Session)
    way.provider.sign = foreign
    for _ in range(4):
        problem(way.sign_in(), 401, "wrong_password")
    assert way.provider.asked.count("/jwks") == 1


def test_a_provider_that_is_down_is_no_wrong_password(way: Way) -> None:
    message = way.message()
    way.provider.broken = 503
    problem(way.local.http.post("/sessions", json=body(message)), 503, "unavailable")


def test_a_provider_by_another_name_is_not_asked(way: Way) -> None:
    way.provider.issuer = "https://elsewhere.invalid"
    problem(way.local.http.get("/sign-in"), 503, "unavailable")
    assert way.provider.asked == ["/.well-known/openid-configuration"]


def test_a_provider_that_sends_elsewhere_in_the_clear_is_not_followed(
    way: Way,
) -> None:
    way.provider.announces = {"jwks_uri": "http://elsewhere.invalid/jwks"}
    problem(way.sign_in(), 503, "unavailable")


def test_a_name_that_was_given_to_somebody_new_opens_nobody_s_records(
    way: Way,
) -> None:
    good(way.sign_in(sub="person-1", preferred_username="demo"), Session)
    problem(way.sign_in(sub="person-2", preferred_username="demo"), 401, "wrong_password")
    renamed = good(way.sign_in(sub="person-1", preferred_username="other-name"), Session)
    assert renamed.learner.id == "demo"  # issuer and subject decide, not the name


def test_learners_are_made_only_where_the_institution_wants_it(shared: Way, tmp_path: Path) -> None:
    with joined(tmp_path, shared.provider, create=True, class_id="demo-class") as way:
        _made(way)


def _made(way: Way) -> None:
    session = good(way.sign_in(sub="new", preferred_username="zhao", name="赵敏"), Session)
    assert session.learner.name == "赵敏"
    with way.local.platform.store.reading() as db:
        row = db.scalar(select(LearnerRow).where(LearnerRow.login == "zhao"))
        assert row is not None
        assert row.class_id == "demo-class"
    wrong = {"name": "zhao", "password": "-", "client": body(CLIENT)}
    answer = way.local.http.post("/sessions", json={**wrong, "public_key": seal.to_base64url(KEY)})
    problem(answer, 401, "wrong_password")  # has no password at all


def test_claims_that_the_id_token_lacks_come_from_userinfo_about_the_same_person(
    way: Way,
) -> None:
    way.provider.bend = BENT["no login"]
    way.provider.userinfo = {"sub": "person-1", "preferred_username": "demo"}
    good(way.sign_in(), Session)
    way.provider.userinfo = {"sub": "person-2", "preferred_username": "demo2"}
    problem(way.sign_in(), 401, "wrong_password")


def test_a_province_s_sign_on_without_id_tokens(way: Way) -> None:
    """The second adapter: OAuth 2, names of the province's own, no discovery."""
    told = way.provider
    settings = SignOnSettings(
        issuer="https://sso.invalid/province",
        client_id="anxue",
        adapter="oauth",
        login_claim="account",
        subject_claim="uid",
        authorization_endpoint=f"{told.url}/authorize",
        token_endpoint=f"{told.url}/token",
        userinfo_endpoint=f"{told.url}/userinfo",
    )
    platform = replace(way.local.platform, sign_on=build(settings))
    way.local.http.app.state.platform = platform  # type: ignore[attr-defined]
    told.asked.clear()
    told.userinfo = {"uid": "44-1", "account": "demo"}
    assert good(way.sign_in(), Session).learner.id == "demo"
    assert told.asked == ["/token", "/userinfo"]
    told.userinfo = {"uid": 44, "account": "demo"}
    problem(way.sign_in(), 401, "wrong_password")


def test_who_signed_in_where_stands_in_the_log_and_refusals_too(
    way: Way,
) -> None:
    good(way.sign_in(), Session)
    way.provider.bend = BENT["expired"]
    problem(way.sign_in(), 401, "wrong_password")
    with way.local.platform.store.reading() as db:
        lines = [(row.action, row.detail) for row in db.scalars(select(OperationRow))]
    assert any(action == "sign-in" and way.provider.url in detail for action, detail in lines)
    assert ("sign-in refused", "the ID token is not right: exp") in lines


@pytest.mark.parametrize(
    "settings",
    [
        {"issuer": "http://provider.invalid"},
        {"algorithms": ("none",)},
        {"algorithms": ("RS256", "HS256")},
        {"algorithms": ()},
        {"adapter": "oauth"},
        {"adapter": "oauth", "authorization_endpoint": "https://a.invalid",
         "token_endpoint": "http://a.invalid", "userinfo_endpoint": "https://a.invalid"},
    ],
)  # fmt: skip
def test_settings_that_would_be_unsafe_are_refused_at_the_start(settings: dict[str, Any]) -> None:
    told = replace(SignOnSettings(issuer="https://a.invalid", client_id="anxue"), **settings)
    with pytest.raises(SignOnError):
        build(told)


PROVIDER = OidcProvider(
    issuer="https://a.invalid",
    authorization_endpoint="https://a.invalid/authorize?tenant=7",
    client_id="anxue",
    scope="openid",
)


def test_the_client_takes_no_answer_but_its_own() -> None:
    attempt = signing_on.begin(PROVIDER, BACK, secrets.token_bytes(96))
    assert dict(httpx.URL(attempt.url).params)["tenant"] == "7"
    right = f"code=c&state={attempt.state}"
    assert signing_on.returned(attempt, right) == "c"
    assert signing_on.returned(attempt, f"{right}&iss=https://a.invalid") == "c"
    for wrong in (
        "code=c&state=other",
        "code=c",
        f"state={attempt.state}",
        f"{right}&code=d",
        f"{right}&iss=https://b.invalid",
        f"{right}&" + "x" * 9000,
        "",
        "%",
    ):
        with pytest.raises(signing_on.SignOnFailedError) as caught:
            signing_on.returned(attempt, wrong)
        assert not caught.value.declined
    with pytest.raises(signing_on.SignOnFailedError) as caught:
        signing_on.returned(attempt, f"error=access_denied&state={attempt.state}")
    assert caught.value.declined


def test_the_client_sends_nobody_to_a_page_in_the_clear() -> None:
    bad = PROVIDER.model_copy(update={"authorization_endpoint": "http://a.invalid/authorize"})
    with pytest.raises(signing_on.SignOnFailedError):
        signing_on.begin(bad, BACK, secrets.token_bytes(96))
