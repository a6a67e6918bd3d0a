"""The counter: money taken for lines of a visit, and sessions debited by hand (rule A16)."""
