-- The traceparent that a command came with: another batch than the command's own may answer it.
ALTER TABLE operations ADD COLUMN trace text;
