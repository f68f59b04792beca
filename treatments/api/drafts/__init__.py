"""How the guest of a draft asks, and its preview."""
