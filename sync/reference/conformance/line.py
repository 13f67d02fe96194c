"""The line to a server under test: who may be played on it, and all that was answered."""

import time
from dataclasses import dataclass, field, replace

import httpx
from cryptography import x509

from sync import suites
from sync.contract import Course, Courses
from sync.reference.conformance.answers import Missing, good
from sync.reference.conformance.learner import Run, face, run_key, sign_in

MAX_WAIT_S = 60.0
_WAITS = "anxue.waits"  # how often a busy server was waited for before this answer


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer as any client would see it. had_body: whether there was anything to read."""

    method: str
    path: str
    status: int
    kind: str
    date: str
    retry_after: str
    had_body: bool


@dataclass
class Line:
    """A server and the people whom it knows.

    http: relative to `/v1`, without credentials of its own. learner, other: name and password,
    two of one class; the checks study, fail and fork in their names. institution_token: may
    enrol faces of both. heard: every answer so far, in order.
    """

    http: httpx.Client
    certificate: x509.Certificate
    learner: tuple[str, str]
    other: tuple[str, str] | None = None
    institution_token: str | None = None
    heard: list[Heard] = field(default_factory=list)
    newest: Run | None = None
    _course: Course | None = None
    _enrolled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.http.event_hooks["response"].append(self._hear)

    def fresh(self) -> Run:
        """Sign the learner in anew; the earlier run is taken over by it."""
        self.newest = self._sign_in(*self.learner)
        return self.newest

    def run(self) -> Run:
        """The learner's newest run: for what ends no run."""
        return self.newest or self.fresh()

    def key(self) -> suites.PrivateKey:
        """A run's key of the suite that the platform signs in."""
        return run_key(suite=suites.of_certificate(self.certificate))

    def stranger(self) -> Run | None:
        """A fresh run of the other learner; None if there is none."""
        return None if self.other is None else self._sign_in(*self.other)

    def course(self) -> Course:
        """The first course that the learner may study. Raises Missing without one."""
        if self._course is None:
            courses = good(self.run().get("/courses"), Courses).courses
            if not courses or not courses[0].lessons:
                raise Missing("学员没有可学的课程", "the learner has no course to study")
            self._course = courses[0]
        return self._course

    def lesson(self) -> str:
        """The id of a lesson that the learner may study."""
        return self.course().lessons[0].id

    @property
    def institution(self) -> dict[str, str] | None:
        """The headers of the institution's own systems; None without a token."""
        token = self.institution_token
        return None if token is None else {"Authorization": f"Bearer {token}"}

    def _sign_in(self, name: str, password: str) -> Run:
        run = sign_in(self.http, self.certificate, name, password)
        learner = run.accepted.learner.id
        if self.institution and learner not in self._enrolled:
            place = f"/institution/learners/{learner}/template"
            self.http.put(place, json={"embedding": face()}, headers=self.institution)
            self._enrolled.add(learner)
        return run

    def _hear(self, answer: httpx.Response) -> None:
        answer.read()
        told = answer.headers
        last = Heard(
            method=answer.request.method,
            path=answer.request.url.path,
            status=answer.status_code,
            kind=told.get("content-type", "").partition(";")[0],
            date=told.get("date", ""),
            retry_after=told.get("retry-after", ""),
            had_body=bool(answer.content),
        )
        for status, wait in answer.extensions.get(_WAITS, ()):
            self.heard.append(replace(last, status=status, retry_after=wait, had_body=False))
        self.heard.append(last)


class Patient(httpx.HTTPTransport):
    """Waits as long as a busy server asks for, up to a minute, three times."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        waits: list[tuple[int, str]] = []
        while True:
            answer = super().handle_request(request)
            wait = answer.headers.get("retry-after", "")
            if answer.status_code not in {429, 503} or len(waits) == 3:
                break
            if not wait.isdecimal() or float(wait) > MAX_WAIT_S:
                break
            waits.append((answer.status_code, wait))
            answer.close()
            time.sleep(float(wait))
        answer.extensions[_WAITS] = waits
        return answer
