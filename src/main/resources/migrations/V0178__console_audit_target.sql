-- What admins did to one thing, the latest first.
CREATE INDEX console_audit_by_target ON console_audit (target, at_ms, run, number);
