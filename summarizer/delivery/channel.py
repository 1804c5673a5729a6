"""A briefing to a chat, a phone or whatever else Apprise reaches. Its address is a secret: it is never repeated."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from summarizer.delivery.kinds import Channel, held_secret
from summarizer.delivery.patience import within
from summarizer.errors import Undelivered
from summarizer.models import Briefing
from summarizer.render.notice import LONGEST, write_notice
from summarizer.secrets import masked
from summarizer.text import clipped, flatten

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase


def send_notice(channel: Channel, briefing: Briefing, folder: Path) -> None:
    """Send the short text of a briefing.

    Args:
        channel: it goes to.
        briefing: that is told.
        folder: that paths are relative to.

    Raises:
        Undelivered: if the channel doesn't take it, or not in time.
    """
    url = held_secret(channel, "url", folder) or ""
    try:
        import apprise  # noqa: PLC0415 - of an extra, and slow
    except ImportError:
        raise Undelivered("Apprise is not installed: pip install 'summarizer[deliver]'") from None
    with _overheard() as said:
        asset = apprise.AppriseAsset(app_id="summarizer", app_desc="briefing", image_url_mask="", async_mode=False)
        service = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
        if not isinstance(service, apprise.NotifyBase):
            raise Undelivered("its address is none that Apprise knows; see the list of services in Apprise's manual")
        service.socket_connect_timeout = service.socket_read_timeout = channel.timeout
        notice = write_notice(
            briefing,
            longest=min(LONGEST, service.body_maxlen),
            longest_title=service.title_maxlen,
            link=channel.link.format(date=briefing.date) if channel.link else None,
        )
        try:
            taken = within(channel.timeout, lambda: _notified(service, notice.title, notice.body, asset))
        except TimeoutError:
            late = f"not taken in {channel.timeout:g} seconds; it may have come all the same"
            raise Undelivered(f"{service.service_name}: {late}") from None
    if not taken:
        reason = clipped(masked(flatten("; ".join(dict.fromkeys(said))), _parts(url)), 300)
        raise Undelivered(f"{service.service_name}: {reason or 'it was not taken'}")


def _notified(service: NotifyBase, title: str, body: str, asset: AppriseAsset) -> bool:
    import apprise  # noqa: PLC0415

    everyone = apprise.Apprise(asset=asset)
    everyone.add(service)
    return bool(everyone.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT))


class _Listener(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.said.append(record.getMessage())


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What Apprise logs in the block, where it says why; it goes nowhere else, as addresses may be in it."""
    logger, listener = logging.getLogger("apprise"), _Listener()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield listener.said
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagate


def _parts(url: str) -> set[str]:
    """What in an address may be secret: all of it, and each part that is long enough to be told apart."""
    _, _, rest = url.partition("://")
    parts = {part for part in re.split(r"[/?&=@:,+#-]", rest) if len(part) >= 6}
    return {url, rest, *parts, *map(unquote, parts)}
