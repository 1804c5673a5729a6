"""Delivery: to real servers on loopback, once a day and receiver, whatever fails or is killed in between."""

from __future__ import annotations

import argparse
import json
import re
import signal
import sqlite3
import sys
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml.html import fromstring

from summarizer import Briefing
from summarizer.archive import Archive
from summarizer.cli import build_parser, main
from summarizer.daily import deliver
from summarizer.days import in_full
from summarizer.delivery.kinds import FORMS, Mail
from summarizer.delivery.mail import DaysMail
from summarizer.errors import InputError, NotArchived
from summarizer.planfile import load_plan
from summarizer.render import render_as, render_bytes
from summarizer.text import flatten
from tests.conftest import DAYS, ROOT, replayed
from tests.mailboxes import Arrived, Dripping, MailServer, Webhook
from tests.processes import PATIENCE, wait_for
from tests.test_daily import MON, TUE, Capture, Desk, desk  # noqa: F401 - `desk` is a fixture
from tests.test_letter import HOSTILE, with_headline

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH", "ignore:'imghdr' is deprecated")
DAY = date.fromisoformat(DAYS[1])
ADA, BOB, CYD = "ada@news.example", "bob@news.example", "cyd@news.example"
PASSWORD = "PLANTED-password"
TOKEN = "PLANTEDtokenPLANTEDtoken22"


def mail(server: MailServer | Dripping, *recipients: str, **keys: Any) -> str:
    """A table of mail to a server on loopback."""
    told = {"host": "127.0.0.1", "port": server.port, "from": "desk@news.example", "security": "none", **keys}
    told["recipients"] = list(recipients) or [ADA]
    return '[[deliveries]]\nto = "mail"\n' + "".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items())


def private(server: MailServer, folder: Path, **keys: Any) -> dict[str, Any]:
    """Keys for a server that one logs in to over TLS, its authority's certificate put into the desk's folder."""
    server.authority.cert_pem.write_to_path(folder / "ca.pem")
    login = {"user": "desk", "password_variable": "MAIL_PASSWORD"}
    return {"security": server.security, "certificates": "ca.pem", **login, **keys}


def channel(**keys: Any) -> str:
    told = {"url_variable": "CHANNEL_URL", **keys}
    return '[[deliveries]]\nto = "channel"\n' + "".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items())


FOLDER = '[[deliveries]]\nto = "folder"\nformat = "md"\npath = "briefings/{date}.md"\n'


class Archived:
    """A desk whose archive has a briefing, and that is asked nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, folder / "summarizer.toml"
        (folder / "workspace").mkdir(parents=True)
        with Archive(str(folder / "workspace/archive.sqlite3")) as archive:
            archive.put(replayed(DAYS[1]))
            self.briefing = archive.briefing(DAY)

    def write(self, *tables: str) -> None:
        self.config.write_text('folders = ["articles"]\nworkspace = "workspace"\n' + "".join(tables))

    def deliver(self, *words: str) -> int:
        """`summarizer deliver`, here."""
        return main(["deliver", "--config", str(self.config), *words])


@pytest.fixture
def archived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archived:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    return Archived(tmp_path / "desk")


def to(server: MailServer) -> list[str]:
    return [mail.to for mail in server.arrived]


# ------------------------------------------------------------------------------- what arrives


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_arrives_whole(security: str, archived: Archived, capsys: Capture) -> None:
    """By STARTTLS and by TLS, with a login: text, HTML and attachments as they are rendered, to each by itself."""
    with MailServer(security, logins={"desk": PASSWORD}) as server:
        keys = private(server, archived.folder, attach=["md", "json", "ics", "csv"])
        sender = {"from": "Günther vom Tisch <desk@news.example>", "subject": "{date:%d.%m.} {headline}"}
        archived.write(mail(server, f"Ada Quill <{ADA}>", BOB, **keys, **sender))
        assert archived.deliver() == 0
    assert capsys.readouterr().out == f"{DAY}: sent mail to {ADA}, mail to {BOB}\n"
    assert [(one.sender, one.to) for one in server.arrived] == [("desk@news.example", ADA), ("desk@news.example", BOB)]
    assert server.connections == 1
    message = server.arrived[0].message
    assert message["From"] == "Günther vom Tisch <desk@news.example>"
    assert message["To"] == f"Ada Quill <{ADA}>"
    assert BOB.encode() not in server.arrived[0].raw
    assert message["Subject"] == f"13.05. {archived.briefing.stories[0].name}"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<briefing.news.example>"
    assert message["Date"].datetime.tzinfo is not None
    assert re.fullmatch(r"<briefing\.20310513\.[0-9a-f]{24}@news\.example>", message["Message-ID"])
    first, *attachments = message.iter_parts()
    assert first.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    html = message.get_body(("html",))
    assert html is not None
    assert archived.briefing.stories[0].name in html.get_content().replace("&#x27;", "'")
    got = {part.get_filename(): part.get_payload(decode=True) for part in attachments}
    assert got == {
        f"briefing-{DAY}.{form}": render_as(archived.briefing, form).encode() for form in ("md", "json", "ics", "csv")
    }
    assert not [line for line in server.arrived[0].raw.split(b"\r\n") if len(line) > 998 or not line.isascii()]


def test_a_file_can_hold_the_password(archived: Archived) -> None:
    """Its last line break is no part of it."""
    (archived.folder / "mail.password").write_text(f"{PASSWORD}\n")
    with MailServer("starttls", logins={"desk": PASSWORD}) as server:
        keys = private(server, archived.folder, password_file="mail.password")
        del keys["password_variable"]
        archived.write(mail(server, **keys))
        assert archived.deliver() == 0
    assert to(server) == [ADA]


def test_hostile_words_stay_where_they_belong(archived: Archived) -> None:
    """A headline with line breaks, headers and markup is a subject of one line, and text in both parts."""
    with Archive(str(archived.folder / "workspace/archive.sqlite3")) as archive:
        archive.put(with_headline(replayed(DAYS[1]), HOSTILE))
    with MailServer() as server:
        archived.write(mail(server))
        assert archived.deliver() == 0
    message = server.arrived[0].message
    assert message["Subject"] == flatten(HOSTILE)
    assert message["Bcc"] is None
    assert to(server) == [ADA]
    html = message.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()


WORDY = st.text(alphabet='ab Ü漢🙂’“.,:;=?_"<>()@-', min_size=1, max_size=200)


@example("=?utf-8?q?hi=0d=0aBcc:_x?= and so on")
@example("x" * 200)
@example("Günther 漢字 " * 16)
@hypothesis.settings(deadline=None)
@given(WORDY | st.text(min_size=1, max_size=200))
def test_any_headline_is_a_subject(headline: str) -> None:
    """What mail programs read is what was written, but for what steers; no line is too long, none is more than it."""
    if not flatten(headline):
        return
    table = Mail.model_validate({"to": "mail", "host": "h", "from": "d@x.example", "recipients": [ADA]})
    raw = DaysMail.of(table, with_headline(_small(), headline)).to(ADA, datetime(2031, 5, 13, tzinfo=UTC))
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert Arrived("", "", raw).message["Subject"] == flatten(headline)
    names = {line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")}
    assert names <= set(
        b"From To Subject Date Message-ID List-Id Auto-Submitted X-Auto-Response-Suppress Content-Language "
        b"MIME-Version Content-Type".split()
    )


def _small() -> Briefing:
    """A briefing with little in it."""
    one = replayed(DAYS[0])
    story = one.stories[0].model_copy(update={"bottom_line": one.stories[0].bottom_line[:1]})
    return one.model_copy(update={"stories": (story,), "disputes": (), "demands": ()})


def test_a_channel_gets_a_short_text(archived: Archived, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """As JSON and as a chat's webhook: headline, bottom line with ids, the page's address, not its own."""
    with Webhook() as plain, Webhook() as chat:
        monkeypatch.setenv("CHANNEL_URL", f"json://127.0.0.1:{plain.port}/{TOKEN}")
        monkeypatch.setenv("CHAT_URL", f"mmost://127.0.0.1:{chat.port}/{TOKEN}")
        link = "https://desk.example/{date}"
        archived.write(channel(link=link), channel(url_variable="CHAT_URL", link=link))
        assert archived.deliver() == 0
    out, err = capsys.readouterr()
    assert (out, err) == (f"{DAY}: sent channel CHANNEL_URL, channel CHAT_URL\n", "")
    ((path, posted),) = plain.posted
    assert path == f"/{TOKEN}"
    story = archived.briefing.stories[0]
    assert posted["title"] == story.name
    assert f"• {story.bottom_line[0].text} ({', '.join(story.bottom_line[0].cites)})" in posted["message"].splitlines()
    assert posted["message"].splitlines()[-1] == f"https://desk.example/{DAY}"
    ((path, posted),) = chat.posted
    assert path == f"/hooks/{TOKEN}"
    assert posted["text"].startswith(story.name)
    assert "github" not in json.dumps(posted)


def test_stdout_has_the_briefing_and_nothing_else(archived: Archived, capsys: Capture) -> None:
    """What became of the day is said on stderr then."""
    archived.write('[[deliveries]]\nto = "stdout"\nformat = "md"\n', FOLDER)
    assert archived.deliver() == 0
    out, err = capsys.readouterr()
    assert out == render_as(archived.briefing, "md")
    assert err == f"{DAY}: wrote {archived.folder}/briefings/{DAY}.md\n"


def test_paper_is_delivered(paper: None, desk: Desk, capsys: Capture) -> None:  # noqa: F811
    """As a file and as an attachment, the same bytes, of the day that `daily` has just made."""
    with MailServer() as server:
        desk.write(
            '[[deliveries]]\nto = "folder"\nformat = "pdf"\npath = "briefings/{date}.pdf"\n'
            + mail(server, attach=["pdf"])
        )
        desk.put(MON)
        assert desk.run(MON) == 0
    with Archive(desk.archive) as archive:
        made = render_bytes(archive.briefing(MON), "pdf")
    assert (desk.folder / f"briefings/{MON}.pdf").read_bytes() == made
    (part,) = server.arrived[0].message.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == (f"briefing-{MON}.pdf", "application/pdf")
    assert part.get_payload(decode=True) == made


def test_a_terminal_is_sent_no_paper(archived: Archived, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """Where standard output is one, a delivery to it is refused before the day is begun."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    archived.write('[[deliveries]]\nto = "stdout"\nformat = "pdf"\n', FOLDER)
    assert archived.deliver() == 2
    assert "pdf: a terminal can't show it" in capsys.readouterr().err
    assert archived.deliver("--to", "folder") == 0


def texts_of(page: str) -> list[str]:
    """The articles' texts that a page has."""
    bodies = fromstring(page).xpath("//article[@class='text'][not(p[contains(@class, 'absent')])]/div[@class='body']")
    return [body.text_content() for body in bodies]


def test_pages_have_the_texts_that_are_kept(desk: Desk, capsys: Capture) -> None:  # noqa: F811
    """In folder and mail, of the day that is made and by `deliver`; once they are forgotten, the quotations alone."""
    with MailServer() as server:
        folder = '[[deliveries]]\nto = "folder"\nformat = "html"\npath = "briefings/{date}.html"\n'
        desk.write(folder + mail(server, attach=["html"]))
        desk.put(MON)
        assert desk.run(MON) == 0
        with Archive(desk.archive) as archive:
            (kept,) = archive.articles_of(MON)
            page = render_as(archive.briefing(MON), "html", [kept])
        path = desk.folder / f"briefings/{MON}.html"
        assert path.read_text("utf-8") == page
        (body,) = texts_of(page)
        assert all(sentence in body for sentence in kept.text.splitlines())
        (part,) = server.arrived[0].message.iter_attachments()
        assert part.get_payload(decode=True) == page.encode()
        with Archive(desk.archive) as archive:
            archive.forget_texts(TUE)
        assert main(["deliver", "--config", str(desk.config), str(MON), "--to", "folder"]) == 0
    assert texts_of(path.read_text("utf-8")) == []
    assert "aria-labelledby" in path.read_text("utf-8")


def test_a_text_that_is_broken_costs_the_page_its_texts(desk: Desk, capsys: Capture) -> None:  # noqa: F811
    """It is told as a problem, code 3; the page is written with the quotations, and so is everything else."""
    desk.write('[[deliveries]]\nto = "folder"\nformat = "html"\npath = "briefings/{date}.html"\n' + FOLDER)
    desk.put(MON)
    assert desk.run(MON) == 0
    with closing(sqlite3.connect(desk.archive)) as file, file:
        file.execute("update articles set body = x'00'")
    assert main(["deliver", "--config", str(desk.config), str(MON)]) == 3
    assert "pages have the quotations without the articles' texts" in capsys.readouterr().err
    assert texts_of((desk.folder / f"briefings/{MON}.html").read_text("utf-8")) == []
    assert (desk.folder / f"briefings/{MON}.md").exists()


# ------------------------------------------------------------------------------- what fails


def test_a_refused_recipient_costs_himself(archived: Archived, capsys: Capture) -> None:
    """The others have it; the server's reply is told, code 3; the next time only he is sent it."""
    with MailServer(refuses=[BOB]) as server:
        archived.write(mail(server, ADA, BOB, CYD))
        assert archived.deliver() == 3
        reason = f"127.0.0.1:{server.port} refused the recipient: 550 5.1.1 nobody of that name here"
        lost = "the briefing was not delivered, and will be by the next start"
        assert f"summarizer: mail to {BOB}: {lost}: {reason}\n" in capsys.readouterr().err
        server.refuses = []
        assert archived.deliver() == 0
        assert archived.deliver() == 0
    assert to(server) == [ADA, CYD, BOB]
    assert capsys.readouterr().out.endswith("everybody was sent it before; --again sends it again\n")


def test_a_connection_that_breaks_costs_one_mail(archived: Archived, capsys: Capture) -> None:
    """What breaks off in the middle of a mail is opened anew for the next; the first is sent again later."""
    with MailServer(drops=1) as server:
        archived.write(mail(server, ADA, BOB))
        assert archived.deliver() == 3
        assert f"mail to {ADA}: " in (err := capsys.readouterr().err)
        assert f"127.0.0.1:{server.port} hung up; it may have taken the mail" in err
        assert to(server) == [BOB]
        assert archived.deliver() == 0
    assert to(server) == [BOB, ADA]


def test_a_server_that_breaks_off_each_time_is_given_up(archived: Archived, capsys: Capture) -> None:
    """After two sessions it isn't asked again by this start."""
    with MailServer(drops=9) as server:
        archived.write(mail(server, ADA, BOB, CYD))
        assert archived.deliver() == 3
        assert server.connections == 2
    assert capsys.readouterr().err.count("hung up") == 2  # the second and the third met the same


def test_a_server_that_never_finishes_is_not_waited_for(archived: Archived, capsys: Capture) -> None:
    """It says a byte now and then: one wait for all recipients, and what comes after it is delivered."""
    with Dripping() as server:
        archived.write(mail(server, ADA, BOB, timeout=0.4), FOLDER)
        assert archived.deliver() == 3
        assert server.connections == 1
    assert f"127.0.0.1:{server.port} was not done in 0.4 seconds" in capsys.readouterr().err
    assert (archived.folder / f"briefings/{DAY}.md").exists()


def test_a_channel_that_never_finishes_is_not_waited_for(
    archived: Archived, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Also where each byte comes in time."""
    with Dripping() as server:
        monkeypatch.setenv("CHANNEL_URL", f"json://127.0.0.1:{server.port}/{TOKEN}")
        archived.write(channel(timeout=0.4), FOLDER)
        assert archived.deliver() == 3
    err = capsys.readouterr().err
    assert "channel CHANNEL_URL: the briefing was not delivered" in err
    assert TOKEN not in err
    assert (archived.folder / f"briefings/{DAY}.md").exists()


def test_a_channel_that_refuses_is_told_without_its_address(
    archived: Archived, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """What the server answered is told; it is owed, and sent when the server takes it."""
    with Webhook(status=500) as hook:
        monkeypatch.setenv("CHANNEL_URL", f"json://desk:{PASSWORD}@127.0.0.1:{hook.port}/{TOKEN}")
        archived.write(channel())
        assert archived.deliver() == 3
        err = capsys.readouterr().err
        assert "error=500" in err
        assert TOKEN not in err
        assert PASSWORD not in err
        hook.status = 200
        assert archived.deliver() == 0
        assert archived.deliver() == 0
    assert len(hook.posted) == 2


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(archived: Archived, capsys: Capture) -> None:
    """Nothing is sent, and what to do is said."""
    with MailServer("starttls") as server:
        archived.write(mail(server, security="starttls"))
        assert archived.deliver() == 3
    assert server.arrived == []
    assert "shows a certificate that can't be trusted" in (err := capsys.readouterr().err)
    assert "`certificates` names a file of one's own authority" in err


def test_without_starttls_nothing_is_sent_in_the_clear(archived: Archived, capsys: Capture) -> None:
    """A server that doesn't offer it, or from whom somebody took the offer, gets neither login nor mail."""
    with MailServer(logins={"desk": PASSWORD}) as server:
        archived.write(mail(server, security="starttls", user="desk", password_variable="MAIL_PASSWORD"))
        assert archived.deliver() == 3
    assert server.arrived == []
    assert "can't do what is asked: STARTTLS" in capsys.readouterr().err


def test_a_password_is_nowhere(archived: Archived, capfd: pytest.CaptureFixture[str]) -> None:
    """A server that repeats it, as it is and as it crosses the wire: neither is told, nor kept."""
    import base64

    packed = base64.b64encode(f"\0desk\0{PASSWORD}".encode()).decode()
    with MailServer("tls", logins={"desk": "another"}, says_no=f"535 no: {PASSWORD} {packed}") as server:
        archived.write(mail(server, **private(server, archived.folder)))
        assert archived.deliver() == 3
    out, err = capfd.readouterr()
    assert f"127.0.0.1:{server.port} refused the login: 535 no: [key] [key]" in err
    kept = b"".join(path.read_bytes() for path in archived.folder.rglob("*") if path.is_file())
    for secret in (PASSWORD, packed):
        assert secret not in out + err
        assert secret.encode() not in kept


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        pytest.param(channel(), "the variable CHANNEL_URL is not set", id="variable"),
        pytest.param(
            '[[deliveries]]\nto = "channel"\nurl_file = "url"\n',
            "url can't be read: No such file or directory",
            id="file",
        ),
    ],
)
def test_what_is_missing_is_named(table: str, reason: str, archived: Archived, capsys: Capture) -> None:
    """A secret that isn't there costs its delivery, and is owed."""
    archived.write(table, FOLDER)
    assert archived.deliver() == 3
    assert reason in capsys.readouterr().err
    assert (archived.folder / f"briefings/{DAY}.md").exists()


def test_an_address_that_is_none_is_not_repeated(
    archived: Archived, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What Apprise says of it isn't either."""
    monkeypatch.setenv("CHANNEL_URL", f"nonsense://{TOKEN}")
    archived.write(channel())
    assert archived.deliver() == 3
    out, err = capfd.readouterr()
    assert "its address is none that Apprise knows" in err
    assert TOKEN not in out + err


def test_without_apprise_it_is_said_what_to_install(
    archived: Archived, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """The rest is delivered."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.setenv("CHANNEL_URL", "json://127.0.0.1:9/")
    archived.write(channel(), FOLDER)
    assert archived.deliver() == 3
    assert "Apprise is not installed: pip install 'summarizer[deliver]'" in capsys.readouterr().err
    assert (archived.folder / f"briefings/{DAY}.md").exists()


# ------------------------------------------------------------------------------- once


def test_what_could_not_be_sent_is_sent_by_the_next_start(desk: Desk, capsys: Capture) -> None:  # noqa: F811
    """A server that is down costs neither the briefing nor the file; the next start sends it once, asking nothing."""
    server = MailServer()
    desk.write(mail(server, ADA, BOB) + FOLDER)
    desk.put(MON)
    assert desk.run(MON) == 3
    assert f"127.0.0.1:{server.port} can't be used: Connection refused" in capsys.readouterr().err
    assert desk.files() == [f"{MON}.md"]
    asked = len(desk.model.asked)
    with server:
        for _ in range(2):
            assert desk.run(MON) == 0
        desk.put(TUE)
        assert desk.run(TUE) == 0
    assert to(server) == [ADA, BOB, ADA, BOB]
    assert len({one.message["Message-ID"] for one in server.arrived}) == 4
    assert f"; sent mail to {ADA}, mail to {BOB}\n" in capsys.readouterr().out
    assert asked < len(desk.model.asked)


def test_a_kill_sends_twice_at_worst(desk: Desk) -> None:  # noqa: F811
    """Killed after the server took the second mail: the first isn't sent again, the second is, as the same mail."""
    block, held = threading.Event(), threading.Event()

    def taken(one: Arrived) -> None:
        if one.to == BOB and not held.is_set():
            held.set()
            block.wait(PATIENCE)

    with MailServer(taken=taken) as server:
        desk.write(mail(server, ADA, BOB, CYD) + FOLDER)
        desk.put(MON)
        process = desk.start(MON)
        wait_for(held.is_set)
        process.send_signal(signal.SIGKILL)
        assert process.end()[0] == -signal.SIGKILL
        block.set()
        asked = len(desk.model.asked)
        for _ in range(2):
            assert desk.run(MON) == 0
    assert len(desk.model.asked) == asked
    assert to(server) == [ADA, BOB, BOB, CYD]
    ids = [one.message["Message-ID"] for one in server.arrived]
    assert ids[1] == ids[2]
    assert len(set(ids)) == 3
    assert desk.files() == [f"{MON}.md"]


def test_a_day_that_is_made_again_is_not_sent_again(desk: Desk) -> None:  # noqa: F811
    """Neither by --again, which replaces the file, nor because the archive could not be written."""
    with MailServer() as server:
        desk.write(mail(server) + FOLDER)
        desk.put(MON)
        assert desk.run(MON) == 0
        desk.put(MON)
        assert desk.run(MON, "--again") == 0
        assert "Paper 2" in (desk.folder / f"briefings/{MON}.md").read_text()
        with sqlite3.connect(desk.archive) as base:
            base.execute("CREATE TRIGGER full BEFORE INSERT ON briefings BEGIN SELECT RAISE(ABORT, 'no room'); END")
        desk.put(TUE)
        assert desk.run(TUE) == 3
        with sqlite3.connect(desk.archive) as base:
            base.execute("DROP TRIGGER full")
        assert desk.run(TUE) == 0
        assert len(server.arrived) == 2
        assert main(["deliver", str(MON), "--again", "--config", str(desk.config)]) == 0
    first, second, third = (one.message for one in server.arrived)
    assert first["Subject"] == third["Subject"]
    assert first["Message-ID"] != third["Message-ID"]  # it says more than it did
    assert second["Message-ID"] not in (first["Message-ID"], third["Message-ID"])


def test_a_mail_that_is_two_weeks_late_is_given_up(desk: Desk, capsys: Capture) -> None:  # noqa: F811
    """It is told once, with the command that sends it; a file is written whenever it can be."""
    server = MailServer()
    desk.write(mail(server) + FOLDER)
    desk.put(MON)
    (desk.folder / "briefings").write_text("in the way")
    assert desk.run(MON) == 3
    later = MON + timedelta(days=15)
    (desk.folder / "briefings").unlink()
    with server:
        capsys.readouterr()
        assert desk.run(later) == 3
        err = capsys.readouterr().err
        assert f"mail to {ADA}: the briefing is no longer tried to be sent: it could not be in 14 days" in err
        assert desk.files() == [f"{MON}.md"]
        assert desk.run(later) == 0
        assert server.arrived == []
        assert f"`summarizer deliver {MON}`" in err
        assert main(["deliver", str(MON), "--config", str(desk.config)]) == 0
    assert to(server) == [ADA]


def test_who_is_no_longer_named_is_owed_nothing(archived: Archived) -> None:
    """A receiver that was taken out of the file isn't tried again."""
    server = MailServer()
    archived.write(mail(server, ADA, BOB))
    assert archived.deliver() == 3
    with server:
        archived.write(mail(server, BOB))
        assert archived.deliver() == 0
    assert to(server) == [BOB]


# ------------------------------------------------------------------------------- by hand


def test_one_receiver_can_be_meant(archived: Archived, capsys: Capture) -> None:
    """By the kind, the address or the path; what isn't meant is left alone; a name that is none is code 2."""
    with MailServer() as server:
        archived.write(mail(server, ADA, BOB), FOLDER)
        assert archived.deliver(str(DAY), "--to", BOB) == 0
        assert to(server) == [BOB]
        assert not (archived.folder / "briefings").exists()
        assert archived.deliver("--to", "folder") == 0
        assert archived.deliver("--to", "mail", "--quiet") == 0
        assert to(server) == [BOB, ADA]
        assert archived.deliver("--to", "eve@x.example") == 2
        assert archived.deliver("2031-01-01") == 2
    err = capsys.readouterr().err
    assert f"no such receiver; there are: mail to {ADA}, mail to {BOB}, briefings/{{date}}.md" in err
    assert "no briefing of 2031-01-01; `summarizer list` says which there are" in err


def test_delivering_from_python(archived: Archived) -> None:
    """`deliver` says where it went, and raises what the command tells."""
    with MailServer() as server:
        archived.write(mail(server), FOLDER)
        run = deliver(load_plan(archived.config))
        assert (run.day, run.sent, run.problems) == (DAY, (f"mail to {ADA}",), ())
        assert run.written == (archived.folder / f"briefings/{DAY}.md",)
        assert deliver(load_plan(archived.config), DAY, to=["mail"]).sent == ()
        assert deliver(load_plan(archived.config), DAY, to=["mail"], again=True).sent == (f"mail to {ADA}",)
        with pytest.raises(NotArchived):
            deliver(load_plan(archived.config), MON)
        with pytest.raises(InputError, match="no such receiver"):
            deliver(load_plan(archived.config), to=["eve"])


# ------------------------------------------------------------------------------- the file


BASE = 'host = "mail.news.example"\nfrom = "desk@news.example"\nrecipients = ["ada@news.example"]\n'


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        pytest.param('to = "fax"', 'deliveries 1.to: is missing, or nothing that is known; write "folder"', id="kind"),
        pytest.param('format = "md"', "deliveries 1.to: is missing", id="no kind"),
        pytest.param(
            'to = "mail"\nhost = "h"\nrecipients = ["a@b.example"]', "deliveries 1.from: is missing", id="from"
        ),
        pytest.param(
            f'to = "mail"\n{BASE}security = "none"', "would send everything in the clear; take it out", id="clear"
        ),
        pytest.param(
            f'to = "mail"\n{BASE}user = "desk"', "password_variable is missing; write it as in", id="no password"
        ),
        pytest.param(
            f'to = "mail"\n{BASE}user = "desk"\npassword_variable = "A"\npassword_file = "b"',
            "password_variable and password_file are both given; take one out",
            id="two passwords",
        ),
        pytest.param(f'to = "mail"\n{BASE}password_file = "b"', "user is missing", id="no user"),
        pytest.param(
            f'to = "mail"\n{BASE}subject = "a\\nBcc: b"', "deliveries 1.subject: must be one line", id="subject"
        ),
        pytest.param(
            f'to = "mail"\n{BASE}subject = "{{headline.text}}"',
            "in braces these are known: {headline}, {date}",
            id="braces",
        ),
        pytest.param(
            f'to = "mail"\n{BASE}attach = ["doc"]', "deliveries 1.attach 1: there is no format 'doc'", id="attach"
        ),
        pytest.param(f'to = "mail"\n{BASE}link = "ftp://a"', "deliveries 1.link: is no address of a page", id="link"),
        pytest.param(f'to = "mail"\n{BASE}timeout = 0', "deliveries 1.timeout: must be greater than 0", id="timeout"),
        pytest.param(
            f'to = "mail"\n{BASE}hots = "x"', "deliveries 1.hots: there is no such key; did you mean", id="misspelt"
        ),
        pytest.param(
            'to = "mail"\nhost = "h"\nfrom = "d@x.example"\nrecipients = []',
            "recipients: must have one, at least",
            id="none",
        ),
        pytest.param('to = "channel"', "url_variable is missing; write it as in url_variable", id="no address"),
        *(
            pytest.param(
                f'to = "mail"\nhost = "h"\nfrom = {json.dumps(wrong)}\nrecipients = ["a@b.example"]',
                "deliveries 1.from: ",
                id=f"from {wrong!r}",
            )
            for wrong in ("desk", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "ö@b.example", "<>", "")
        ),
    ],
)
def test_mistakes_in_a_table_are_named(keys: str, complaint: str, tmp_path: Path, capsys: Capture) -> None:
    """Each with the delivery's number, the key and what to write, code 2."""
    config = tmp_path / "summarizer.toml"
    config.write_text(f'folders = ["a"]\n[[deliveries]]\n{keys}\n')
    assert main(["deliver", "--config", str(config)]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("keys", "advice"),
    [
        ('to = "mail"\npassword = "PLANTED"', 'password_variable = "PASSWORD"'),
        ('to = "channel"\nurl = "slack://PLANTED"', 'url_variable = "URL"'),
        (
            'to = "channel"\nurl_variable = "slack://PLANTED/b"',
            "is no name of a variable; write one in capital letters",
        ),
        (f'to = "mail"\n{BASE}user = "desk"\npassword_variable = "pLANTED"', "is no name of a variable"),
        ('to = "mail"\nhost = "desk:PLANTED@mail.example"', "deliveries 1.host: has characters that can't stand there"),
    ],
)
def test_a_secret_in_the_file_is_refused(keys: str, advice: str, tmp_path: Path, capsys: Capture) -> None:
    """It is not repeated, and where it belongs is said."""
    config = tmp_path / "summarizer.toml"
    config.write_text(
        f'folders = ["a"]\n[[deliveries]]\nto = "folder"\nformat = "md"\npath = "a"\n[[deliveries]]\n{keys}\n'
    )
    assert main(["deliver", "--config", str(config)]) == 2
    err = capsys.readouterr().err.replace("deliveries 2", "deliveries 1")
    assert advice in err
    assert "planted" not in err.lower()


def test_two_to_one_receiver_are_refused(tmp_path: Path, capsys: Capture) -> None:
    """An address that stands in two tables, in whatever case, would get two mails a day."""
    config = tmp_path / "summarizer.toml"
    table = f'[[deliveries]]\nto = "mail"\n{BASE}'
    config.write_text(f'folders = ["a"]\n{table}{table.replace("ada@", "Ada@")}')
    assert main(["deliver", "--config", str(config)]) == 2
    assert (
        "deliveries: two go to 'mail to ada@news.example'; give each a receiver of its own" in capsys.readouterr().err
    )


def test_every_format_can_be_attached(paper: None) -> None:
    """Each has a name and a type of its own."""
    table = {"to": "mail", "host": "h", "from": "d@x.example", "recipients": [ADA], "attach": list(FORMS)}
    written = DaysMail.of(Mail.model_validate(table), replayed(DAYS[0]))
    assert len(written.attachments) == len(FORMS)


# ------------------------------------------------------------------------------- the docs


def blocks(language: str) -> list[str]:
    page = (ROOT / "docs/delivery.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.M | re.S)


def test_the_docs_file_delivers(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:  # noqa: F811
    """The file in docs/delivery.md, with servers on loopback for its own, does what the page says of it."""
    (table,) = blocks("toml")
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    with MailServer("starttls", logins={"desk": PASSWORD}) as server, Webhook() as hook:
        monkeypatch.setenv("CHANNEL_URL", f"json://127.0.0.1:{hook.port}")
        server.authority.cert_pem.write_to_path(desk.folder / "ca.pem")
        here = f'"127.0.0.1"\nport = {server.port}\ncertificates = "ca.pem"'
        table = table.replace('"mail.news.example"', here).replace('["https://news.example/feed.xml"]', "[]")
        model = f'base_url = "{desk.model.base_url}"\nmin_reports = 1\nattempts = 1\n'
        desk.config.write_text(model + table)
        desk.put(MON)
        assert desk.run(MON) == 0
    told = capsys.readouterr().out
    path = desk.folder / f"briefings/{MON}.md"
    assert told.endswith(f"; wrote {path}; sent mail to {ADA}, mail to {BOB}, channel CHANNEL_URL\n")
    assert to(server) == [ADA, BOB]
    message = server.arrived[0].message
    assert message["Subject"].startswith("12 May: ")
    assert [part.get_filename() for part in message.iter_attachments()] == [f"briefing-{MON}.html"]
    assert hook.posted[0][1]["message"].endswith(f"\nhttps://news.example/briefings/{MON}")


def test_the_docs_python_delivers(archived: Archived, capsys: Capture) -> None:
    """The code in docs/delivery.md writes the last day's file."""
    archived.write(FOLDER)
    (code,) = blocks("python")
    exec(code.replace("/srv/desk", str(archived.folder)), {})
    path = archived.folder / f"briefings/{DAY}.md"
    assert capsys.readouterr().out == f"{DAY} ({path!r},) () ()\n"


def test_the_docs_show_the_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """The options in docs/delivery.md are the command's, and its commands can be typed."""
    page = (ROOT / "docs/delivery.md").read_text(encoding="utf-8")
    found = re.findall(r"^    summarizer deliver(.*?)(?: +#.*)?$", page, re.M)
    assert len(found) == 3
    for words in found:
        build_parser().parse_args(["deliver", *words.split()])
    if sys.version_info >= (3, 13):
        pytest.skip("argparse words option strings otherwise from 3.13 on; the docs have 3.11's wording")
    monkeypatch.setenv("COLUMNS", "100")
    commands = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    assert commands.choices["deliver"].format_help() in blocks("text")


def test_every_row_of_what_happens_has_its_test() -> None:
    """Each row names at least one test, and each test that is named exists."""
    page = (ROOT / "docs/delivery.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| (.*) \|$", page.partition("## What happens when")[2], re.M)
    assert len(rows) >= 12
    for row in rows:
        named = re.findall(r"`(test_\w+)::(test_\w+)`", row)
        assert named, row
        for module, test in named:
            assert f"def {test}(" in (ROOT / f"tests/{module}.py").read_text(encoding="utf-8"), test


def test_what_is_owed_outlasts_an_archive_that_is_away(desk: Desk) -> None:  # noqa: F811
    """A start that finds an empty one delivers what it makes, and leaves the debt to a later one."""
    server = MailServer()
    desk.write(mail(server, ADA))
    desk.put(MON)
    assert desk.run(MON) == 3
    kept, away = Path(desk.archive), desk.folder / "away"
    away.mkdir()
    for file in kept.parent.glob(f"{kept.name}*"):
        file.rename(away / file.name)
    desk.put(TUE)
    desk.run(TUE)
    for file in kept.parent.glob(f"{kept.name}*"):
        file.unlink()
    for file in away.iterdir():
        file.rename(kept.parent / file.name)
    with server:
        desk.run(TUE)
    told = [one.message.get_body(("plain",)).get_content() for one in server.arrived]  # type: ignore[union-attr]
    assert sorted(sum(in_full(day) in text for text in told) for day in (MON, TUE)) == [1, 1]


def test_a_desk_that_is_moved_remembers_what_it_sent(archived: Archived, capsys: Capture) -> None:
    """Its folder elsewhere, with workspace and archive in it: nobody gets a mail twice."""
    with MailServer() as server:
        archived.write(mail(server, ADA))
        assert archived.deliver() == 0
        moved = archived.folder.rename(archived.folder.with_name("elsewhere"))
        archived.config = moved / archived.config.name
        assert archived.deliver() == 0
    assert to(server) == [ADA]


@pytest.mark.parametrize(("text", "reason"), [(None, "No such file"), ("none", "is no PEM file of certificates")])
def test_certificates_that_can_t_be_read_are_named(
    text: str | None, reason: str, archived: Archived, capsys: Capture
) -> None:
    """The file is to blame, and not the server."""
    if text:
        (archived.folder / "ca.pem").write_text(text)
    with MailServer("starttls", logins={"desk": PASSWORD}) as server:
        archived.write(mail(server, ADA, **{**private(server, archived.folder), "certificates": "other.pem"}))
        if text:
            (archived.folder / "other.pem").write_text(text)
        assert archived.deliver() == 3
    err = capsys.readouterr().err
    assert "certificates: " in err and "other.pem can't be used: " in err and reason in err
