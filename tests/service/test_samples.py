import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from training.archive import Archive
from training.export import sample
from training.importers import read_samples

URL = "/v1/samples"
TEXT = "Menu\nA story of some words, told at length\n\nAll rights reserved"
LABELS = ["nav", "text", "legal"]


def test_a_sample_is_stored_and_told_of(learner: FlaskClient) -> None:
    sent = {"text": TEXT, "labels": LABELS, "url": "https://A.example/x", "source": "mine", "annotator": "me"}
    response = learner.post(URL, json=sent)
    assert response.status_code == 201
    told = response.get_json()
    assert told == {
        "id": told["id"],
        "new": True,
        "lines": 3,
        "labels": {"text": 1, "nav": 1, "legal": 1},
        "coverage": 1.0,
    }
    found = learner.get(response.headers["Location"]).get_json()
    assert found["text"] == TEXT
    assert found["lines"] == [
        {"text": "Menu", "label": "nav"},
        {"text": "A story of some words, told at length", "label": "text"},
        {"text": "All rights reserved", "label": "legal"},
    ]
    assert (found["url"], found["host"], found["source"]) == ("https://A.example/x", "a.example", "mine")
    assert (found["annotator"], found["kind"], found["revisions"]) == ("me", "text", [])


def test_what_strip_answers_can_be_sent_back_corrected(learner: FlaskClient) -> None:
    answer = learner.post("/v1/strip", json={"html": f"<p>{TEXT}"}).get_json()
    answer["lines"][0]["label"] = "nav"
    response = learner.post(URL, json={"html": f"<p>{TEXT}", "lines": answer["lines"]})
    assert response.status_code == 201, response.text
    found = learner.get(response.headers["Location"]).get_json()
    assert [line["label"] for line in found["lines"]] == [line["label"] for line in answer["lines"]]


def test_an_article_is_aligned(learner: FlaskClient) -> None:
    response = learner.post(URL, json={"text": TEXT, "article": "A story of some words, told elsewhere"})
    assert response.status_code == 201
    told = response.get_json()
    assert told["coverage"] == pytest.approx(6 / 7, abs=1e-4)
    assert told["labels"]["text"] == 1
    assert sum(told["labels"].values()) == 3
    assert learner.get(response.headers["Location"]).get_json()["article"] == "A story of some words, told elsewhere"


def test_the_same_again_is_nothing_new_and_other_labels_are_a_revision(learner: FlaskClient) -> None:
    first = learner.post(URL, json={"text": TEXT, "labels": LABELS})
    again = learner.post(URL, json={"text": TEXT, "labels": LABELS})
    assert (again.status_code, again.get_json()) == (200, first.get_json() | {"new": False})
    other = learner.post(URL, json={"text": TEXT, "labels": ["ad", "text", "legal"]})
    assert other.status_code == 201
    assert other.get_json()["id"] == first.get_json()["id"]
    found = learner.get(first.headers["Location"]).get_json()
    assert found["labels"] == {"text": 1, "ad": 1, "legal": 1}
    assert [revision["labels"] for revision in found["revisions"]] == [{"text": 1, "nav": 1, "legal": 1}]
    assert learner.get(URL).get_json()["total"] == 1


@pytest.mark.parametrize(
    ("sent", "name", "sentence"),
    [
        ({"text": TEXT, "labels": LABELS[:2]}, "invalid-sample", "line 3, 'All rights reserved', has none"),
        ({"text": TEXT, "labels": ["nav", "headline", "legal"]}, "invalid-sample", "Label 2, of the line 'A story"),
        ({"text": TEXT, "labels": ["nav", 2, "legal"]}, "invalid-field", "Label 2 is a number"),
        ({"text": TEXT, "labels": "nav"}, "invalid-field", "labels is a string"),
        ({"text": TEXT, "lines": [{"text": "Men", "label": "nav"}]}, "invalid-sample", "Line 1 of the page is 'Menu'"),
        ({"text": TEXT, "lines": ["Menu"]}, "invalid-field", "Line 1 is a string"),
        ({"text": TEXT, "lines": [{"text": "Menu"}]}, "invalid-field", "Line 1 must have text and label"),
        ({"text": TEXT, "lines": {}}, "invalid-field", "lines is an object"),
        (
            {"text": TEXT, "article": "Something quite different"},
            "invalid-sample",
            "of the article's words are on the page",
        ),
        ({"text": TEXT, "article": 1}, "invalid-field", "article is a number"),
        ({"text": TEXT}, "invalid-field", "this object has none of them"),
        ({"text": TEXT, "labels": LABELS, "article": "a"}, "invalid-field", "this object has labels and article"),
        ({"labels": LABELS}, "no-page", "neither"),
        ({"text": " \n", "labels": []}, "invalid-sample", "no line that is not empty"),
        ({"text": TEXT, "labels": LABELS, "url": 1}, "invalid-field", "url is a number"),
        ({"text": TEXT, "labels": LABELS, "url": "http://["}, "invalid-field", "url is 'http://['"),
        ({"text": TEXT, "labels": LABELS, "annotator": "a" * 2_001}, "invalid-field", "annotator has 2,001 characters"),
    ],
)
def test_what_does_not_fit_is_refused(learner: FlaskClient, sent: dict[str, Any], name: str, sentence: str) -> None:
    response = learner.post(URL, json=sent)
    assert response.status_code == 422
    problem = response.get_json()
    assert problem["type"] == f"urn:pagesieve:problem:{name}"
    assert sentence in problem["detail"]
    assert learner.get(URL).get_json()["total"] == 0


def test_many_samples_in_a_row(learner: FlaskClient) -> None:
    good = [json.dumps({"text": f"Page {number}\nmore", "labels": ["title", "text"]}) for number in range(3)]
    bad = [json.dumps({"text": "a", "labels": []}), "{"]

    def send(*lines: str) -> tuple[int, list[dict[str, Any]]]:
        response = learner.post(URL, data="\n".join(lines), content_type="application/x-ndjson")
        return response.status_code, [json.loads(line) for line in response.text.splitlines()]

    status, told = send(good[0], bad[0], good[1], bad[1])
    assert status == 207
    assert [line.get("error", {}).get("status") for line in told] == [None, 422, None, 400]
    assert told[1]["line"] == 2
    assert send(*good)[0] == 201
    assert send(*bad)[0] == 422
    assert learner.get(URL).get_json()["total"] == 3


def test_samples_are_listed_page_by_page(learner: FlaskClient) -> None:
    for number in range(5):
        label = "ad" if number % 2 else "nav"
        learner.post(URL, json={"text": f"{number}", "labels": [label], "url": f"https://{label}.example/{number}"})
    seen = []
    following = f"{URL}?limit=2"
    while following:
        answer = learner.get(following).get_json()
        assert answer["total"] == 5
        assert not any("text" in sample for sample in answer["samples"])
        seen += [sample["url"][-1] for sample in answer["samples"]]
        following = answer["next"]
    assert seen == ["4", "3", "2", "1", "0"]
    assert [sample["title"] for sample in learner.get(f"{URL}?limit=2").get_json()["samples"]] == ["4", "3"]
    assert [s["url"][-1] for s in learner.get(f"{URL}?label=ad").get_json()["samples"]] == ["3", "1"]
    assert [s["url"][-1] for s in learner.get(f"{URL}?host=AD.example").get_json()["samples"]] == ["3", "1"]
    following = learner.get(f"{URL}?label=nav&limit=2").get_json()["next"]
    assert [s["url"][-1] for s in learner.get(following).get_json()["samples"]] == ["0"]
    for query in ("limit=0", "limit=501", "limit=x", "before=-1", "label=menu", f"before={10**40}"):
        assert learner.get(f"{URL}?{query}").status_code == 422, query


def test_a_sample_is_forgotten(learner: FlaskClient) -> None:
    where = learner.post(URL, json={"text": TEXT, "labels": LABELS}).headers["Location"]
    response = learner.delete(where)
    assert (response.status_code, response.data) == (204, b"")
    for again in (learner.get(where), learner.delete(where)):
        assert again.status_code == 404
        assert again.get_json()["type"] == "urn:pagesieve:problem:unknown"


def test_what_is_exported_is_read_by_training_and_can_be_sent_again(
    learner: FlaskClient, home: Path, tmp_path: Path
) -> None:
    learner.post(URL, json={"text": TEXT, "labels": LABELS, "url": "https://a.example/"})
    learner.post(URL, json={"html": f"<p>{TEXT}", "article": "A story of some words, told at length"})
    response = learner.get(f"{URL}/export")
    assert response.mimetype == "application/x-ndjson"
    (tmp_path / "samples.ndjson").write_bytes(response.data)
    read = read_samples([tmp_path / "samples.ndjson"])
    assert len(read) == 2
    assert read == list(map(sample, Archive(home).all()))
    again = create_app(Settings(home=tmp_path / "other")).test_client()
    assert again.post(URL, data=response.data, content_type="application/x-ndjson").status_code == 201
    assert list(map(sample, Archive(tmp_path / "other").all())) == read


def test_pages_are_remembered_when_asked_and_suggested(learner: FlaskClient, home: Path) -> None:
    assert learner.get(f"{URL}/suggest").get_json() == {"pages": []}
    learner.post("/v1/strip", data="A page nobody asked to remember.")
    learner.post("/v1/strip?remember=1", data="A page to remember.")
    lines = [{"text": "b", "remember": True, "url": "https://b.example/"}, {"text": "c"}]
    body = "\n".join(json.dumps(line) for line in lines)
    answered = learner.post("/v1/strip", data=body, content_type="application/x-ndjson").text
    assert "error" not in answered
    pages = learner.get(f"{URL}/suggest").get_json()["pages"]
    assert {page["text"] for page in pages} == {"A page to remember.", "b"}
    assert {page["url"] for page in pages} == {"", "https://b.example/"}
    assert all(0 < page["uncertainty"] < 1 and page["model"] for page in pages)
    learner.post(URL, json={"text": "b", "labels": ["nav"]})
    assert len(learner.get(f"{URL}/suggest?limit=5").get_json()["pages"]) == 1
    assert learner.get(f"{URL}/suggest?limit=101").status_code == 422


def test_who_may_not_write_may_not_have_pages_remembered(home: Path) -> None:
    client = create_app(Settings(home=home, token="s3cret")).test_client()  # noqa: S106
    assert client.post("/v1/strip", data="a").status_code == 200
    assert client.post("/v1/strip?remember=1", data="a").status_code == 401
    answer = client.post(
        "/v1/strip", data=json.dumps({"text": "a", "remember": True}), content_type="application/x-ndjson"
    )
    assert json.loads(answer.text)["error"]["status"] == 401
    assert Archive(home).suggest(1) == []


def test_writing_needs_the_token(home: Path) -> None:
    client = create_app(Settings(home=home, token="s3cret")).test_client()  # noqa: S106
    refused = client.post(URL, json={"text": TEXT, "labels": LABELS})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="pagesieve"'
    sent = {"Authorization": "Bearer s3cret"}
    where = client.post(URL, json={"text": TEXT, "labels": LABELS}, headers=sent).headers["Location"]
    assert client.get(where).status_code == 200
    assert client.delete(where).status_code == 401
    assert client.delete(where, headers=sent).status_code == 204
    closed = create_app(Settings(home=home, host="0.0.0.0")).test_client()  # noqa: S104
    response = closed.post(URL, json={"text": TEXT, "labels": LABELS})
    assert response.status_code == 403
    assert "PAGESIEVE_TOKEN" in response.get_json()["detail"]


def test_a_form_of_another_page_is_refused(learner: FlaskClient) -> None:
    sent = json.dumps({"text": TEXT, "labels": LABELS})
    assert learner.post(URL, data=sent, content_type="text/plain").status_code == 415
    crossed = learner.post(URL, data=sent, content_type="application/json", headers={"Origin": "http://b.example"})
    assert crossed.status_code == 403
    assert learner.get(URL, headers={"Host": "b.example"}).status_code == 403
    assert learner.get(URL).get_json()["total"] == 0


def test_a_folder_that_can_not_be_used_is_told(tmp_path: Path, home: Path) -> None:
    (tmp_path / "file").write_text("")
    client = create_app(Settings(home=tmp_path / "file")).test_client()
    response = client.post(URL, json={"text": TEXT, "labels": LABELS})
    assert response.status_code == 503
    assert response.get_json()["type"] == "urn:pagesieve:problem:storage-unavailable"
    assert client.post("/v1/strip", data="a").status_code == 200
