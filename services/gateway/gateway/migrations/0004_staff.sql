-- Who signs in to the back office. Of a password only an argon2 hash is kept.
CREATE TABLE staff (
    id            uuid PRIMARY KEY,
    email         text NOT NULL,
    name          text NOT NULL,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX staff_by_email ON staff (lower(email));

-- What a person may do where: the platform everywhere, owners in a chain, the others at a location.
CREATE TABLE staff_roles (
    staff_id    uuid NOT NULL REFERENCES staff (id),
    role        text NOT NULL CHECK (role IN ('platform', 'owner', 'administrator', 'operator')),
    chain_id    uuid,
    location_id uuid,
    granted_at  timestamptz NOT NULL DEFAULT now(),
    CHECK ((role = 'platform') = (chain_id IS NULL)),
    CHECK ((role IN ('administrator', 'operator')) = (location_id IS NOT NULL))
);

-- One role at each place.
CREATE UNIQUE INDEX staff_roles_by_place
    ON staff_roles (staff_id, coalesce(location_id, chain_id, staff_id));
CREATE INDEX staff_roles_by_chain ON staff_roles (chain_id);

-- A session is found by the hash of the token in its cookie.
CREATE TABLE staff_sessions (
    token_hash   bytea PRIMARY KEY,
    staff_id     uuid NOT NULL REFERENCES staff (id),
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX staff_sessions_by_staff ON staff_sessions (staff_id);

-- Failed sign-ins, by keyed hashes of the address and of the caller: who guesses has to wait.
CREATE TABLE failed_sign_ins (
    email_hash  bytea NOT NULL,
    caller_hash bytea NOT NULL,
    at          timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX failed_sign_ins_by_email ON failed_sign_ins (email_hash, at);
CREATE INDEX failed_sign_ins_by_caller ON failed_sign_ins (caller_hash, at);

-- Everything that people do in the back office: noted before it is tried, and what became of it.
CREATE TABLE audit_entries (
    id          uuid PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    staff_id    uuid NOT NULL REFERENCES staff (id),
    chain_id    uuid,
    location_id uuid,
    action      text NOT NULL,
    subject     text NOT NULL,
    outcome     text NOT NULL DEFAULT 'begun' CHECK (outcome IN ('begun', 'done', 'refused')),
    detail      text NOT NULL DEFAULT ''
);

CREATE INDEX audit_entries_by_chain ON audit_entries (chain_id, at DESC, id);
