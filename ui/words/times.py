"""Instants and spans as a person reads them: in the zone of the warehouse, with the zone's name."""

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from ui.words.speech import _

_ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def zone_name(zone: str) -> str:
    """WIB, WITA or WIT for Indonesia's zones; for any other its IANA name."""
    return _ZONE_NAMES.get(zone, zone)


def clock_time(at: datetime, tz: tzinfo) -> str:
    """02:51:07."""
    return at.astimezone(tz).strftime("%H:%M:%S")


def short_time(at: datetime, tz: tzinfo) -> str:
    """22:00."""
    return at.astimezone(tz).strftime("%H:%M")


def day_time(at: datetime, tz: tzinfo) -> str:
    """22/11/2026 14:03, as Indonesian papers have it; the year stands because books run over years."""
    return at.astimezone(tz).strftime("%d/%m/%Y %H:%M")


def clock_with_zone(at: datetime, zone: str) -> str:
    """03:12:07 WIB."""
    return f"{clock_time(at, ZoneInfo(zone))} {zone_name(zone)}"


def span(length: timedelta) -> str:
    """A length of time, short: 0:41 (minutes and seconds), 2:05:09 (hours too), 3 d 04:10 beyond a day. Never negative."""
    seconds = max(0, int(length.total_seconds()))
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return _("{days} d {clock}").format(days=days, clock=f"{hour:02d}:{minute:02d}")
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
