-- What is watched: the few errands that wait, or were declined for good.
CREATE INDEX errands_undone ON errands (kind) WHERE state <> 'done';
