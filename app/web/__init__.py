"""The pages: what the office, the units and the operator see of the ledger in a browser."""
