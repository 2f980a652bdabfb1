"""What the officer sees of the books beside plain tables: figures and the chart of need against good."""
