"""Many letters in one PDF: asked for here, made by the job process, followed with a bar."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Invalid
from eventmgr.services import groups, jobs, printing
from eventmgr.web.access import needs
from eventmgr.web.downloads import pdf_response
from eventmgr.web.forms import chosen_row

blueprint = Blueprint("batches", __name__, url_prefix="/office/<slug>/invitations/batches")

WORDS = {
    "waiting": "Đang chờ tiến trình in.",
    "working": "Đang làm.",
    "done": "Xong.",
    "failed": "Không làm xong.",
}


@blueprint.get("")
@needs(Right.SEE_INVITATIONS)
def index(slug: str) -> ResponseReturnValue:
    return render_template(
        "office/batches.html", batches=jobs.newest(g.conference.id, printing.KIND), groups=groups.list_groups(g.conference.id),
        words=WORDS,
    )


@blueprint.post("")
@needs(Right.EDIT_INVITATIONS)
def start(slug: str) -> ResponseReturnValue:
    try:
        job = printing.start_batch(
            g.conference.id, request.form.get("what", "issued"), chosen_row(request.form, "group"), g.who.account_id
        )
    except Invalid as problem:
        flash(problem.sentence, "warn")
        return redirect(url_for("batches.index", slug=slug))
    return redirect(url_for("batches.page", slug=slug, job_id=job.id))


@blueprint.get("/<int:job_id>")
@needs(Right.SEE_INVITATIONS)
def page(slug: str, job_id: int) -> ResponseReturnValue:
    return render_template("office/batch.html", job=jobs.get(g.conference.id, job_id), words=WORDS)


@blueprint.get("/<int:job_id>.json")
@needs(Right.SEE_INVITATIONS)
def state(slug: str, job_id: int) -> ResponseReturnValue:
    job = jobs.get(g.conference.id, job_id)
    done = job.state == "done"
    return {
        "done": job.done,
        "total": job.total,
        "state": {"waiting": "working"}.get(job.state, job.state),
        "word": job.problem or WORDS[job.state],
        "result_url": url_for("batches.pdf", slug=slug, job_id=job_id) if done else None,
    }


@blueprint.get("/<int:job_id>.pdf")
@needs(Right.SEE_INVITATIONS)
def pdf(slug: str, job_id: int) -> Response:
    name, content = printing.batch_file(g.conference.id, job_id)
    return pdf_response(content, name)
