"""The head of a plan file: the paper, the conference, the letter."""

from __future__ import annotations

from eventmgr.domain.delegates import Level
from eventmgr.domain.invitations import LetterForm, LetterheadKind
from eventmgr.domain.plan_fields import Fields
from eventmgr.domain.plan_parts import (
    Citation,
    ConferenceFacts,
    DateWindow,
    LetterFacts,
    LetterheadFacts,
    PlanDocument,
    Quote,
    Section,
    Term,
)
from eventmgr.domain.plan_words import Origin


def read_document(f: Fields) -> PlanDocument:
    """Read the plan as a paper."""
    return PlanDocument(
        key=f.text("key", 80),
        number=f.text("number", 60),
        number_printed=f.maybe_text("number_printed", 60),
        number_line=f.maybe_number("number_line"),
        type_code=f.text("type_code", 20),
        type_name=f.text("type_name", 80),
        date=f.maybe_day("date"),
        issuer=f.text("issuer", 200),
        issuer_short=f.text("issuer_short", 200),
        title=f.text("title", 500),
        printed=f.maybe_text("printed"),
        line=f.maybe_number("line"),
        signature=f.parts("signature", _quote),
        sections=f.parts("sections", lambda s: Section(s.text("number", 20), s.text("title", 300), s.number("line"))),
        terms=f.parts("terms", _term),
        basis=f.parts("basis", _citation),
        cites=f.parts("cites", _citation),
    )


def _quote(f: Fields) -> Quote:
    return Quote(
        text=f.text("text", 500),
        printed=f.maybe_text("printed"),
        line=f.maybe_number("line"),
        origin=f.choice("origin", Origin, Origin.STATED),
    )


def _term(f: Fields) -> Term:
    return Term(f.text("term", 80), f.text("meaning", 500), f.maybe_text("printed"), f.maybe_number("line"))


def _citation(f: Fields) -> Citation:
    return Citation(
        kind=f.text("kind", 80),
        number=f.text("number", 60),
        printed=f.maybe_text("printed"),
        date=f.maybe_day("date"),
        issuer=f.text("issuer", 200),
        subject=f.text("subject", 500),
        line=f.maybe_number("line"),
    )


def read_conference(f: Fields) -> ConferenceFacts:
    """Read the conference and what the plan leaves open about it."""
    facts = ConferenceFacts(
        title=f.text("title", 500),
        title_origin=f.choice("title_origin", Origin, Origin.STATED),
        short_title=f.text("short_title", 160),
        kind=f.text("kind", 80),
        level=f.choice("level", Level),
        organiser=f.text("organiser", 200),
        standing_body=f.maybe_text("standing_body", 60),
        invitation_issuer=f.maybe_text("invitation_issuer", 200),
        invitation_issuer_line=f.maybe_number("invitation_issuer_line"),
        chair=f.maybe_part("chair", _quote),
        sessions=f.maybe_part("sessions", _quote),
        date=f.maybe_day("date"),
        date_text=f.maybe_part("date_text", _quote),
        date_note=f.maybe_part("date_note", _quote),
        date_window=f.maybe_part("date_window", _window),
        starts_at=f.maybe_hour("starts_at"),
        ends_at=f.maybe_hour("ends_at"),
        venue=f.maybe_part("venue", _quote),
        venue_address=f.maybe_text("venue_address", 300),
        capacity=f.maybe_number("capacity"),
        principles=f.maybe_part("principles", _quote),
        objectives=f.parts("objectives", _quote),
    )
    if facts.starts_at and facts.ends_at and facts.ends_at <= facts.starts_at:
        f.problem("ends_at", "giờ kết thúc phải sau giờ bắt đầu.")
    return facts


def _window(f: Fields) -> DateWindow:
    window = DateWindow(f.day("first"), f.day("last"), f.maybe_day("likely"), f.choice("origin", Origin, Origin.STATED))
    if window.last < window.first:
        f.problem("last", "ngày cuối phải từ ngày đầu trở đi.")
    return window


def read_letter(f: Fields) -> LetterFacts:
    """Read the letterheads and the wording of the Giấy mời."""
    return LetterFacts(
        default=f.choice("default", LetterheadKind, LetterheadKind.OFFICE),
        form=f.choice("form", LetterForm, LetterForm.ND30),
        province=f.text("province", 80),
        place=f.part("place", _quote),
        origin=f.choice("origin", Origin, Origin.ASSUMED),
        office=f.part("office", _letterhead),
        committee=f.part("committee", _letterhead),
        signer_name=f.maybe_text("signer_name", 120),
        subject=f.text("subject", 500),
        purpose=f.text("purpose", 700),
        wording_origin=f.choice("wording_origin", Origin, Origin.ASSUMED),
        recipients=f.texts("recipients"),
    )


def _letterhead(f: Fields) -> LetterheadFacts:
    return LetterheadFacts(
        superior=f.maybe_text("superior", 200),
        agency=f.texts("agency"),
        symbol=f.text("symbol", 40),
        symbol_variants=f.texts("symbol_variants"),
        opening=f.text("opening", 500),
        signers=f.text_lists("signers"),
    )
