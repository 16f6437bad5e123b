-- When the session was last refreshed: for a short time after that the spent refresh token gives its
-- successor again, which is computed from this time and the generation.
ALTER TABLE session ADD COLUMN refreshed_ms BIGINT;
