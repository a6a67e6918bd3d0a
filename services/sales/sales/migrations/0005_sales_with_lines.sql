-- A sale has lines: of a visit, products, and memberships that are sold. What was sold before has one
-- line, whose id is that of the sale. `command_id` waits for the answer until the sale `is_answered`.
ALTER TABLE sales RENAME COLUMN payment TO method;
ALTER TABLE sales
    DROP CONSTRAINT sales_check,
    DROP CONSTRAINT sales_payment_check,
    DROP CONSTRAINT sales_state_check,
    ADD COLUMN visit_id    uuid REFERENCES bills,
    ADD COLUMN time_zone   text    NOT NULL DEFAULT 'UTC',
    ADD COLUMN is_answered boolean NOT NULL DEFAULT false,
    ADD COLUMN payment_id  uuid;
ALTER TABLE sales ALTER COLUMN time_zone DROP DEFAULT;
UPDATE sales SET is_answered = state <> 'pending',
                 state = CASE state WHEN 'pending' THEN 'issuing' ELSE state END;

CREATE TABLE sale_lines (
    sale_line_id       uuid    PRIMARY KEY,
    sale_id            uuid    NOT NULL REFERENCES sales,
    ordinal            integer NOT NULL,
    kind               text    NOT NULL CHECK (kind IN ('visit', 'product', 'membership')),
    name               text    NOT NULL,
    quantity           integer NOT NULL CHECK (quantity > 0),
    price              bigint  NOT NULL CHECK (price >= 0),
    discount           bigint  NOT NULL CHECK (discount >= 0),
    payer              text    NOT NULL CHECK (payer IN ('asked', 'membership', 'money')),
    line_id            uuid,
    appointment_id     uuid REFERENCES appointments,
    membership_type_id uuid,
    activates_on       date,
    membership_id      uuid,
    refund             text    NOT NULL CHECK (refund IN ('none', 'asked', 'done')),
    reversal_revision  integer,
    UNIQUE (sale_id, ordinal),
    CHECK (discount <= price),
    CHECK (discount = 0 OR payer = 'money'),
    CHECK ((kind = 'visit') = (num_nulls(line_id, appointment_id) = 0)),
    CHECK ((kind = 'membership') = (membership_type_id IS NOT NULL)),
    CHECK (payer = 'money' OR kind = 'visit')
) WITH (fillfactor = 80);
CREATE INDEX sale_lines_by_appointment ON sale_lines (appointment_id) WHERE appointment_id IS NOT NULL;

INSERT INTO sale_lines (sale_line_id, sale_id, ordinal, kind, name, quantity, price, discount, payer,
                        membership_type_id, membership_id, refund)
SELECT sale_id, sale_id, 0, 'membership', membership_type_name, 1, price, 0, 'money',
       membership_type_id, membership_id, 'none'
FROM sales;

ALTER TABLE sales
    DROP COLUMN membership_type_id,
    DROP COLUMN membership_type_name,
    DROP COLUMN price,
    DROP COLUMN membership_id,
    ADD CHECK (method IN ('cash', 'card', 'online')),
    ADD CHECK (state IN ('debiting', 'claiming', 'opening', 'awaiting_payment', 'issuing',
                         'completed', 'refused', 'refunding', 'refunded_partially', 'refunded'));

-- What a sale pays at the counter, or has debited, is taken and given back with it. A discount comes
-- with the money.
ALTER TABLE counter_payments ADD COLUMN sale_id uuid REFERENCES sales;
CREATE INDEX counter_payments_by_sale ON counter_payments (sale_id) WHERE sale_id IS NOT NULL;
ALTER TABLE counter_payments DROP CONSTRAINT counter_payments_method_check,
    ADD CHECK (method IN ('cash', 'card', 'online'));
ALTER TABLE counter_payment_lines
    DROP CONSTRAINT counter_payment_lines_amount_check,
    ADD CHECK (amount >= 0),
    ADD COLUMN discount  bigint  NOT NULL DEFAULT 0 CHECK (discount >= 0),
    ADD COLUMN is_undone boolean NOT NULL DEFAULT false;
ALTER TABLE hand_debits
    DROP CONSTRAINT hand_debits_command_id_key,
    ADD COLUMN sale_id uuid REFERENCES sales,
    ADD COLUMN partly  boolean NOT NULL DEFAULT false;
