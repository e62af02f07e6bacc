import logging

import pytest

from model import errors as model_errors
from model.errors import InputError, MissingError, SampleError, TooLargeError
from service import errors as service_errors
from service.errors import KeepError, NoPageError
from service.problem import STATUSES, TABLE, explain, of_status


def test_a_row_stands_above_those_its_class_inherits_from() -> None:
    kinds = [kind for kind, _ in TABLE]
    for position, kind in enumerate(kinds):
        assert not any(issubclass(later, kind) for later in kinds[position + 1 :]), kind


def test_every_input_error_is_the_senders_fault() -> None:
    every = [
        error
        for room in (model_errors, service_errors)
        for error in vars(room).values()
        if isinstance(error, type) and issubclass(error, InputError)
    ]
    assert len(every) > 8
    for error in every:
        assert 400 <= explain(error("Why."))["status"] < 500, error


def test_types_and_statuses_are_stable() -> None:
    assert explain(KeepError("Why.")) == {
        "type": "urn:pagesieve:problem:unknown-label",
        "title": "Unknown label",
        "status": 422,
        "detail": "Why.",
    }
    expected = {NoPageError: "no-page", TooLargeError: "too-large", SampleError: "invalid-sample"}
    for kind, name in expected.items():
        assert explain(kind("Why."))["type"] == f"urn:pagesieve:problem:{name}"
    assert explain(MissingError("Gone."))["status"] == 503


def test_a_type_has_one_status_and_one_title() -> None:
    problems = [problem for _, problem in TABLE] + list(STATUSES.values())
    assert len({problem.name for problem in problems}) == len(set(problems))


def test_what_is_not_foreseen_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        details = explain(ZeroDivisionError("secret"))
    assert details["status"] == 500
    assert "secret" not in str(details)
    assert "secret" in caplog.text


def test_any_status_has_a_problem() -> None:
    assert of_status(418, "Short.")["type"] == "urn:pagesieve:problem:status-418"
    assert all(of_status(status, "Why.")["status"] == status for status in STATUSES)
