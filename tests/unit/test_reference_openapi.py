"""The published document is the code's own."""

import json

from sync.reference import openapi


def test_the_document_is_current() -> None:
    assert openapi.DOCUMENT.read_text("utf-8") == openapi.text(), (
        "run: python -m sync.reference.openapi"
    )


def test_every_error_is_a_problem() -> None:
    document = json.loads(openapi.text())
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    schema = answer["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problem"}, (path, status)


def test_no_key_of_a_test_is_in_the_contract() -> None:
    question = json.loads(openapi.text())["components"]["schemas"]["Question"]
    assert "keys" not in question["properties"]
