"""What of an event goes into its link: these tables and columns, in this order. Forms 1 and 2 of storage/rules/chain.py.

A column that is added later is not in it, or it makes a new form: what has been chained once must hash the same for ever.
"""

EVENT = (
    *("id", "site_id", "kind", "happened_at", "recorded_at", "person_id", "second_id", "reason"),
    *("reverses_id", "holds_from", "key"),
)
MOVEMENT = ("class_id", "quantity", "from_site_id", "from_state", "from_container_id", "to_site_id", "to_state", "to_container_id")
# Without the event's number, which is in the event; by the tables' names.
FACTS: dict[str, tuple[str, ...]] = {
    "consignment": ("number", "to_site_id", "from_person", "to_person", "vehicle", "route", "escort"),
    "consignment_end": ("consignment_id",),
    "container": ("id", "code", "kind"),
    "count_acceptance": ("count_id", "sheet_id"),
    "count_sheet": ("count_id", "team", "unsorted", "good", "damaged", "surplus", "packed"),
    "damage_line": ("class_id", "criterion", "sheets"),
    "delivery": ("note_number", "order_id"),
    "delivery_line": ("class_id", "declared", "received", "misrouted"),
    "minutes": ("number",),
    "need_line": ("class_id", "sheets", "voters", "stations", "reserve_num", "reserve_den"),
    "packing": ("station_id", "class_id", "container_id", "entitled", "sheets"),
    "placement": ("container_id", "parent_id", "room_id"),
    "polling_station": ("election", "site_id", "voters"),
    "print_order": ("number", "printer_id"),
    "print_order_line": ("class_id", "sheets"),
    "reprint_receipt": ("request_id", "sheets", "for_short"),
    "reprint_request": ("class_id", "for_damaged", "for_short"),
    "seal": ("number", "container_id"),
    "seal_break": ("seal_number",),
    "sorting_run": ("team",),
    "stock_close": ("closed_until", "final"),
    "stock_count": ("class_id", "position", "began_at"),
    "unpacking": ("packing_id",),
    "voters_roll": ("election", "stations", "voters", "sha256"),
    "witness": ("name", "institution"),
    "witness_signature": ("name", "sha256"),
}
# Of what is no event of the stock: form 2.
RECORD = ("event_id", "site_id", "act", "at", "person_id", "second_id", "body")
