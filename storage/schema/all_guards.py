"""Every guard of the books, in the order in which they are made."""

from storage.schema.goods_guards import GOODS_GUARDS
from storage.schema.ledger_guards import LEDGER_GUARDS
from storage.schema.stock_guards import STOCK_GUARDS

GUARDS = [*LEDGER_GUARDS, *STOCK_GUARDS, *GOODS_GUARDS]
