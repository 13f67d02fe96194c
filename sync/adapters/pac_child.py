"""A proxy script's answer, in a process of its own: it can be ended, whatever the script does.

The interpreter (pypac's, QuickJS) holds Python's lock while it runs; a script without end would
stop the whole program if it ran inside.
"""

import multiprocessing
from multiprocessing.connection import Connection

LONGEST_S = 8.0


class PacError(Exception):
    """The script gives no answer."""


def find_proxy(script: str, host: str, *, longest_s: float = LONGEST_S) -> str:
    """What `FindProxyForURL` says for https://host/: "PROXY a:1; DIRECT". Raises PacError."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_evaluate, args=(script, host, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(longest_s):
            raise PacError(f"no answer within {longest_s:g} s")
        told, answer = ours.recv()
    except EOFError as error:
        raise PacError("the script ended its process") from error
    finally:
        ours.close()
        child.kill()
        child.join()
    if not told:
        raise PacError(str(answer))
    return str(answer)


def _evaluate(script: str, host: str, answer: Connection) -> None:
    from pypac.parser import MalformedPacError, PACFile

    try:
        # As browsers do: the script learns the host and nothing of the path.
        told = PACFile(script).find_proxy_for_url(f"https://{host}/", host)
        answer.send((True, told or "DIRECT"))  # no word of a proxy means none
    except MalformedPacError as error:
        answer.send((False, f"not a proxy script: {error}"[:200]))
    except Exception as error:  # noqa: BLE001 (a stranger's program fails as it likes)
        answer.send((False, f"the script failed: {type(error).__name__}"))
