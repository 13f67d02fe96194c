"""What an answer to a picture that was sent means for the picture.

| answer | meaning | what follows |
|---|---|---|
| a receipt | kept there | deleted here |
| not_found | the record that names it is not there yet | again, after the records |
| too_large, invalid, forbidden, closed … | it will never be taken | deleted here, and logged |
| signed_out, taken_over, wrong_password | the token is over | waits for the next sign-in |
| unreachable, 5xx, nonsense | nobody knows | again, later |
"""

from typing import Literal

from sync.ports import GatewayError, RefusedError

After = Literal["again", "dropped", "signed_out"]


def after(error: GatewayError) -> After:
    """What becomes of a picture whose sending ended in this error."""
    if not isinstance(error, RefusedError):
        return "again"
    match error.code:
        case "not_found" | "unavailable" | "gap":
            return "again"
        case "signed_out" | "taken_over" | "wrong_password":
            return "signed_out"
    return "dropped"
