"""Sentences are short: none of more than 35 words, in pages and in help texts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import CODE, CONTRIBUTING, PAGES, all_commands, page_id
from tools.reference import pages

MOST_WORDS = 35
MADE = pages()
READ = (*PAGES, CONTRIBUTING)
RIDDLES = ("would be somewhere else", "sharper ruler", "below the peak go", "finer answer")
"""Phrases that readers stumbled over."""


def passages(page: str) -> Iterator[str]:
    """Paragraphs, items of lists, headings and cells of tables, each in one line without code."""
    page = re.sub(r"^```.*?^```$|<!--.*?-->", "\n\n", page, flags=re.MULTILINE | re.DOTALL)
    page = CODE.sub("Code", page)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.) ?)", page):
        if block.lstrip().startswith("|"):
            yield from block.strip().strip("|").split("|")
        else:
            yield " ".join(block.split())


def sentences(page: str) -> Iterator[str]:
    """What ends with a full stop, question or exclamation mark, or with its passage."""
    for passage in passages(page):
        yield from re.split(r"(?<=[.?!])[\"*_)]*\s+(?=[A-Z`*_\"(−0-9])", passage)


def words(sentence: str) -> int:
    return len(re.findall(r"[^\W_][\w'’.,/×%-]*", re.sub(r"\]\([^)]*\)", "]", sentence)))


def test_sentences_are_told_apart() -> None:
    page = (
        "# One two\n\nA b `c d`. E\nf!\n- g h\n- i\n\n| j k | l. M |\n|---|---|\n```sh\nn o\n```\n"
    )
    assert [words(s) for s in sentences(page) if words(s)] == [2, 3, 2, 2, 1, 2, 1, 1]


def test_a_long_sentence_is_counted_across_lines() -> None:
    page = "\n".join(["word"] * 40) + ".\n"
    assert max(map(words, sentences(page))) == 40


@pytest.mark.parametrize("path", READ, ids=page_id)
def test_no_sentence_of_a_page_is_long(path: Path) -> None:
    long = [s for s in sentences(path.read_text("utf-8")) if words(s) > MOST_WORDS]
    assert not long, "\n\n".join(f"{words(s)}: {s}" for s in long)


@pytest.mark.parametrize("name", MADE)
def test_no_sentence_of_a_made_page_is_long(name: str) -> None:
    for sentence in sentences(MADE[name]):
        assert words(sentence) <= MOST_WORDS, sentence


def help_texts() -> Iterator[tuple[str, str]]:
    for path, command in all_commands():
        yield " ".join(path), inspect.cleandoc(command.help or "")
        for parameter in command.params:
            yield f"{' '.join(path)} {parameter.opts[0]}", parameter.help or ""


def test_no_sentence_of_a_help_text_is_long() -> None:
    for place, text in help_texts():
        for sentence in sentences(text):
            assert words(sentence) <= MOST_WORDS, f"{place}: {sentence}"


def test_every_option_says_what_it_does() -> None:
    for place, text in help_texts():
        assert text, place


@pytest.mark.parametrize("phrase", RIDDLES)
def test_a_riddle_that_was_solved_does_not_return(phrase: str) -> None:
    texts = [path.read_text("utf-8") for path in READ]
    assert not any(phrase in text for text in (*texts, *dict(help_texts()).values()))


def test_a_help_text_fits_a_terminal_of_80_columns_without_ragged_lines() -> None:
    for path, command in all_commands():
        for line in inspect.cleandoc(command.help or "").splitlines():
            assert len(line) <= 78, f"{' '.join(path)}: {line}"
