"""Must the operator look after a subject that is not seen? Never held against a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from checks.facts import History
from checks.freshness import Moment, exemption, last_shown, unseen_reason
from checks.lifecycle import Fault, Key
from checks.rules import OPERATOR_PACK, Law, Rule
from checks.subjects import Subject


@dataclass(frozen=True, slots=True)
class Watch:
    """Under which rules it is told that nothing is known: of looks, or of what persons brought."""

    looks: Rule | None
    words: Rule | None

    @classmethod
    def under(cls, law: Law, as_of: date) -> Watch:
        looks, words = (law.rule(OPERATOR_PACK, name, as_of) for name in ("unseen", "word"))
        return cls(looks, words)

    def rules(self, history: History) -> tuple[Rule | None, Rule | None]:
        """The one that speaks of this history, and the other."""
        by_word = history.holds_days is not None and self.words is not None
        return (self.words, self.looks) if by_word else (self.looks, self.words)


def unseen_fault(
    watch: Watch,
    subject: Subject,
    history: History,
    moment: Moment,
    faults: dict[Key, Fault],
    cleared: dict[Key, str],
) -> None:
    """Add the fault that a subject has not been seen for too long, or what ends it."""
    rule, other = watch.rules(history)
    if rule is None or moment.projected:
        return
    key = Key(rule.pack, rule.id, subject.key)
    if other is not None and (history.word is not None or subject.brought):
        cleared[Key(other.pack, other.id, subject.key)] = "改按另一来源查看"
    if reason := exemption(subject, moment.as_of):
        cleared[key] = reason
        return
    last_good = last_shown(history)
    since = last_good or subject.watched_since
    if since is None:
        return
    age = (moment.as_of - since).days
    if age > rule.limit.n:
        why = unseen_reason(history, moment, rule.limit) or "长期未能查看"
        told = why if history.holds_days is not None else f"已{age}天未能查看：{why}"
        faults[key] = Fault(key, None, last_good, told, None, rule.remind)
    elif last_good is not None:
        told = "已能正常查看" if history.holds_days is None else "已重新导入或登记"
        cleared[key] = f"{last_good}{told}"
