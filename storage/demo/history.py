"""A made-up month of one ballot class in one warehouse: what comes on which day, what sorting finds, what is reprinted.

Numbers only, day by day, on no database; every figure follows from the seed.
"""

import random
from dataclasses import dataclass, field

from storage.rules.delivery import DeliveryLine

# Days of work, counted from 0; the calendar is the books' affair.
DAYS = 30
LAST_DELIVERY = 16
SHORT_REQUEST, SHORT_RECEIPT = 18, 23
DAMAGED_REQUEST, DAMAGED_RECEIPT = 20, 25
LAST_REQUEST = 28
LAST_SORTING = 27


@dataclass(frozen=True)
class Plan:
    """How a class fares in a warehouse. need: sheets; sorted_pct: how far sorting has come at the end.

    first_delivery: day; batches: delivery notes it comes on; short, over: sheets by which one of them differs from what it
    declares; reprinted_pct: how much of the damaged sheets requested first has come; outstanding: sheets not yet delivered.
    """

    need: int
    sorted_pct: int
    first_delivery: int
    batches: int
    short: int = 0
    over: int = 0
    reprinted_pct: int = 0
    outstanding: int = 0


@dataclass
class History:
    """What happened, by day. requests: (for_damaged, for_short); receipts: sheets, in the order of the requests they answer."""

    deliveries: dict[int, DeliveryLine] = field(default_factory=dict)
    sortings: dict[int, tuple[int, int]] = field(default_factory=dict)
    requests: dict[int, tuple[int, int]] = field(default_factory=dict)
    receipts: dict[int, tuple[int, int]] = field(default_factory=dict)
    good: int = 0
    damaged: int = 0
    unsorted: int = 0

    @property
    def received(self) -> int:
        """Sheets received, reprints among them."""
        delivered = sum(line.received for line in self.deliveries.values())
        return delivered + sum(sheets for _, sheets in self.receipts.values())


def make_history(plan: Plan, rng: random.Random) -> History:
    """Plays the days of one plan. receipts hold (day of the request, sheets)."""
    history = History(deliveries=_deliveries(plan, rng))
    if plan.short:
        history.requests[SHORT_REQUEST] = (0, plan.short)
        history.receipts[SHORT_RECEIPT] = (SHORT_REQUEST, plan.short)
    for day in range(DAYS):
        _request_damaged(history, plan, day)
        _sort(history, plan, day, rng)
        if day in history.deliveries:
            history.unsorted += history.deliveries[day].received
        if day in history.receipts:
            history.unsorted += history.receipts[day][1]
    return history


def _deliveries(plan: Plan, rng: random.Random) -> dict[int, DeliveryLine]:
    """The need in batches of 500s but for the last; the second differs from its note, the last lacks what is outstanding."""
    share = plan.need // plan.batches
    sheets = [max(500, round(share * rng.uniform(0.9, 1.08) / 500) * 500) for _ in range(plan.batches - 1)]
    sheets.append(plan.need - sum(sheets) - plan.outstanding)
    differing = min(1, plan.batches - 1)
    step = (LAST_DELIVERY - plan.first_delivery) / max(1, plan.batches - 1)
    lines = {}
    for number, declared in enumerate(sheets):
        received = declared + (plan.over - plan.short if number == differing else 0)
        lines[plan.first_delivery + int(number * step)] = DeliveryLine(0, declared, received)
    return lines


def _request_damaged(history: History, plan: Plan, day: int) -> None:
    """Damaged sheets are asked for twice; the printer has answered part of the first request."""
    if day == DAMAGED_REQUEST and history.damaged:
        history.requests[day] = (history.damaged, 0)
        came = history.damaged * plan.reprinted_pct // 100
        if came:
            history.receipts[DAMAGED_RECEIPT] = (day, came)
    if day == LAST_REQUEST:
        asked = sum(for_damaged for for_damaged, _ in history.requests.values())
        if history.damaged > asked:
            history.requests[day] = (history.damaged - asked, 0)


def _sort(history: History, plan: Plan, day: int, rng: random.Random) -> None:
    """A day's sorting: an even share of what is left to do until the end, one or two sheets in a thousand damaged."""
    target = (history.received if plan.sorted_pct == 100 else plan.need) * plan.sorted_pct // 100
    days_left = (LAST_SORTING + 1 if plan.sorted_pct == 100 else DAYS) - day
    if history.unsorted == 0 or days_left < 1:
        return
    remaining = target - history.good - history.damaged
    quota = remaining if days_left == 1 else round(remaining / days_left * rng.uniform(0.75, 1.25))
    sheets = min(history.unsorted, quota)
    if sheets <= 0:
        return
    damaged = round(sheets * rng.uniform(0.0008, 0.0022))
    history.sortings[day] = (sheets - damaged, damaged)
    history.good += sheets - damaged
    history.damaged += damaged
    history.unsorted -= sheets
