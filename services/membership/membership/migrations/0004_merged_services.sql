-- Services that were merged mean one service, for ever (rules A11, A17). Every service of a merge
-- has a row, the one that is left too; chains of merges are collapsed: `merged_id` is never merged.
CREATE TABLE merged_services (
    service_id uuid PRIMARY KEY,
    merged_id  uuid NOT NULL
);

CREATE INDEX merged_services_merged ON merged_services (merged_id);
