-- Whether an admin has ended the run; then its node ends its process when it notices.
ALTER TABLE node ADD COLUMN fenced INTEGER NOT NULL DEFAULT 0;
