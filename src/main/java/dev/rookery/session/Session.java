package dev.rookery.session;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;

/** Who is on a connection: a sign-in that was valid when last looked at. */
public record Session(SessionId id, PlayerId player, boolean admin) {}
