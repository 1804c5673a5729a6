"""Templates: held to their front matter, rendered once, in a strict sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarizer import answers
from summarizer.errors import InvalidPrompt, UnknownPrompt
from summarizer.prompts import PromptBook, load_prompt, packaged_prompts

HEAD = 'name: {name}\nversion: "1"\nabout: test\nanswer: Groups\nvariables: {variables}\n'


def write_prompt(
    folder: Path, body: str, *, name: str = "demands", variables: str = "[notes]", stem: str | None = None
) -> Path:
    path = folder / f"{stem or name}.md"
    path.write_text(f"---\n{HEAD.format(name=name, variables=variables)}---\n{body}", encoding="utf-8")
    return path


GOOD = "<!-- system -->\nSort.\n<!-- user -->\n{{ notes }}\n"


def test_every_packaged_prompt_is_sound() -> None:
    """All shipped prompts load, and ask for an answer that exists."""
    names = [prompt.name for prompt in PromptBook()]
    kinds = ["actors", "claims", "compare", "demands", "disputes", "events", "extract", "known", "proposals"]
    assert names == [*kinds, "stories", "topic", "venues", "write"]
    for prompt in PromptBook():
        assert issubclass(getattr(answers, prompt.head.answer), answers.Answer)


def test_instructions_come_first_and_don_t_change() -> None:
    """The system part has nothing of the material, so providers can keep it in their cache."""
    for prompt in PromptBook():
        assert set(prompt.head.variables) - {"language"} <= {
            "title",
            "publisher",
            "published",
            "part",
            "copy",
            "topic",
            "sentences",
            "entries",
            "notes",
            "actors",
            "items",
            "disputes",
            "changes",
            "people",
            "day",
            "today",
            "earlier",
        }
        for variable in set(prompt.head.variables) - {"language"}:
            assert f"{{{{ {variable}" not in prompt.system


def test_articles_are_not_rendered() -> None:
    """What looks like a template in an article reaches the model as it stands."""
    message = PromptBook()["extract"].render(
        title="{{ 7*7 }}",
        publisher="",
        published="",
        language="en",
        part=(),
        copy=False,
        sentences=[(1, "{% for x in y %} {{ 7*7 }}")],
    )
    assert "[1] {% for x in y %} {{ 7*7 }}" in message.user
    assert "Title: {{ 7*7 }}" in message.user


def test_a_missing_variable_stops_the_run() -> None:
    """An undefined variable is an error, not an empty string."""
    with pytest.raises(InvalidPrompt, match="notes"):
        PromptBook()["demands"].render()


def test_the_user_s_template_replaces_the_packaged_one(tmp_path: Path) -> None:
    """A folder of one's own replaces templates of the same name and leaves the others."""
    write_prompt(tmp_path, GOOD)
    (tmp_path / "README.md").write_text("not a prompt")
    book = PromptBook(tmp_path)
    assert book["demands"].render(notes="x").system == "Sort."
    assert book["demands"].sha256 != PromptBook()["demands"].sha256
    assert book["venues"].sha256 == PromptBook()["venues"].sha256


@pytest.mark.parametrize(
    ("body", "variables", "reason"),
    [
        pytest.param("no parts", "[]", "needs a line", id="parts missing"),
        pytest.param("<!-- user -->\nx\n", "[]", "needs a line", id="system missing"),
        pytest.param(GOOD, "[]", "differ: notes", id="undeclared variable"),
        pytest.param(GOOD, "[notes, more]", "differ: more", id="unused variable"),
        pytest.param("<!-- system -->\n{% if %}\n<!-- user -->\n", "[]", "not a valid Jinja", id="syntax"),
        pytest.param(GOOD, "[notes]\nextra: 1", "extra", id="unknown front matter"),
        pytest.param(GOOD, "{{", "not YAML", id="broken front matter"),
    ],
)
def test_unsound_templates_are_refused(tmp_path: Path, body: str, variables: str, reason: str) -> None:
    """A template that can't work is refused when it is read, with its path and the reason."""
    path = write_prompt(tmp_path, body, variables=variables)
    with pytest.raises(InvalidPrompt, match=reason) as caught:
        load_prompt(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "answer", "reason"),
    [("demand", "Groups", "replaces nothing"), ("demands", "Summary", "must ask for the answer Groups")],
)
def test_own_templates_replace_something(tmp_path: Path, name: str, answer: str, reason: str) -> None:
    """A template of one's own that nobody would ask, or that asks for another answer, is refused."""
    path = write_prompt(tmp_path, GOOD, name=name)
    path.write_text(path.read_text().replace("answer: Groups", f"answer: {answer}"))
    with pytest.raises(InvalidPrompt, match=reason):
        PromptBook(tmp_path)


def test_name_and_file_agree(tmp_path: Path) -> None:
    """A template is found under the name it gives itself."""
    with pytest.raises(InvalidPrompt, match="must agree"):
        load_prompt(write_prompt(tmp_path, GOOD, stem="other"))


def test_sandbox(tmp_path: Path) -> None:
    """A template can't reach Python's insides."""
    body = "<!-- system -->\n{{ notes.__class__.__mro__ }}\n<!-- user -->\n"
    prompt = load_prompt(write_prompt(tmp_path, body))
    with pytest.raises(InvalidPrompt, match=r"unsafe|undefined"):
        prompt.render(notes="x")


def test_unknown_names_are_answered_with_the_known() -> None:
    """Asking for a prompt that isn't there names those that are."""
    with pytest.raises(UnknownPrompt, match="extract"):
        PromptBook()["extracts"]


def test_missing_folder(tmp_path: Path) -> None:
    """A prompt folder that isn't there is an error, not an empty one."""
    with pytest.raises(InvalidPrompt, match="not a folder"):
        PromptBook(tmp_path / "none")


def test_prompts_are_found_beside_the_package() -> None:
    """In an editable install the templates are those of the checkout."""
    assert (packaged_prompts() / "extract.md").is_file()
