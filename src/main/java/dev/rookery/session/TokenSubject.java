package dev.rookery.session;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;

/** Whom a token is made out to, with all that the wires read from its claims. */
public record TokenSubject(
    SessionId session, PlayerId player, String uuid, String displayName, boolean admin) {}
