-- An attempt is noted before the password is looked at, and taken back when it was right: of many at
-- the same time no more are looked at than of as many one after the other.
ALTER TABLE failed_sign_ins ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE failed_sign_ins ADD PRIMARY KEY (id);

-- Those of yesterday are forgotten at each attempt.
CREATE INDEX failed_sign_ins_by_time ON failed_sign_ins (at);
