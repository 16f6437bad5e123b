-- The node through which the guest has connected to the game last; empty if that was not noted.
ALTER TABLE guest_game ADD COLUMN node TEXT NOT NULL DEFAULT '';
