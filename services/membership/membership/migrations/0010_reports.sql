-- Reports of locations: which one issued a membership (unknown of what was issued before), when its
-- memberships were sold and expire, and when its appointments began.
ALTER TABLE memberships ADD COLUMN home_location_id uuid;
CREATE INDEX memberships_home_issued ON memberships (home_location_id, issued_at);
CREATE INDEX memberships_home_expires ON memberships (home_location_id, expires_on);
CREATE INDEX settlements_location ON settlements (location_id, start);
