-- At least a third of the entries of a ledger are debits: the index of the revisions finds a page of
-- uses as fast as one of its own, which every debit would have to keep up.
DROP INDEX ledger_uses;

-- The few among the memberships of a chain that pay nothing for now, or any more.
CREATE INDEX memberships_out_of_use ON memberships (chain_id, state, issued_at DESC, membership_id DESC)
    WHERE state IN ('frozen', 'voided');
