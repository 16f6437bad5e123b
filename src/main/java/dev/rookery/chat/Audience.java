package dev.rookery.chat;

import dev.rookery.chat.Conversation.Kind;
import java.util.Comparator;

/**
 * The players who are notified of messages together: the members of a conversation, or the
 * recipient of direct messages.
 *
 * @param id of the lobby, party or group; for direct messages, of the recipient
 */
record Audience(Kind kind, long id) {
  static final Comparator<Audience> ORDER =
      Comparator.comparing(Audience::kind).thenComparingLong(Audience::id);
}
