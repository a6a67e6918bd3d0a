-- What a client owes, and bought, is found under the id of the client who is kept.
CREATE TABLE merged_clients (
    merged_client_id uuid PRIMARY KEY,
    kept_client_id   uuid NOT NULL
);
CREATE INDEX merged_clients_by_kept ON merged_clients (kept_client_id);
CREATE INDEX bills_owed_by_client ON bills (client_id) WHERE owed > 0;
CREATE INDEX sales_by_client ON sales (client_id, sold_at DESC, sale_id DESC);
CREATE INDEX sales_by_location ON sales (location_id, sold_at DESC, sale_id DESC);

-- Visits that were not debited and a membership is to pay now: which lines it has paid, and which it
-- could not. `command_id` waits for the answer while debits are under way.
CREATE TABLE healings (
    settlement_id    uuid    PRIMARY KEY,
    command_id       uuid    NOT NULL UNIQUE,
    membership_id    uuid    NOT NULL,
    waits_for        uuid[]  NOT NULL,
    settled_line_ids uuid[]  NOT NULL,
    refused_line_ids uuid[]  NOT NULL
);
ALTER TABLE hand_debits ADD COLUMN healing_id uuid REFERENCES healings;
