from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventmgr.web import assets, headers

START = "import('./modules/menu.js');\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "css/base.css": "p { margin: 0; }",
        "js/start.js": START,
        "js/modules/menu.js": "export function mount() {}",
        "vendor/idb.js": "export const openDB = 1;",
        "vendor/fonts/inter.woff2": "not really",
        "door-worker.js": "// never remapped",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def started(folder: Path) -> Flask:
    app = Flask("front", static_folder=str(folder), static_url_path="/static")
    assets.init_app(app)
    headers.init_app(app)
    app.add_url_rule("/asset/<path:path>", "asset", lambda path: app.jinja_env.globals["asset"](path))
    app.add_url_rule("/map", "map", lambda: app.jinja_env.globals["import_map"]())
    return app


@pytest.fixture
def app(folder: Path) -> Flask:
    return started(folder)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def test_asset_carries_eight_digits_of_the_content(client: FlaskClient):
    assert client.get("/asset/js/start.js").text == f"/static/js/start.js?v={fingerprint(START)}"


def test_asset_changes_with_the_file(client: FlaskClient, folder: Path):
    before = client.get("/asset/css/base.css").text
    file = folder / "css/base.css"
    file.write_text("p { margin: 1px; }")
    os.utime(file, ns=(1, 1))
    assert client.get("/asset/css/base.css").text == f"/static/css/base.css?v={fingerprint('p { margin: 1px; }')}"
    assert before != client.get("/asset/css/base.css").text


def test_a_file_that_is_not_there_is_a_mistake_of_the_template(app: Flask):
    with pytest.raises(FileNotFoundError):
        app.jinja_env.globals["asset"]("css/none.css")


def test_import_map_leads_every_module_to_its_fingerprint_and_nothing_else(client: FlaskClient):
    assert json.loads(client.get("/map").text) == {
        "imports": {
            path: client.get(f"/asset{path.removeprefix('/static')}").text
            for path in ("/static/js/modules/menu.js", "/static/js/start.js", "/static/vendor/idb.js")
        }
    }


def test_import_map_meets_a_new_module_at_the_next_start(client: FlaskClient, folder: Path):
    (folder / "js/modules/new.js").write_text("// new")
    maps = [json.loads(one.get("/map").text)["imports"] for one in (client, started(folder).test_client())]
    assert ["/static/js/modules/new.js" in one for one in maps] == [False, True]


def test_import_map_cannot_close_its_script(folder: Path):
    (folder / "js/<b>.js").write_text("// an odd name")
    text = started(folder).test_client().get("/map").text
    assert ("b>.js" in text, text.count("<")) == (True, 0)


@pytest.mark.parametrize(
    ("address", "lifetime"),
    [
        (f"/static/js/start.js?v={fingerprint(START)}", "public, max-age=31536000, immutable"),
        ("/static/js/start.js?v=00000000", "no-cache"),
        ("/static/js/start.js", "no-cache"),
        ("/static/vendor/fonts/inter.woff2", "public, max-age=2592000"),
    ],
)
def test_only_an_address_with_the_right_fingerprint_is_kept_for_ever(client: FlaskClient, address: str, lifetime: str):
    with client.get(address) as answer:
        assert answer.headers["Cache-Control"] == lifetime


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient):
    with client.get("/static/js/start.js") as first:
        known = {"If-None-Match": first.headers["ETag"]}
    with client.get("/static/js/start.js", headers=known) as again:
        assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "no-cache")


def test_a_file_that_is_not_there_is_not_found(client: FlaskClient):
    assert client.get("/static/none.js?v=1").status_code == 404


def test_text_is_sent_packed_to_who_reads_gzip_and_plain_to_the_others(client: FlaskClient):
    reads_gzip = {"Accept-Encoding": "gzip"}
    with client.get("/static/js/start.js") as plain, client.get("/static/js/start.js", headers=reads_gzip) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        known = reads_gzip | {"If-None-Match": packed.headers["ETag"]}
    with client.get("/static/js/start.js", headers=known) as again:
        assert (again.status_code, again.data) == (304, b"")
