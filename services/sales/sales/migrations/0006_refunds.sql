-- The refund of a sale that is under way, or was the last; `refund_command_id` waits for its answer.
ALTER TABLE sales
    ADD COLUMN refund_id         uuid,
    ADD COLUMN refund_command_id uuid;
ALTER TABLE sale_lines DROP CONSTRAINT sale_lines_refund_check,
    ADD CHECK (refund IN ('none', 'asked', 'granted', 'kept', 'reversing', 'done'));
CREATE INDEX sale_lines_by_sold_membership ON sale_lines (membership_id) WHERE kind = 'membership';
