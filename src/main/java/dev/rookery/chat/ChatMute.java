package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.MutedSenders;

/**
 * A player who may not write messages.
 *
 * @param admin who decided it
 * @param reason for admins; the player is not told
 * @param untilMs {@link #FOR_EVER} if it has no end
 */
public record ChatMute(
    PlayerId player, PlayerId admin, String reason, long untilMs, long createdMs) {
  public static final long FOR_EVER = MutedSenders.FOR_EVER;
}
