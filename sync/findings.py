"""What an examination of a bundle found, for people in two languages and for machines."""

from dataclasses import dataclass
from typing import Any, Literal

from sync import strictjson

Severity = Literal["fault", "note"]
Language = Literal["zh_CN", "en"]

# {seq} and {detail} are filled in. Faults first, notes at the end.
WORDS: dict[str, tuple[str, str]] = {
    "form": (
        "这一行不是规范文本，已被改动：{detail}",
        "this line is not canonical text, it was changed: {detail}",
    ),
    "structure": (
        "这一行不应出现在这里：{detail}",
        "this line does not belong here: {detail}",
    ),
    "digest": (
        "文件摘要不符：内容被改动、增加或删去",
        "the file's digest does not fit: something was changed, added or taken out",
    ),
    "anchor": (
        "所给的平台证书不能使用：{detail}",
        "the platform certificate that was given cannot be used: {detail}",
    ),
    "grant": (
        "平台的学习许可不能证实：{detail}",
        "the platform's grant is not proven: {detail}",
    ),
    "policy": ("平台的规则不能证实：{detail}", "the platform's policy is not proven: {detail}"),
    "certificate": (
        "本次学习的证书不能证实：{detail}",
        "the run's certificate is not proven: {detail}",
    ),
    "beacon": (
        "平台随机数与承诺不符：{detail}",
        "a beacon does not hash back to the grant's commitment: {detail}",
    ),
    "sequence": (
        "记录编号不连续：{detail}",
        "records are missing, repeated or out of order: {detail}",
    ),
    "hash": (
        "第 {seq} 条记录与哈希链不符，记录或其前文已被改动",
        "record {seq} does not fit the hash chain: it, or what came before, was changed",
    ),
    "statement": (
        "第 {seq} 条记录的内容不是规范的学习陈述：{detail}",
        "record {seq} is not a statement in its one form: {detail}",
    ),
    "context": (
        "第 {seq} 条记录不属于这名学员、这次学习或这个位置",
        "record {seq} is not of this learner, this run or this place",
    ),
    "clock": (
        "第 {seq} 条记录的时钟倒退：{detail}",
        "the clock runs backwards at record {seq}: {detail}",
    ),
    "unrevealed": (
        "第 {seq} 条记录引用了平台尚未公布的随机数",
        "record {seq} names a beacon that the platform had not revealed",
    ),
    "seal": (
        "第 {seq} 条记录后的封印无效：{detail}",
        "the seal after record {seq} is not valid: {detail}",
    ),
    "receipt": (
        "第 {seq} 条记录后的平台回执无效：{detail}",
        "the platform's receipt after record {seq} is not valid: {detail}",
    ),
    "unconfirmed": (
        "末尾有 {detail} 条记录没有平台回执",
        "{detail} records at the end are not confirmed by the platform",
    ),
    "previous": (
        "所记的上一次学习的末条与文件中的不同，上一次学习的记录被截短或改动",
        "the head it names for the run before is another one: that run was cut short or changed",
    ),
    "roots": (
        "平台公布的每日根不能证实：{detail}",
        "the platform's published roots are not proven: {detail}",
    ),
    "proof": (
        "{detail} 的包含证明不通向当日的根",
        "the proof for {detail} does not lead to that day's root",
    ),
    "rooted": (
        "第 {seq} 条记录与平台 {detail} 公布的根不符，记录在那之后被改写",
        "record {seq} is not the one under the root of {detail}: it was rewritten since",
    ),
    "cut": (
        "平台 {detail} 公布的根包含到第 {seq} 条记录，此文件没有：末尾被截去",
        "the root of {detail} has records up to {seq}, which this file lacks: its end was cut off",
    ),
    "unrooted": (
        "到第 {seq} 条为止的记录早已有回执，却不在任何已公布的根之下",
        "the records up to {seq} were receipted long ago, yet are under no published root",
    ),
    "not_yet": (
        "第 {seq} 条之后的记录比最新公布的根更新，尚待核对",
        "what comes after record {seq} is younger than the newest published root",
    ),
    "demo": (
        "演示密钥签发，没有任何效力",
        "signed with demonstration keys: without any force",
    ),
    "no_end": (
        "这次学习没有签退记录（程序中断或仍在进行）",
        "the run has no sign-out: it was interrupted or is still going on",
    ),
    "previous_absent": (
        "上一次学习 {detail} 不在此文件中，未能核对",
        "the run before, {detail}, is not in this file and was not checked",
    ),
    "unsealed": (
        "末尾 {detail} 条记录没有客户端封印，以平台回执为准",
        "{detail} records at the end have no client seal; the platform's receipt covers them",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """line from 1 and offset in bytes say where; 0 and 0 for the file as a whole."""

    severity: Severity
    code: str
    line: int
    offset: int
    chain: str = ""
    seq: int = 0
    detail: str = ""

    def words(self, language: Language) -> str:
        zh, en = WORDS[self.code]
        text = zh if language == "zh_CN" else en
        return text.format(seq=self.seq, detail=self.detail)


@dataclass(frozen=True, slots=True)
class ChainSummary:
    """One run as far as it could be read. confirmed: the last record with a valid receipt."""

    chain: str
    learner: str
    issued_at: str
    records: int
    seals: int
    receipts: int
    confirmed: int
    confirmed_at: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The whole examination. `ok`: nothing is wrong; notes do not count against it."""

    findings: tuple[Finding, ...]
    chains: tuple[ChainSummary, ...]
    size_bytes: int
    sha256: str

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.severity == "fault")

    def to_json(self) -> str:
        """One JSON object: ok, sizes, chains and findings with their words in English."""
        value: dict[str, Any] = {
            "ok": self.ok,
            "bytes": self.size_bytes,
            "sha256": self.sha256,
            "chains": [_members(chain) for chain in self.chains],
            "findings": [
                {**_members(found), "words": found.words("en")} for found in self.findings
            ],
        }
        return strictjson.dumps(value).decode("utf-8")

    def explain(self, language: Language = "zh_CN") -> str:
        """Plain lines: the verdict, each run, each finding with its place."""
        chinese = language == "zh_CN"
        if self.ok:
            verdict = (
                "记录完好：每一条都与平台的签名相符。"
                if chinese
                else "The records are whole: each fits the platform's signatures."
            )
        else:
            verdict = (
                f"记录不可信：发现 {len(self.faults)} 处问题。"
                if chinese
                else f"The records cannot be relied on: {len(self.faults)} faults."
            )
        lines = [verdict]
        lines += [_chain_words(chain, chinese) for chain in self.chains]
        lines += [_finding_words(found, language) for found in self.findings]
        return "\n".join(lines) + "\n"


def _members(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _chain_words(chain: ChainSummary, chinese: bool) -> str:
    if chinese:
        return (
            f"学习 {chain.chain}（学员 {chain.learner or '？'}，{chain.issued_at or '？'}）："
            f"{chain.records} 条记录，平台已确认 {chain.confirmed} 条"
            f"（{chain.confirmed_at or '无回执'}），封印 {chain.seals} 个。"
        )
    return (
        f"Run {chain.chain} (learner {chain.learner or '?'}, {chain.issued_at or '?'}): "
        f"{chain.records} records, {chain.confirmed} confirmed by the platform "
        f"({chain.confirmed_at or 'no receipt'}), {chain.seals} seals."
    )


def _finding_words(found: Finding, language: Language) -> str:
    if language == "zh_CN":
        mark = "问题" if found.severity == "fault" else "说明"
        place = f"第 {found.line} 行，第 {found.offset} 字节" if found.line else "整个文件"
        return f"{mark}（{place}）：{found.words(language)}"
    mark = "Fault" if found.severity == "fault" else "Note"
    place = f"line {found.line}, byte {found.offset}" if found.line else "whole file"
    return f"{mark} ({place}): {found.words(language)}"
