"""Translations: complete in Portuguese, and the compiled file is that of its source."""

import gettext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from reservations.management import catalogue
from tests.commands.messages import messages

PORTUGUESE = catalogue.LOCALE / "pt_BR" / "LC_MESSAGES" / "django.po"


def test_every_text_of_the_program_has_its_portuguese() -> None:
    ours = {entry.source[0] for entry in catalogue.read(PORTUGUESE) if entry.is_translated}
    with translation.override("pt-br"):
        missing = {text for text in messages() - ours if translation.gettext(text) == text}
    assert missing == set()


def test_the_catalogue_holds_no_text_that_the_program_has_lost() -> None:
    assert {entry.source[0] for entry in catalogue.read(PORTUGUESE)[1:]} - messages() == set()


def test_a_translation_keeps_the_placeholders_of_its_text() -> None:
    for entry in catalogue.read(PORTUGUESE)[1:]:
        names = {part.partition(")")[0] for part in entry.source[0].split("%(")[1:]}
        assert all({part.partition(")")[0] for part in text.split("%(")[1:]} == names for text in entry.target)


def test_every_compiled_file_is_current() -> None:
    call_command("compile_translations", "--check")


def test_a_compiled_file_that_is_not_current_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locale" / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr ""\n"Language: pt_BR\\n"\n\nmsgid "shop"\nmsgstr "loja"\n')
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path / "locale")
    with pytest.raises(CommandError, match="is not current"):
        call_command("compile_translations", "--check")
    call_command("compile_translations", verbosity=0)
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
    mo_file.write_bytes(catalogue.compiled(catalogue.read(po_file)))
    with mo_file.open("rb") as file:
        texts = gettext.GNUTranslations(file)
    assert texts.gettext('one "line"\nand another') == "uma ação"
    assert [texts.ngettext("%d hold", "%d holds", number) for number in (1, 2)] == ["%d reserva", "%d reservas"]
    assert texts.pgettext("verb", "hold") == "segurar"
    assert texts.gettext("guessed") == "guessed"
    assert texts.gettext("untranslated") == "untranslated"
