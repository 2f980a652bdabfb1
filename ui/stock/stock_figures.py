"""The figures of the stock page: a row per class of one warehouse, or a row per warehouse."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.ledger.position import StockLine
from storage.places import Site


@dataclass(frozen=True)
class Figures:
    """One row, in sheets. class_id: None for the sum of a warehouse. declared, received: of deliveries, without reprints.

    sent: packed here and gone, on the way or arrived. ready: good for election day, wherever they are: here, packed or sent.
    """

    name: str
    site_id: int
    class_id: int | None
    need: int
    declared: int
    received: int
    short: int
    over: int
    reprinted: int
    reprint_open: int
    unsorted: int
    good: int
    damaged: int
    packed: int
    sent: int
    ready: int
    missing: int


def rows_of_site(lines: Sequence[StockLine], names: Mapping[int, str]) -> list[Figures]:
    """A row for each class of one warehouse."""
    return [_sum(names[line.class_id], line.site_id, line.class_id, [line]) for line in lines]


def rows_of_all(lines: Sequence[StockLine], sites: Iterable[Site]) -> list[Figures]:
    """A row for each warehouse, summed over its classes; missing is summed class by class, for no class helps another."""
    return [_sum(site.name, site.id, None, [line for line in lines if line.site_id == site.id]) for site in sites]


def total(name: str, lines: Sequence[StockLine]) -> Figures:
    """All of them in one row."""
    return _sum(name, 0, None, lines)


def _sum(name: str, site_id: int, class_id: int | None, lines: Sequence[StockLine]) -> Figures:
    return Figures(
        name,
        site_id,
        class_id,
        need=sum(line.need for line in lines),
        declared=sum(line.declared for line in lines),
        received=sum(line.received for line in lines),
        short=sum(line.short for line in lines),
        over=sum(line.over for line in lines),
        reprinted=sum(line.reprinted for line in lines),
        reprint_open=sum(line.reprint_open for line in lines),
        unsorted=sum(line.unsorted for line in lines),
        good=sum(line.good for line in lines),
        damaged=sum(line.damaged for line in lines),
        packed=sum(line.packed for line in lines),
        sent=sum(line.in_transit + line.sent for line in lines),
        ready=sum(line.good + line.packed + line.in_transit + line.delivered + line.sent for line in lines),
        missing=sum(line.missing for line in lines),
    )
