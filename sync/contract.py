"""The `/v1` contract: what the client sends and what a platform answers.

One set of models serves both sides, so that the OpenAPI document that the reference
platform publishes is the contract the client holds to. Binary values are base64url
without padding; times are RFC 3339 in UTC; durations are seconds unless the name says
otherwise.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

API = "/v1"
MAX_BATCH = 200

NO_NUL = r"^[^\x00]*$"  # the one character that no database keeps in a text
Base64Url = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=4096)]
Hex256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Jws = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
SuiteName = Literal["RS256+SHA-256", "SM2+SM3"]
ModeName = Literal["fluent", "standard", "high"]
ActionName = Literal["turn_left", "turn_right", "open_mouth", "blink", "nod", "follow_dot"]


class Message(BaseModel):
    """A value of the contract: unknown members are refused, values do not change.

    LATER: members of a signed message that came after the first ones were signed. A text
    without them is still its own one form, and means their defaults.
    """

    LATER: ClassVar[frozenset[str]] = frozenset()
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Policy(Message):
    """The platform's presets; `shared/requirements.md` has the table they come from.

    mode_cap: the best picture a room may use. rewatch_rate: the fastest that a film may be
    watched again which is complete. media_encrypted, media_shared: how the PC keeps films;
    media_key: 32 bytes for films that are both, None where each user has a key of their own.
    media_proxy: address of a room's HTTP cache; media_folder: where a room has the films
    on a stick or a share. check_set: what a check may ask for; check_alternative: the set
    for people who can't do those, empty where there is none. risk_review: from this risk on
    a passed check waits for the institution's decision. template_kept: whether the
    enrolled face is kept on the PC, encrypted and bound to the account, or had for the run
    only. passive_model: path of an ONNX file on the PC, empty for none, and its SHA-256.
    snapshots_per_check, snapshots_between: pictures that are sealed and sent. platform_second:
    another address of the same platform, asked where the first gives no answer; http only on
    the learner's own machine.
    """

    LATER: ClassVar[frozenset[str]] = frozenset(
        {
            *("mode_cap", "rewatch_rate", "media_cache_mb", "media_encrypted", "media_shared"),
            *("media_key", "media_proxy", "media_folder", "check_action_s", "check_set"),
            *("check_alternative", "risk_review", "screen_light", "passive_model"),
            *("passive_model_sha256", "template_kept", "snapshots_per_check"),
            *("snapshots_between", "keeps_months_online", "keeps_months_offline"),
            *("turned_after_s", "eyes_closed_after_s", "platform_second"),
        }
    )

    version: int = 1
    check_min_gap_s: float = Field(default=300, ge=5, le=900)
    check_max_gap_s: float = Field(default=720, ge=5, le=900)
    check_answer_s: float = Field(default=60, ge=5, le=300)
    check_attempts: int = Field(default=3, ge=1, le=10)
    check_actions: int = Field(default=2, ge=1, le=2)
    check_action_s: float = Field(default=20, ge=3, le=120)
    check_set: tuple[ActionName, ...] = ("turn_left", "turn_right", "open_mouth", "blink")
    check_alternative: tuple[ActionName, ...] = ("nod", "open_mouth", "blink", "follow_dot")
    risk_review: float = Field(default=0.6, ge=0, le=1)
    screen_light: bool = True
    passive_model: str = Field(default="", max_length=400)
    passive_model_sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    template_kept: bool = False
    snapshots_per_check: int = Field(default=1, ge=0, le=3)
    snapshots_between: int = Field(default=1, ge=0, le=3)
    keeps_months_online: int = Field(default=24, ge=1, le=600)
    keeps_months_offline: int = Field(default=72, ge=1, le=600)
    turned_after_s: float = Field(default=60, ge=5)
    eyes_closed_after_s: float = Field(default=30, ge=5)
    match_accept: float = Field(default=0.45, ge=-1, le=1)
    match_alert: float = Field(default=0.363, ge=-1, le=1)
    idle_warning_s: float = Field(default=300, ge=10)
    idle_sign_out_s: float = Field(default=600, ge=20)
    absent_after_s: float = Field(default=20, ge=1)
    several_faces_after_s: float = Field(default=5, ge=1)
    heartbeat_s: float = Field(default=60, ge=1, le=60)
    daily_cap_s: float = Field(default=8 * 3600, gt=0)
    offline_study_s: float = Field(default=4 * 3600, ge=0)
    self_enrolment: bool = False
    support_contact: str = ""
    mode_cap: ModeName = "high"
    rewatch_rate: float = Field(default=2.0, ge=1, le=2)
    media_cache_mb: int = Field(default=4096, ge=64, le=1_048_576)
    media_encrypted: bool = False
    media_shared: bool = False
    media_key: Base64Url | None = Field(default=None, repr=False)
    media_proxy: str = Field(default="", max_length=200)
    media_folder: str = Field(default="", max_length=400)
    platform_second: str = Field(default="", pattern=r"^(https?://[A-Za-z0-9.:\[\]-]{1,190})?$")
    test_required: bool = True
    test_seconds_per_question: int = Field(default=60, ge=10)
    test_attempts: int = Field(default=5, ge=1)
    test_pass_mark: int = Field(default=80, ge=0, le=100)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Presets that no check could be carried out by are refused where they are made."""
        sets = self.check_set, self.check_alternative
        wrong = (
            (self.check_min_gap_s > self.check_max_gap_s, "check_min_gap_s over check_max_gap_s"),
            (self.match_alert > self.match_accept, "match_alert over match_accept"),
            (not {"turn_left", "turn_right"} & set(self.check_set), "check_set without a turn"),
            (len(self.check_set) < self.check_actions, "check_set smaller than check_actions"),
            (
                0 < len(self.check_alternative) < self.check_actions,
                "check_alternative smaller than check_actions",
            ),
            (any(len(set(each)) < len(each) for each in sets), "an action is named twice"),
        )
        for is_wrong, what in wrong:
            if is_wrong:
                raise ValueError(what)
        return self


class Beacon(Message):
    """One revealed element of the platform's hash chain: `SHA256(value_i) = value_{i-1}`."""

    index: int = Field(ge=1)
    value: Hex256


class ClientInfo(Message):
    version: str = Field(max_length=40, pattern=NO_NUL)
    system: str = Field(max_length=120, pattern=NO_NUL)
    language: Literal["zh_CN", "en"]


class SignIn(Message):
    """`POST sessions`.

    public_key: the run's fresh key, SubjectPublicKeyInfo DER; RSA-2048, or SM2 where the
    platform's certificate is.
    """

    name: str = Field(min_length=1, max_length=80, pattern=NO_NUL)
    password: str = Field(min_length=1, max_length=200, repr=False)
    client: ClientInfo
    public_key: Base64Url


class OidcProvider(Message):
    """Where learners sign in with an account that the institution, or the province, keeps.

    The client sends the system's browser to authorization_endpoint: authorization code, PKCE
    (S256), a redirect to the loopback (RFC 8252).
    """

    issuer: str = Field(max_length=400)
    authorization_endpoint: str = Field(max_length=400)
    client_id: str = Field(max_length=200)
    scope: str = Field(max_length=200)


class SignInWays(Message):
    """`GET sign-in`, for anyone. oidc: None where only name and password open the door."""

    oidc: OidcProvider | None = None


class OidcSignIn(Message):
    """`POST sessions` with what the provider sent to the loopback, in place of a password.

    The platform exchanges the code itself: a client holds no secret and no token of the
    provider's. nonce: as in the request to the provider; unused by providers without ID tokens.
    """

    code: str = Field(min_length=1, max_length=2048, repr=False)
    redirect_uri: str = Field(
        pattern=r"^http://(127\.0\.0\.1|\[::1\]):[1-9][0-9]{0,4}/[A-Za-z0-9/_-]{0,80}$"
    )
    code_verifier: str = Field(pattern=r"^[A-Za-z0-9._~-]{43,128}$", repr=False)
    nonce: str = Field(pattern=r"^[A-Za-z0-9_-]{16,128}$", repr=False)
    client: ClientInfo
    public_key: Base64Url


class Grant(Message):
    """Payload of the signed grant: a run is allowed, under these commitments.

    home_page: the platform's, without a trailing slash; learners are accounts under it and
    statements name lessons below it. key_sha256: over the run's SubjectPublicKeyInfo, DER.
    policy_sha256: over the policy's compact JWS, ASCII. seed_commitment: s_0. evidence_key:
    the RSA key that pictures are sealed to (`sync.sealing`), SubjectPublicKeyInfo, DER; ""
    where the platform takes no pictures.
    """

    LATER: ClassVar[frozenset[str]] = frozenset({"evidence_key"})

    type: Literal["anxue-grant"] = "anxue-grant"
    suite: SuiteName = "RS256+SHA-256"
    chain: Identifier
    learner: Identifier
    home_page: str = Field(default="https://platform.invalid", max_length=200)
    issued_at: str
    expires_at: str
    key_sha256: Hex256
    policy_sha256: Hex256
    seed_commitment: Hex256
    seed_length: int = Field(ge=1)
    demo: bool
    evidence_key: str = Field(default="", pattern=r"^[A-Za-z0-9_-]*$", max_length=1024)


class Receipt(Message):
    """Payload of the signed receipt: records up to and with `seq` are kept by the platform."""

    type: Literal["anxue-receipt"] = "anxue-receipt"
    chain: Identifier
    seq: int = Field(ge=0)
    head: Hex256
    beacon: Beacon
    received_at: str


class Seal(Message):
    """Payload of the client's seal over the chain's newest record."""

    type: Literal["anxue-seal"] = "anxue-seal"
    chain: Identifier
    seq: int = Field(ge=1)
    head: Hex256
    beacon: int = Field(ge=1)


class Learner(Message):
    id: Identifier
    name: str
    institution: str
    class_name: str


class ChainState(Message):
    """`GET chains/{id}`: what the platform has of a chain, and whether it takes more."""

    chain: Identifier
    seq: int
    head: Hex256
    closed: bool
    taken_over: bool


class Session(Message):
    """Answer to `POST sessions`.

    certificate: PEM, the run's certificate and then its issuer. k0: the MAC key's first
    value, 32 bytes. template: the enrolled face, float32[128] little-endian, or None
    when the policy lets the learner enrol. previous: the learner's earlier chains that the
    platform has not seen the end of, newest first, with the last number it has of each.
    store_secret: 32 bytes, the same at every sign-in of this learner, whatever their password
    is by then: what the PC's store is locked with, besides the PC's own secret. None from a
    platform that hands out none.
    """

    token: str = Field(repr=False)
    grant: Jws
    policy: Jws
    certificate: str
    k0: Base64Url = Field(repr=False)
    beacon: Beacon
    learner: Learner
    template: Base64Url | None = Field(default=None, repr=False)
    now: str
    next_after_s: float
    previous: tuple[ChainState, ...] = ()
    store_secret: Base64Url | None = Field(default=None, repr=False)


class WireRecord(Message):
    """One record: the statement's exact text and its MAC."""

    seq: int = Field(ge=1)
    body: str = Field(max_length=16_384)
    mac: Base64Url


class OpenTick(Message):
    """The statement that would close the running segment now; replaced, never chained.

    It counts only when its chain ends without anything after `seq`.
    """

    seq: int = Field(ge=0)
    body: str = Field(max_length=16_384)
    mac: Base64Url


class RecordBatch(Message):
    """`POST records`: consecutive records of one chain, oldest first.

    count: whether the answer shall bring the count; whoever catches up asks with the last batch.
    """

    chain: Identifier
    records: tuple[WireRecord, ...] = Field(max_length=MAX_BATCH)
    seal: Jws | None = None
    tick: OpenTick | None = None
    close: bool = False
    count: bool = True


class CreditSpan(Message):
    """A stretch of film and what the platform says about it."""

    start_s: float
    end_s: float
    state: Literal["credited", "provisional", "not_counted"]
    reason: str = ""


class LessonCredit(Message):
    """The platform's count for one lesson; spans are sorted and do not overlap.

    not_counted_s counts watching that was not counted, film seconds, each time it
    happened; a stretch that was watched again with success appears as credited in spans
    and its earlier loss still in `lost`.
    """

    lesson: Identifier
    duration_s: float
    credited_s: float
    provisional_s: float
    not_counted_s: float
    resume_s: float
    completed: bool
    spans: tuple[CreditSpan, ...]
    lost: tuple[CreditSpan, ...] = ()


class RecordAnswer(Message):
    """Answer to `POST records`: what is kept, the next beacon, and, if asked for, the count.

    acked: the receipt's `seq`. The chain's head and the newest beacon are in the receipt and
    nowhere else: a learner may pay for every byte, and nobody may believe them unsigned.
    """

    acked: int = Field(ge=0)
    receipt: Jws
    next_after_s: float
    credit: tuple[LessonCredit, ...]


class IdentityQuestion(Message):
    """`POST identity`: is this the learner? `enrol` only where the policy allows it.

    check: the random check in which the face was seen, whose id begins with the chain's and a
    dot; None at sign-in.
    """

    chain: Identifier
    embedding: Base64Url
    enrol: bool = False
    check: Identifier | None = None


class IdentityAnswer(Message):
    answer: Literal["same", "different", "unsure", "enrolled"]
    similarity: float


MAX_EVIDENCE_BYTES = 512 * 1024


PageMark = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,400}$")]
"""Where the next page begins: given back as `after`, otherwise without meaning. An answer says
`next` only where it was asked for a page (`limit` or `after`), and only where there is more."""


class EvidenceReceipt(Message):
    """Answer to `PUT evidence/{sha256}`: the platform keeps these sealed bytes."""

    sha256: Hex256
    received_at: str
    kept_until: str


class EvidenceItem(Message):
    """One picture as the platform keeps it. why: as in the record that names it."""

    sha256: Hex256
    lesson: Identifier
    why: Literal["check", "between"]
    check: str = ""
    taken_at: str
    received_at: str
    kept_until: str


class EvidenceList(Message):
    """`GET learners/me/evidence`: every picture of the learner that is kept, newest first."""

    items: tuple[EvidenceItem, ...]
    next: PageMark | None = None


class Appeal(Message):
    """`POST appeals`: the learner asks a person to look at what was not counted.

    check: the one it is about, "" for none. No contact data in the text.
    """

    chain: Identifier
    check: str = Field(default="", max_length=80, pattern=NO_NUL)
    lesson: str = Field(default="", max_length=80, pattern=NO_NUL)
    reason: str = Field(default="", max_length=40, pattern=NO_NUL)
    text: str = Field(default="", max_length=500, pattern=NO_NUL)


class AppealReceipt(Message):
    """Answer to `POST appeals`. number: to be named when asking about it."""

    number: Identifier
    received_at: str


class AppealItem(Message):
    """An appeal as the institution sees it. counts: what was decided about the check, if it was.

    evidence: the pictures of that check that are kept, `GET institution/evidence/{sha256}`.
    """

    number: Identifier
    received_at: str
    learner: Identifier
    chain: Identifier
    check: str
    lesson: str
    reason: str
    text: str
    counts: bool | None = None
    evidence: tuple[Hex256, ...] = ()


class AppealList(Message):
    """`GET institution/appeals`: newest first."""

    appeals: tuple[AppealItem, ...]
    next: PageMark | None = None


class Verdict(Message):
    """`PUT institution/checks/{check}/verdict`: what a person decided about a check."""

    counts: bool


class RenditionInfo(Message):
    mode: ModeName
    path: str
    size_bytes: int
    sha256: Hex256
    width: int
    height: int
    bits_per_second: int
    signed: bool = False


class MediaAddress(Message):
    """`GET <rendition path>/address`: where a `signed` rendition can be had for a while.

    url: absolute, or a path below the platform's address; needs no further credentials.
    """

    url: str = Field(max_length=2000)
    expires_at: str


class ChapterInfo(Message):
    """A part of a film; it lasts until the next one begins."""

    start_ms: int = Field(ge=0)
    title: str
    title_en: str


class ThumbnailsInfo(Message):
    """One JPEG with a small picture for each `interval_ms` of film, row by row.

    width, height: of one picture, pixels. columns: how many stand in a row.
    """

    path: str
    interval_ms: int = Field(ge=100)
    columns: int = Field(ge=1)
    width: int = Field(ge=1)
    height: int = Field(ge=1)


class CaptionsInfo(Message):
    """A WebVTT file; `path` is, like a rendition's, below the platform's address."""

    language: Literal["zh_CN", "en"]
    path: str


class Lesson(Message):
    id: Identifier
    title: str
    title_en: str
    duration_ms: int
    questions: int
    renditions: tuple[RenditionInfo, ...]
    credit: LessonCredit
    captions: tuple[CaptionsInfo, ...] = ()
    chapters: tuple[ChapterInfo, ...] = ()
    thumbnails: ThumbnailsInfo | None = None


class Course(Message):
    id: Identifier
    title: str
    title_en: str
    category: str
    lessons: tuple[Lesson, ...]


class Courses(Message):
    """`GET courses`: what the learner's class may study."""

    courses: tuple[Course, ...]


class Category(Message):
    """One line of the province's list: qualification, trade, item."""

    qualification: str
    trade: str
    item: str


class Categories(Message):
    """`GET categories`."""

    categories: tuple[Category, ...]


class Operation(Message):
    """One line of the operation log."""

    at: str
    action: str
    address: str
    detail: str = ""


class Hours(Message):
    """`GET learners/me/hours`: the count of every lesson, and the newest operations first."""

    lessons: tuple[LessonCredit, ...]
    operations: tuple[Operation, ...]


class SupervisedInstitution(Message):
    """learners: how many it has."""

    id: Identifier
    name: str
    learners: int


class SupervisedInstitutions(Message):
    """`GET supervisor/institutions`, by id. next: to be asked for as `after`; None at the end."""

    items: tuple[SupervisedInstitution, ...]
    next: str | None = None


class SupervisedLearner(Message):
    id: Identifier
    name: str
    institution: Identifier
    class_id: Identifier
    class_name: str


class SupervisedLearners(Message):
    """`GET supervisor/learners`, by id. next: to be asked for as `after`; None at the end."""

    items: tuple[SupervisedLearner, ...]
    next: str | None = None


class SupervisedHours(Message):
    """`GET supervisor/learners/{id}/hours`: the count, as the learner sees it."""

    learner: Identifier
    lessons: tuple[LessonCredit, ...]


class SupervisedChain(Message):
    """One run. sealed_seq: up to where its learner's seals reach."""

    chain: Identifier
    learner: Identifier
    seq: int
    sealed_seq: int
    head: Hex256
    opened_at: str
    received_at: str
    closed_at: str | None = None
    taken_over_at: str | None = None
    forked_at: str | None = None


class SupervisedChains(Message):
    """`GET supervisor/learners/{id}/chains`, oldest first."""

    items: tuple[SupervisedChain, ...]
    next: str | None = None


class Template(Message):
    """`PUT institution/learners/{id}/template`: the face that sign-in is compared with."""

    embedding: Base64Url


class SignedPolicy(Message):
    """`GET policy`: what is in force now. A run keeps the policy that its grant names."""

    policy: Jws


class Health(Message):
    """`GET health`, for anyone. certificate_sha256: of the platform certificate's DER."""

    status: Literal["ok"]
    version: str
    demo: bool
    certificate_sha256: Hex256
    now: str


class Question(Message):
    id: Identifier
    kind: Literal["true_false", "single", "multiple"]
    text: str
    text_en: str
    options: tuple[str, ...]
    options_en: tuple[str, ...]


class PaperRequest(Message):
    """`POST papers`."""

    lesson: Identifier


class Paper(Message):
    """Answer to `POST papers`: questions without their keys."""

    id: Identifier
    lesson: Identifier
    seconds_per_question: int
    attempts_left: int
    questions: tuple[Question, ...]


class PaperAnswers(Message):
    """`POST papers/{id}/answers`: question id to the chosen options' numbers, from 0."""

    answers: dict[str, tuple[int, ...]]


class PaperResult(Message):
    score: int
    passed: bool
    attempts_left: int
    wrong: tuple[Identifier, ...]


ProblemCode = Literal[
    "invalid",
    "wrong_password",
    "signed_out",
    "forbidden",
    "not_found",
    "gap",
    "fork",
    "closed",
    "bad_mac",
    "bad_seal",
    "taken_over",
    "too_large",
    "too_many",
    "unavailable",
]


class Problem(Message):
    """Every answer that is not 2xx. `seq` is what the platform has, on a gap."""

    code: ProblemCode
    detail: str
    seq: int | None = None
