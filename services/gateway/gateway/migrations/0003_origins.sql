-- The websites on whose pages a widget's key works. What was issued before works on none: until now
-- no browser could use a key on another site.
ALTER TABLE api_keys
    ADD COLUMN origins text[] NOT NULL DEFAULT '{}',
    ADD CHECK (role = 'widget' OR origins = '{}');
