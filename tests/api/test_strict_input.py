"""The API refuses malformed requests in JSON, with a code, and they change nothing."""

import gzip
from uuid import uuid4

import pytest

from tests.api.client import Merchant, body_of, outcome
from tests.factories import numbers, stock_of

pytestmark = pytest.mark.django_db

RESERVE = "/stock/SKU-1/reserve"


def _nested(opening: bytes, depth: int, closing: bytes, inside: bytes = b"1") -> bytes:
    return opening * depth + inside + closing * depth


NOT_JSON = {
    "text": b"quantity",
    "form": b"quantity=1",
    "cut off": b'{"quantity": 1',
    "trailing comma": b'{"quantity": 1,}',
    "two values": b'{"quantity": 1}{"quantity": 1}',
    "single quotes": b"{'quantity': 1}",
    "comment": b'{"quantity": 1 /* one */}',
    "only a space": b" ",
    "only NUL": b"\x00",
    "NUL after the end": b'{"quantity": 1}\x00',
    "NaN": b'{"quantity": NaN}',
    "Infinity": b'{"quantity": Infinity}',
    "minus Infinity": b'{"quantity": -Infinity}',
    "byte order mark": b'\xef\xbb\xbf{"quantity": 1}',
    "UTF-16": '{"quantity": 1}'.encode("utf-16"),
    "UTF-32": '{"quantity": 1}'.encode("utf-32-be"),
    "Latin-1": '{"quantity": 1, "ç": 1}'.encode("latin-1"),
    "overlong UTF-8": b'{"quantity": 1, "\xc0\xaf": 1}',
    "surrogate in UTF-8": b'{"quantity": 1, "\xed\xa0\x80": 1}',
    "raw newline in a string": b'{"cart_token": "a\nb"}',
    "raw NUL in a string": b'{"cart_token": "a\x00b"}',
    "leading zero": b'{"quantity": 01}',
    "plus sign": b'{"quantity": +1}',
    "hexadecimal": b'{"quantity": 0x1}',
    "underscore": b'{"quantity": 1_000}',
    "other digits": '{"quantity": \u0661}'.encode(),
    "string without end": b'{"quantity' + b'\\"' * 30_000,
    "brackets without end": b"[" * 32,
    "more closed than opened": b"]" * 60_000,
}


@pytest.mark.parametrize("sent", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_json_is_refused(sent: bytes) -> None:
    assert outcome(Merchant().post(RESERVE, sent)) == (400, "invalid_json")


@pytest.mark.parametrize("depth", [33, 950, 980, 1_000, 30_000])
@pytest.mark.parametrize(
    ("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]"), (b"[", b""), (b'{"a":', b"")]
)
def test_json_too_deep_for_any_request_is_refused(opening: bytes, closing: bytes, depth: int) -> None:
    sent = _nested(opening, depth, closing)[:65_536]
    assert outcome(Merchant().post(RESERVE, sent)) == (400, "json_too_deep")


def test_thirty_two_levels_are_read() -> None:
    response = Merchant().post(RESERVE, _nested(b'{"a":', 32, b"}"))
    assert outcome(response) == (400, "invalid_input")


def test_brackets_inside_strings_are_no_levels() -> None:
    sent = b'{"cart_token": "' + b'[{\\"' * 1_000 + b'"}'
    assert outcome(Merchant().post(RESERVE, sent)) == (400, "invalid_input")


@pytest.mark.parametrize(
    "sent",
    [
        b'{"quantity": 1, "quantity": 1}',
        b'{"quantity": 1, "quantity": 2}',
        b'{"quantity": 1, "\\u0071uantity": 2}',
        b'{"x": {"a": 1, "a": 2}}',
        b'{"x": [{"a": 1, "b": 2, "a": 3}]}',
        b'{"\\ud800": 1, "\\ud800": 2}',
    ],
)
def test_a_member_named_twice_is_refused_wherever_it_is(sent: bytes) -> None:
    assert outcome(Merchant().post(RESERVE, sent)) == (400, "duplicate_key")


@pytest.mark.parametrize(
    "text", ["\\u0000", "a\\u0000", "\\ud800", "\\udfff", "\\ud83d", "\\ude00\\ud83d", "\\uD800", "ok\\udbff\\u0041"]
)
@pytest.mark.parametrize("body", ['{{"cart_token": "{}"}}', '{{"{}": 1}}', '{{"x": [{{"y": ["{}"]}}]}}', '["{}"]'])
def test_nul_and_half_characters_are_refused_wherever_they_are(body: str, text: str) -> None:
    assert outcome(Merchant().post(RESERVE, body.format(text).encode())) == (400, "invalid_text")


def test_a_whole_character_may_be_written_as_two_escapes() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1, sku="🧸")
    sent = f'{{"cart_token": "{uuid4()}", "lines": [{{"sku": "\\ud83e\\uddf8", "quantity": 1}}]}}'
    assert outcome(merchant.post("/stock/reserve", sent.encode()))[0] == 200


@pytest.mark.parametrize("sent", [b"null", b"[]", b"[1]", b"1", b'"quantity"', b"true", b"1.5", b'[{"quantity": 1}]'])
@pytest.mark.parametrize("path", [RESERVE, "/stock/reserve", "/stock/confirm", "/stock/release", "/stock/extend"])
def test_a_body_that_is_no_object_is_refused(path: str, sent: bytes) -> None:
    response = Merchant().post(path, sent)
    assert outcome(response) == (400, "invalid_input")
    assert body_of(response)["errors"] == [{"field": "", "code": "not_an_object"}]


NOT_AN_INTEGER = [
    '"1"',
    '"1_000"',
    '""',
    '"٣"',
    "1.0",
    "1e0",
    "1E2",
    "1e999",
    "-1e-999",
    "true",
    "false",
    "[]",
    "[1]",
    "{}",
]


@pytest.mark.parametrize("quantity", NOT_AN_INTEGER)
def test_only_a_json_integer_is_a_quantity(quantity: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 10)
    response = merchant.post(RESERVE, f'{{"quantity": {quantity}}}'.encode())
    assert outcome(response) == (400, "invalid_input")
    assert body_of(response)["errors"] == [{"field": "quantity", "code": "not_an_integer"}]
    assert numbers(merchant.shop) == (10, 0, 0)


OUT_OF_RANGE = [
    "0",
    "-0",
    "-1",
    "1000001",
    str(2**31 - 1),
    str(2**31),
    str(2**63),
    str(2**64),
    "9" * 4_000,
    "-" + "9" * 4_000,
]


@pytest.mark.parametrize("quantity", OUT_OF_RANGE, ids=lambda text: text[:24])
def test_a_quantity_lies_between_one_and_a_million(quantity: str) -> None:
    response = Merchant().post(RESERVE, f'{{"quantity": {quantity}}}'.encode())
    assert outcome(response) == (400, "invalid_input")
    assert body_of(response)["errors"] == [{"field": "quantity", "code": "out_of_range"}]


def test_a_million_units_may_be_asked_for() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1_000_000)
    assert merchant.reserve(quantity=1_000_000)["quantity"] == 1_000_000


def test_null_is_not_the_same_as_leaving_out() -> None:
    response = Merchant().post(RESERVE, {"quantity": None, "cart_token": None})
    found = [(problem["field"], problem["code"]) for problem in body_of(response)["errors"]]
    assert found == [("quantity", "null"), ("cart_token", "null")]


A_UUID = "5b0c3a1e-7d42-4f6a-9c18-2e9d60b7a4f3"
NOT_A_UUID = [1, True, "", "x", A_UUID.replace("-", ""), f"{{{A_UUID}}}", f"urn:uuid:{A_UUID}", f" {A_UUID}"]


@pytest.mark.parametrize("token", [*NOT_A_UUID, A_UUID + "\n", "1_345678-1234-1234-1234-123456789012", "٣" * 36])
def test_only_a_uuid_in_its_usual_spelling_is_a_cart(token: object) -> None:
    response = Merchant().post(RESERVE, {"cart_token": token})
    assert outcome(response) == (400, "invalid_input")
    assert body_of(response)["errors"] == [{"field": "cart_token", "code": "not_a_uuid"}]


def test_all_wrong_members_are_named_at_once() -> None:
    response = Merchant().post(RESERVE, {"quantity": "1", "cart_token": 1, "colour": "red"})
    found = {problem["field"]: problem["code"] for problem in body_of(response)["errors"]}
    assert found == {"colour": "unknown_member", "quantity": "not_an_integer", "cart_token": "not_a_uuid"}


def test_a_thousand_wrong_members_get_a_short_answer() -> None:
    response = Merchant().post(RESERVE, {f"member{number}" * 5: 1 for number in range(1_000)})
    assert outcome(response) == (400, "invalid_input")
    assert len(body_of(response)["errors"]) == 20
    assert len(response.content) < 8_192


def test_a_body_of_64_kib_is_read_and_one_more_byte_is_not() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    full = b'{"quantity": 1' + b" " * (65_536 - 15) + b"}"
    assert len(full) == 65_536
    assert outcome(merchant.post(RESERVE, full))[0] == 200
    assert outcome(merchant.post(RESERVE, full + b" ")) == (413, "body_too_large")


def test_ten_megabytes_are_refused_in_json() -> None:
    assert outcome(Merchant().post(RESERVE, b" " * 10_000_000)) == (413, "body_too_large")


@pytest.mark.parametrize("length", ["-1", "+2", "2.0", "1_0", "0x2", "two", "٢", "2, 2", "9" * 5_000])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    response = Merchant().send("POST", RESERVE, b"{}", **{"Content-Length": length})
    assert outcome(response)[0] in (400, 413)


def test_fewer_bytes_than_announced_are_no_empty_body() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    response = merchant.cut_short(RESERVE, announced=20)
    assert outcome(response) == (400, "incomplete_body")
    assert numbers(merchant.shop) == (1, 0, 0)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json5",
        "application/jsonp",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        "json",
        "",
        "\xff",
    ],
)
def test_a_body_that_does_not_say_json_is_refused(content_type: str) -> None:
    response = Merchant().send("POST", RESERVE, b"{}", content_type=content_type)
    assert outcome(response) == (415, "unsupported_media_type")


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "identity, gzip", "x"])
@pytest.mark.parametrize("sent", [b"{}", gzip.compress(b"{}", mtime=0)], ids=["plain", "compressed"])
def test_a_body_that_says_it_is_compressed_is_refused(sent: bytes, coding: str) -> None:
    response = Merchant().send("POST", RESERVE, sent, **{"Content-Encoding": coding})
    assert outcome(response) == (415, "unsupported_media_type")


def test_a_body_may_say_that_it_is_as_it_is() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    assert outcome(merchant.send("POST", RESERVE, b"{}", **{"Content-Encoding": "Identity"}))[0] == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json ; charset=UTF8",
        "application/json; profile=x",
    ],
)
def test_json_may_say_its_name_in_many_ways(content_type: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    assert outcome(merchant.send("POST", RESERVE, b"{}", content_type=content_type))[0] == 200


@pytest.mark.parametrize("content_type", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_an_empty_body_needs_no_type(content_type: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    assert outcome(merchant.send("POST", RESERVE, content_type=content_type))[0] == 200
