package dev.rookery.session;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;

/** The player and session that a token is issued for, with all claims that the protocols read. */
public record TokenSubject(
    SessionId session, PlayerId player, String uuid, String displayName, boolean admin) {}
