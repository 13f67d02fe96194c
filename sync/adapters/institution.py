"""What an institution's own people ask of the platform, with the institution's token."""

import requests

from sync import seal, strictjson
from sync.adapters.answers import refusal
from sync.adapters.gateway import CONNECT_S, READ_S, HttpGateway
from sync.contract import API, Template
from sync.ports import UnreachableError


class Institution:
    """One platform, one institution. url: scheme and host, without `/v1`; https, or loopback."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeouts_s: tuple[float, float] = (CONNECT_S, READ_S),
    ) -> None:
        """Raises ValueError on an address that a face may not be sent to."""
        gateway = HttpGateway(url)
        self._session = gateway.new_session()
        gateway.close()
        self._base = url.rstrip("/") + API
        self._token = token
        self._timeouts = timeouts_s

    def enrol(self, learner: str, template: bytes) -> None:
        """`PUT institution/learners/{id}/template`; it replaces the one before.

        learner: as the platform's records name them. template: float32[128], little-endian.
        Raises GatewayError: RefusedError "not_found" for a learner of another institution.
        """
        message = Template(embedding=seal.to_base64url(template))
        try:
            answer = self._session.put(
                f"{self._base}/institution/learners/{learner}/template",
                data=strictjson.dumps(message.model_dump(mode="json")),
                headers={
                    "Authorization": f"Bearer {self._token}",
                    "Content-Type": "application/json",
                    "Accept": "application/json",
                },
                timeout=self._timeouts,
                allow_redirects=False,
            )
        except (requests.RequestException, OSError) as error:
            raise UnreachableError(type(error).__name__) from error
        if answer.status_code != 204:
            told = {name.lower(): value for name, value in answer.headers.items()}
            raise refusal(answer.status_code, answer.content, told)
