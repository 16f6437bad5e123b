-- What admins did, by the name of the action, and what they were refused; the latest first.
CREATE INDEX console_audit_by_action ON console_audit (action${by_code_point}, at_ms, run, number);
CREATE INDEX console_audit_refused ON console_audit (at_ms, run, number) WHERE result <> 'done';
