"""The award office's papers: lists, money, certificates; and the rules of money behind them."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.award_money import coefficient_text, thousands
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.certificates import ALIGNMENTS, Line, tenths_text
from eventmgr.domain.errors import Invalid, NotFound
from eventmgr.services import award_files, award_money, award_rules, awards, ceremony_settings, certificates_print
from eventmgr.web.access import needs
from eventmgr.web.downloads import file_response, pdf_response
from eventmgr.web.forms import attempt, number_or_none, put_problem
from eventmgr.web.office.award_paper_forms import PaperForm, RateForm, RoundingForm, SalaryForm, StageForm

blueprint = Blueprint("award_papers", __name__, url_prefix="/office/<slug>/awards")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/<int:form_id>/papers")
@needs(Right.SEE_AWARDS)
def page(slug: str, form_id: int) -> ResponseReturnValue:
    return _page(form_id, None, 200)


@blueprint.post("/<int:form_id>/papers")
@needs(Right.EDIT_AWARDS)
def save(slug: str, form_id: int) -> ResponseReturnValue:
    form = _paper_form(form_id)
    if form.validate():
        try:
            ceremony_settings.set_papers(g.conference.id, form_id, form.facts(), {one.key for one in award_rules.defaults().levels}, g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã lưu.", "ok")
            return redirect(url_for("award_papers.page", slug=slug, form_id=form_id))
    return _page(form_id, form, 422)


@blueprint.get("/<int:form_id>/papers/file")
@needs(Right.SEE_AWARDS)
def file(slug: str, form_id: int) -> Response:
    name, suffix = request.args.get("paper", ""), request.args.get("as", "pdf")
    if name == "data":
        called, content = certificates_print.data_sheet(g.conference.id, form_id, suffix, g.who.account_id)
    else:
        called, content = award_files.paper(g.conference.id, form_id, name, suffix, g.who.account_id)
    if suffix == "pdf":
        return pdf_response(content, f"khen-thuong-{name}-{form_id}.pdf")
    return file_response(content, called, XLSX, download=True)


@blueprint.get("/<int:form_id>/papers/overprint.pdf")
@needs(Right.SEE_AWARDS)
def overprint(slug: str, form_id: int) -> Response:
    kind, frame = request.args.get("kind", ""), request.args.get("frame") == "1"
    content = certificates_print.overprint_pdf(g.conference.id, form_id, kind, frame=frame, honouree_id=number_or_none(request.args.get("only")))
    return pdf_response(content, f"in-phoi-{kind}-{form_id}.pdf")


@blueprint.route("/places", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def places(slug: str) -> ResponseReturnValue:
    kind = request.values.get("kind", RecipientKind.INDIVIDUAL.value)
    if kind not in set(RecipientKind):
        raise NotFound()
    problem = None
    if request.method == "POST":
        try:
            size = (number_or_none(request.form.get("page_width")), number_or_none(request.form.get("page_height")))
            certificates_print.set_places(g.conference.id, kind, _typed_places(), size, g.who.account_id)
        except Invalid as refused:
            problem = refused
        else:
            flash("Đã lưu vị trí.", "ok")
            return redirect(url_for("award_papers.places", slug=slug, kind=kind))
    held, settings = certificates_print.places_of(g.conference.id), ceremony_settings.settings_of(g.conference.id)
    return render_template(
        "office/awards_places.html", kind=RecipientKind(kind), kinds=RecipientKind, lines=Line, places=held[RecipientKind(kind)], page=settings,
        typed=request.form if problem else {}, problem=problem, wide=certificates_print.unfitting_of_all(g.conference.id, kind), tenths=tenths_text, alignments=ALIGNMENTS,
    ), 422 if problem else 200  # fmt: skip


@blueprint.get("/places/test.pdf")
@needs(Right.EDIT_AWARDS)
def ruler(slug: str) -> Response:
    kind = request.args.get("kind", RecipientKind.INDIVIDUAL.value)
    return pdf_response(certificates_print.ruler_pdf(g.conference.id, kind), f"trang-thu-{kind}.pdf")


@blueprint.get("/money")
@needs(Right.SEE_AWARDS)
def money(slug: str) -> ResponseReturnValue:
    return _money(None, None, 200)


@blueprint.post("/money/salaries")
@needs(Right.EDIT_AWARDS)
def salary(slug: str) -> ResponseReturnValue:
    form = SalaryForm()
    if form.validate():
        assert isinstance(form.valid_from.data, date)
        try:
            award_rules.save_salary(g.conference.id, form.valid_from.data, form.amount.data, form.basis.data, g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã lưu mức lương cơ sở.", "ok")
            return redirect(url_for("award_papers.money", slug=slug))
    return _money(form, None, 422)


@blueprint.post("/money/rates")
@needs(Right.EDIT_AWARDS)
def rate(slug: str) -> ResponseReturnValue:
    form = RateForm()
    if form.validate():
        try:
            award_rules.save_rate(g.conference.id, form.facts(), g.who.account_id)
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã lưu hệ số.", "ok")
            return redirect(url_for("award_papers.money", slug=slug))
    return _money(None, form, 422)


@blueprint.post("/money/removal")
@needs(Right.EDIT_AWARDS)
def remove_rule(slug: str) -> ResponseReturnValue:
    form = SalaryForm(meta={"csrf": False})
    day = form.valid_from.data
    if day is None:
        raise Invalid("Chọn dòng cần bỏ.")
    if level := request.form.get("level"):
        award_rules.remove_rate(g.conference.id, level, request.form.get("kind", ""), day, g.who.account_id)
    else:
        award_rules.remove_salary(g.conference.id, day, g.who.account_id)
    flash("Đã bỏ.", "ok")
    return redirect(url_for("award_papers.money", slug=slug))


@blueprint.post("/money/rounding")
@needs(Right.EDIT_AWARDS)
def rounding(slug: str) -> ResponseReturnValue:
    form = RoundingForm()
    status, _ = attempt(form, lambda: ceremony_settings.set_rounding(g.conference.id, form.step.data, form.rounding_basis.data, g.who.account_id))
    if status == 302:
        flash("Đã lưu bước làm tròn.", "ok")
        return redirect(url_for("award_papers.money", slug=slug, _anchor="rounding"))
    return _money(None, None, status, rounding_form=form)


@blueprint.post("/stage")
@needs(Right.EDIT_AWARDS)
def stage(slug: str) -> ResponseReturnValue:
    form = StageForm()
    if form.validate():
        ceremony_settings.set_stage(g.conference.id, form.wave_size.data, form.collectives_first.data == "collective", g.who.account_id)
        flash("Đã lưu cách xếp đợt.", "ok")
        return redirect(url_for("award_papers.money", slug=slug, _anchor="stage"))
    return _money(None, None, 422, form)


def _page(form_id: int, form: PaperForm | None, status: int) -> ResponseReturnValue:
    listed = awards.award_list(g.conference.id, form_id)
    return render_template(
        "office/awards_papers.html", award=listed.form, row=listed.row, called=awards.called, form=form or _paper_form(form_id),
        money=award_money.form_money(g.conference.id, form_id), papers=award_files.PAPERS, kinds=RecipientKind, thousands=thousands,
        coefficient=coefficient_text, levels=award_rules.defaults().levels,
    ), status  # fmt: skip


def _paper_form(form_id: int) -> PaperForm:
    awards.award_list(g.conference.id, form_id)  # not of this conference: 404
    return PaperForm(obj=ceremony_settings.form_settings_of(g.conference.id).get(form_id))


def _money(
    salary_form: SalaryForm | None, rate_form: RateForm | None, status: int, stage_form: StageForm | None = None,
    rounding_form: RoundingForm | None = None,
) -> ResponseReturnValue:
    rules, settings = award_rules.rules_of(g.conference.id), ceremony_settings.settings_of(g.conference.id)
    stage_form = stage_form or StageForm(
        formdata=None, wave_size=settings.wave_size, collectives_first="collective" if settings.collectives_first else "individual"
    )
    return render_template(
        "office/awards_money.html", rules=rules, levels={one.key: one.label for one in rules.levels}, salary_form=salary_form or SalaryForm(formdata=None),
        rate_form=rate_form or RateForm(formdata=None), stage_form=stage_form, settings=settings,
        rounding_form=rounding_form or RoundingForm(formdata=None, step=thousands(settings.rounding), rounding_basis=settings.rounding_basis), coefficient=coefficient_text, thousands=thousands,
    ), status  # fmt: skip


def _typed_places() -> dict[str, certificates_print.TypedPlace]:
    form = request.form
    return {
        line.value: certificates_print.TypedPlace(
            form.get(f"{line.value}-x", ""), form.get(f"{line.value}-y", ""), form.get(f"{line.value}-width", ""),
            form.get(f"{line.value}-size", ""), form.get(f"{line.value}-align", ""), f"{line.value}-bold" in form,
            f"{line.value}-shown" in form,
        )
        for line in Line
    }  # fmt: skip
