"""The crawling process with names that answer one address first and another one afterwards."""

from __future__ import annotations

from collections import Counter
from typing import Any

from twisted.internet.address import IPv4Address

from crawler import child, guards

PUBLIC, INNER = "127.0.1.1", "127.0.9.9"  # of these settings allow the first alone
# What a name answers when it is asked for the first time, the second, and ever after.
ANSWERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "steady.test": ((PUBLIC,),),
    "turns-inward.test": ((PUBLIC,), (INNER,)),  # its robots.txt is had, then it changes its mind
    "turns-later.test": ((PUBLIC,), (PUBLIC,), (INNER,)),  # the page is had, its second page not
    "inward-first.test": ((INNER,), (PUBLIC,)),  # only its robots.txt would be asked for inside
    "both.test": ((INNER, PUBLIC),),
    "inward.test": ((INNER,),),
}


class Turncoats:
    """A resolver of these names alone; numbers answer themselves."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def resolveHostName(  # noqa: N802
        self,
        receiver: Any,
        name: str,
        *_args: Any,
        portNumber: int = 0,  # noqa: N803
        **_named: Any,
    ) -> Any:
        receiver.resolutionBegan(self)
        answers = ANSWERS.get(name, ((name,),))
        turn = min(self.asked[name], len(answers) - 1)
        self.asked[name] += 1
        for address in answers[turn]:
            receiver.addressResolved(IPv4Address("TCP", address, portNumber))
        receiver.resolutionComplete()
        return self


class Rebound(guards.GuardedResolver):
    """The product's guard before these names, where else it stands before the system's."""

    def __init__(self, reactor: Any, networks: Any) -> None:
        super().__init__(reactor, networks)
        self.inner = Turncoats()


if __name__ == "__main__":
    guards.GuardedResolver = Rebound  # type: ignore[misc]
    child.main()
