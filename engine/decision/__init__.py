"""Which scenario to ship: scenarios side by side, guardrails, and the record of a decision."""
