package dev.rookery.session;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;

/** An authenticated session: a sign-in that was valid when last checked. */
public record Session(SessionId id, PlayerId player, boolean admin) {}
