"""The one door to the database: everything asked of it, and everything written to it."""

from __future__ import annotations

from pathlib import Path

from storage.database import connect, upgrade
from storage.ledger.assessments import Assessments, Entered, KeptAssessment
from storage.ledger.chain import Chain
from storage.ledger.counting import Counting
from storage.ledger.deliveries import MAIL, Deliveries, Delivery, Mailed, Message
from storage.ledger.dues import Due, DueLot, Dues
from storage.ledger.findings import Findings, Happening, Versions
from storage.ledger.items import Items
from storage.ledger.keeping import Keeping
from storage.ledger.laws import Laws, law_body
from storage.ledger.leases import Lease, Leases
from storage.ledger.letters import Letters
from storage.ledger.links import Links, LookedAt
from storage.ledger.listing import Listed, Listing
from storage.ledger.looks import Looks
from storage.ledger.observations import Observations
from storage.ledger.pasts import Pasts
from storage.ledger.people import Audited, People, Person, PersonError, Token, Visitor
from storage.ledger.portions import Portions
from storage.ledger.posts import Posts
from storage.ledger.probes import ProbeNote, Probes
from storage.ledger.recording import Recording
from storage.ledger.register import LoadCounts, Register, RegisterChangedError, fingerprint
from storage.ledger.removals import Removals
from storage.ledger.rows import Known, Look, Note, Noticed, SeenItem, Sighting
from storage.ledger.runs import Missed, RunSeen
from storage.ledger.sightings import Sightings
from storage.ledger.state import States
from storage.ledger.tasks import TaskRun, Tasks
from storage.ledger.visits import Visits


class Ledger(
    Keeping,
    Removals,
    Register,
    Laws,
    Listing,
    Portions,
    Recording,
    Visits,
    Items,
    Pasts,
    Letters,
    Posts,
    Chain,
    Observations,
    Probes,
    Links,
    Sightings,
    Counting,
    Looks,
    Findings,
    Assessments,
    Deliveries,
    Leases,
    Tasks,
    People,
    States,
    Dues,
):
    """All that is known and was done, over one database."""

    @classmethod
    def open(cls, url: str, evidence: Path) -> Ledger:
        """Open a database, bringing its tables up to date. Raises DatabaseError."""
        engine = connect(url)
        upgrade(engine)
        return cls(engine, evidence)

    def close(self) -> None:
        self.engine.dispose()


__all__ = [
    "MAIL",
    "Audited",
    "Delivery",
    "Due",
    "DueLot",
    "Entered",
    "Happening",
    "KeptAssessment",
    "Known",
    "Lease",
    "Ledger",
    "Listed",
    "LoadCounts",
    "Look",
    "LookedAt",
    "Mailed",
    "Message",
    "Missed",
    "Note",
    "Noticed",
    "Person",
    "PersonError",
    "ProbeNote",
    "RegisterChangedError",
    "RunSeen",
    "SeenItem",
    "Sighting",
    "TaskRun",
    "Token",
    "Versions",
    "Visitor",
    "fingerprint",
    "law_body",
]
