"""Translations: complete in Portuguese, and each compiled file matches its source."""

import gettext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from reservations.management import message_catalogue
from tests.commands.messages import messages
from tests.support.terminal import output_of

PORTUGUESE = [file for file in message_catalogue.catalogues() if file.parts[-3] == "pt_BR"]


def translated() -> list[message_catalogue.Message]:
    """The messages of all our Portuguese catalogues, without their headers."""
    return [
        message for file in PORTUGUESE for message in message_catalogue.read_messages(file)[1:] if message.is_translated
    ]


def test_every_text_of_the_program_has_its_portuguese() -> None:
    ours = {message.source[0] for message in translated()}
    with translation.override("pt-br"):
        missing = {text for text in messages() - ours if translation.gettext(text) == text}
    assert missing == set()


def test_a_translation_keeps_the_placeholders_of_its_text() -> None:
    for message in translated():
        names = {part.partition(")")[0] for part in message.source[0].split("%(")[1:]}
        assert all({part.partition(")")[0] for part in text.split("%(")[1:]} == names for text in message.target)


def test_every_compiled_file_is_current() -> None:
    assert PORTUGUESE
    call_command("compile_translations", "--check")


def test_a_change_is_noticed_until_it_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    po_file = tmp_path / "some.po"
    monkeypatch.setattr(message_catalogue, "catalogues", lambda: [po_file])
    for target in ("loja", "estabelecimento"):
        po_file.write_text(f'msgid ""\nmsgstr ""\n"Language: pt_BR\\n"\n\nmsgid "shop"\nmsgstr "{target}"\n')
        with pytest.raises(CommandError, match="was not compiled"):
            call_command("compile_translations", "--check")
        assert output_of("compile_translations") == f"Compiled {po_file}.\n"
        call_command("compile_translations", "--check")


def test_gettext_reads_what_we_compile(tmp_path: Path) -> None:
    po_file = tmp_path / "some.po"
    po_file.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
        'msgid "one \\"line\\"\\n"\n"and another"\nmsgstr "uma ação"\n\n'
        'msgid "%d hold"\nmsgid_plural "%d holds"\nmsgstr[0] "%d reserva"\nmsgstr[1] "%d reservas"\n\n'
        'msgctxt "verb"\nmsgid "hold"\nmsgstr "segurar"\n\n'
        '#, fuzzy\nmsgid "guessed"\nmsgstr "adivinhado"\n\n'
        'msgid "untranslated"\nmsgstr ""\n'
    )
    mo_file = po_file.with_suffix(".mo")
    mo_file.write_bytes(message_catalogue.compile_messages(message_catalogue.read_messages(po_file)))
    with mo_file.open("rb") as file:
        texts = gettext.GNUTranslations(file)
    assert texts.gettext('one "line"\nand another') == "uma ação"
    assert [texts.ngettext("%d hold", "%d holds", number) for number in (1, 2)] == ["%d reserva", "%d reservas"]
    assert texts.pgettext("verb", "hold") == "segurar"
    assert texts.gettext("guessed") == "guessed"
    assert texts.gettext("untranslated") == "untranslated"
