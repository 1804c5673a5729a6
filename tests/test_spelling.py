"""One spelling of a person's name in all that is worded, however the articles write it."""

from __future__ import annotations

import pytest

from summarizer.answers import DemandNote, ProposalNote, VenueNote
from summarizer.models import ProposalStatus, Strength, VenueStatus
from summarizer.spelling import Speller, respellings

KARVEL = (("Eda Carvel", "Mme Carvel", "Carvel"), "Edda Karvel")
VESHKADIN = (("Ruwan Veshkhadin", "President Veshkhadin", "Veshkhadin"), "Ruvan Veshkadin")


@pytest.mark.parametrize(
    ("people", "others", "expected"),
    [
        pytest.param([KARVEL], [], {"Eda": "Edda", "Carvel": "Karvel"}, id="each word of a name"),
        pytest.param([(("Zelensky",), "Volodymyr Zelenskiy")], [], {"Zelensky": "Zelenskiy"}, id="a bare surname"),
        pytest.param([(("President Zelensky",), "Volodymyr Zelenskiy")], [], {"Zelensky": "Zelenskiy"}, id="a title"),
        pytest.param([(("VESKADIN",), "Ruvan Veškadin")], [], {"VESKADIN": "Veškadin"}, id="capitals and accents"),
        pytest.param([(("Edda Karvel", "Karvel"), "Edda Karvel")], [], {}, id="as it is"),
        pytest.param([(("the prime minister", "Eddie"), "Edda Karvel")], [], {}, id="no spelling of it"),
        pytest.param([(("Kim", "Kim Jong-un"), "Kim Jong Un")], [], {}, id="family name first"),
        pytest.param([(("Bo Li",), "Bao Lí")], [], {}, id="as short as others"),
        pytest.param(
            [(("Miska Ondrey", "Ondrey"), "Miska Ondrey"), (("Sarel Ondrey", "Ondrey"), "Sarel Ondrei")],
            [],
            {},
            id="a surname of two people",
        ),
        pytest.param([KARVEL], ["Carvel Foundation"], {"Eda": "Edda"}, id="a body that is called so"),
    ],
)
def test_words_that_are_written_otherwise(
    people: list[tuple[tuple[str, ...], str]], others: list[str], expected: dict[str, str]
) -> None:
    """Words of a person's names that are spellings of the name that holds, and of nobody else's."""
    assert respellings(people, others) == expected


def test_all_that_a_model_worded_is_respelt() -> None:
    """In whole words only, with what hangs on them; places and times stay in the article's words."""
    respelt = Speller(respellings([KARVEL, VESHKADIN])).note
    demand = DemandNote(
        what="Eda Carvel's Carvelians want Ruwan Veshkhadin-Carvel gone.",
        cites=(1,),
        by=("a1",),
        issue="end of Veshkhadin’s rule",
        strength=Strength.DEMAND,
        conditions=("before Carvel leaves", "in May"),
    )
    found = respelt(demand)
    assert found.what == "Edda Karvel's Carvelians want Ruvan Veshkadin-Karvel gone."
    assert (found.issue, found.conditions) == ("end of Veshkadin’s rule", ("before Karvel leaves", "in May"))
    assert (found.cites, found.by, found.strength) == (demand.cites, demand.by, demand.strength)
    proposal = ProposalNote(
        what="A swap.", cites=(1,), by=("a1",), issue="swap", in_exchange="Carvel's yes", status=ProposalStatus.TABLED
    )
    assert respelt(proposal).in_exchange == "Karvel's yes"
    venue = VenueNote(
        what="They meet.", cites=(1,), kind="talks", place="Carvel", when="Carvel Day", status=VenueStatus.PAST
    )
    assert respelt(venue) is venue
