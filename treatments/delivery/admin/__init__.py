"""What the people in the admin see of the ledger."""
