"""In and out: tables that officers bring and take, as CSV or XLSX. What they mean is decided in storage/stock; nothing is posted half."""
