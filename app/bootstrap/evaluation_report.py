"""The report of an evaluation: as JSON for machines, and as a table to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from app.bootstrap.evaluation_words import DECISIONS, HINTS, LIMITS, REASONS, REMARKS
from proctor.clip import Note, Statement, is_live
from proctor.evaluation import Decision, Judged, Rate, apcer, bpcer, non_response
from proctor.examination import Answer, Findings, holds_turn
from proctor.identity import judge
from proctor.schedule import Rules

SHOWN_MATRIX = 200
"""Files up to which each pair's similarity is written down."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. label: its first folder, "" for none. fault: why it could not be judged."""

    file: str
    label: str
    statement: Statement
    findings: Findings | None = field(default=None, repr=False)
    fault: str = ""
    detail: str = ""
    size: tuple[int, int] = (0, 0)
    fps: float = 0.0
    cut: bool = False
    notes: tuple[Note, ...] = ()
    took_s: float = 0.0

    @property
    def kind(self) -> str:
        """As `Judged.kind`: "" for the living."""
        return "" if is_live(self.label) else self.label

    @property
    def judged(self) -> Judged:
        if self.findings is None:
            return Judged(self.kind, Decision.NO_RESPONSE, self.fault)
        found = self.findings
        return Judged(self.kind, found.decision, found.reason, found.risk.score)


def report(entries: Sequence[Entry], rules: Rules) -> dict[str, object]:
    """Everything, ready to be written as JSON."""
    counted = [each for each in entries if each.label]
    active = [each.judged for each in counted if each.findings and not each.findings.passive]
    passive = [each.judged for each in counted if each.findings and each.findings.passive]
    broken = [each for each in entries if each.findings is None]
    return {
        "rules": {
            "match_accept": rules.match_accept,
            "match_alert": rules.match_alert,
            "risk_review": rules.risk_review,
            "action_s": rules.action_s,
        },
        "bpcer": bpcer(active).share,
        "apcer": {kind: rate.share for kind, rate in apcer(active).items()},
        "counts": {
            "files": len(entries),
            "unreadable": len(broken),
            "without_label": len(entries) - len(counted),
            "with_actions": len(active),
            "without_actions": len(passive),
            "labels": _labels(counted),
        },
        "with_actions": _rates(active),
        "without_actions": _rates(passive),
        "identity": _identity(entries, rules),
        "files": [_file(each) for each in entries],
        "limits": [{"zh": zh, "en": en} for zh, en in LIMITS],
    }


def _labels(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for each in entries:
        which = found.setdefault(each.label, Counter())
        which["files"] += 1
        which["unreadable" if each.findings is None else each.findings.decision.value] += 1
    names = ("files", *(decision.value for decision in Decision), "unreadable")
    return {label: {name: count[name] for name in names} for label, count in sorted(found.items())}


def _rates(judged: Sequence[Judged]) -> dict[str, object]:
    lives = bpcer(judged)
    silent = non_response(judged)
    return {
        "bpcer": rate(lives),
        "apcer": {kind: rate(found) for kind, found in apcer(judged).items()},
        "bpnrr": rate(silent.get("", Rate(0, 0))),
        "apnrr": {kind: rate(found) for kind, found in silent.items() if kind},
    }


def rate(found: Rate) -> dict[str, object]:
    """A rate with its 95 % interval (Clopper and Pearson); share null where there was none."""
    low, high = found.interval
    return {
        "errors": found.errors,
        "of": found.of,
        "share": found.share,
        "low": round(low, 6),
        "high": round(high, 6),
    }


def _identity(entries: Sequence[Entry], rules: Rules) -> dict[str, object]:
    """Each clip's beginning against the faces of every other clip that names its person."""
    named = [
        each
        for each in entries
        if each.statement.person
        and each.findings is not None
        and each.findings.template is not None
        and each.findings.samples
    ]
    tally: dict[str, Counter[str]] = {"same": Counter(), "others": Counter(), "attacks": Counter()}
    pairs = []
    for one, other in combinations(named, 2):
        first, second = one.findings, other.findings
        if first is None or second is None or first.template is None:
            continue
        verdict = judge(second.samples, first.template, rules.match_accept, rules.match_alert)
        same = one.statement.person == other.statement.person
        living = not one.kind and not other.kind
        group = ("same" if same else "others") if living else "attacks" if same else ""
        if group:
            # "same" is said from three frames on; here the median decides, whatever their number
            value = verdict.similarity
            answer = (
                "same"
                if value >= rules.match_accept
                else "different"
                if value < rules.match_alert
                else "unsure"
            )
            tally[group][answer] += 1
        pairs.append(
            {"a": one.file, "b": other.file, "same": same, "cosine": round(verdict.similarity, 4)}
        )
    alike, others, attacks = tally["same"], tally["others"], tally["attacks"]
    return {
        "people": len({each.statement.person for each in named}),
        "files": len(named),
        "false_non_match": rate(Rate(alike["unsure"] + alike["different"], alike.total())),
        "false_alert": rate(Rate(alike["different"], alike.total())),
        "false_match": rate(Rate(others["same"], others.total())),
        "others_unsure": rate(Rate(others["unsure"], others.total())),
        "attack_match": rate(Rate(attacks["same"], attacks.total())),
        "pairs": pairs if len(named) <= SHOWN_MATRIX else [],
    }


def _file(entry: Entry) -> dict[str, object]:
    zh, en = REASONS.get(entry.judged.reason, (entry.judged.reason, entry.judged.reason))
    told: dict[str, object] = {
        "file": entry.file,
        "label": entry.label,
        "person": entry.statement.person,
        "decision": "unreadable" if entry.findings is None else entry.findings.decision.value,
        "reason": entry.judged.reason,
        "reason_zh": zh,
        "reason_en": en,
        "notes": [
            {"what": what, "zh": REMARKS[what][0], "en": REMARKS[what][1], "detail": detail}
            for what, detail in _notes(entry)
        ],
    }
    found = entry.findings
    if found is None:
        return told | {"detail": entry.detail}
    return told | {
        "passive": found.passive,
        "actions": [_answer(each) for each in found.answers],
        "risk": round(found.risk.score, 4),
        "signs": [
            {"sign": each.sign.value, "level": round(each.level, 4), "value": round(each.value, 4)}
            for each in found.risk.evidence
        ],
        "signs_left_out": [sign.value for sign in found.left_out],
        "hint": found.hint.value,
        "seconds": round(found.seconds, 3),
        "size": list(entry.size),
        "fps": round(entry.fps, 3),
        "frames_judged": found.looks,
        "frames_with_face": found.faces,
        "similarity_to_its_beginning": _rounded(found.similarity),
        "took_s": round(entry.took_s, 2),
    }


def _notes(entry: Entry) -> list[tuple[str, str]]:
    notes = [(note.remark.value, note.detail) for note in entry.notes or entry.statement.notes]
    asked = entry.statement.actions
    more = {
        "cut": entry.cut,
        "no_label": not entry.label,
        "no_turn": bool(asked) and not holds_turn(asked),
    }
    return notes + [(name, "") for name, true in more.items() if true]


def _answer(answer: Answer) -> dict[str, object]:
    zh, en = REASONS.get(answer.reason, (answer.reason, answer.reason))
    return {
        "action": answer.asked.action.value,
        "at_s": answer.asked.at_s,
        "done": answer.done,
        "reason": answer.reason,
        "reason_zh": zh,
        "reason_en": en,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def table(entries: Sequence[Entry], found: dict[str, object]) -> str:
    """The same to read: each file, then the rates."""
    lines = [_line(each) for each in entries]
    if not entries:
        lines.append("没有找到视频文件 · no video files were found")
    counted = [each for each in entries if each.label]
    for title, passive in (
        ("有动作的录像 · clips with actions", False),
        ("没有动作的录像，只看迹象和在场 · clips without actions: signs and presence only", True),
    ):
        part = [e.judged for e in counted if e.findings and e.findings.passive == passive]
        if part:
            lines += ["", title, *_rate_lines(part)]
    identity = found["identity"]
    if isinstance(identity, dict) and identity["files"]:
        lines += ["", f"人脸比对 · identity: {identity['people']} 人 people"]
        for name in ("false_non_match", "false_alert", "false_match", "attack_match"):
            lines.append(f"  {name:<28}{_share(identity[name])}")
    lines += ["", *(f"{zh}\n{en}" for zh, en in LIMITS)]
    return "\n".join(lines) + "\n"


def _line(entry: Entry) -> str:
    judged = entry.judged
    decision = DECISIONS[judged.decision.value]
    words = [f"{entry.file}: {decision[0]} · {decision[1]}"]
    if judged.reason:
        words.append("; ".join(REASONS.get(judged.reason, (judged.reason,) * 2)))
    found = entry.findings
    if found is not None:
        failed = [each for each in found.answers if not each.done]
        if failed:
            words.append(f"{failed[0].asked.action} @ {failed[0].asked.at_s:g} s")
        words.append(f"risk {found.risk.score:.2f}")
        if judged.decision is not Decision.ACCEPTED and found.hint:
            words.append(" · ".join(HINTS.get(found.hint.value, (found.hint.value,) * 2)))
    for what, detail in _notes(entry):
        words.append(f"{REMARKS[what][0]} · {REMARKS[what][1]}{' ' + detail if detail else ''}")
    return " | ".join(words)


def _rate_lines(judged: Sequence[Judged]) -> list[str]:
    silent = non_response(judged)
    lines = [f"  {'BPCER (live)':<28}{_share(rate(bpcer(judged)))}"]
    lines += [
        f"  {'APCER ' + kind:<28}{_share(rate(found))}" for kind, found in apcer(judged).items()
    ]
    lines += [
        f"  {'non-response ' + (kind or 'live'):<28}{found.errors} / {found.of}"
        for kind, found in silent.items()
        if found.errors
    ]
    return lines


def _share(told: object) -> str:
    if not isinstance(told, dict) or told["share"] is None:
        return "–"
    return (
        f"{told['errors']} / {told['of']} = {100 * told['share']:.1f} % "
        f"[{100 * told['low']:.1f}, {100 * told['high']:.1f}]"
    )
