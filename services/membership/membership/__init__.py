"""Memberships, who may use them, holds, the ledger and settlements."""
