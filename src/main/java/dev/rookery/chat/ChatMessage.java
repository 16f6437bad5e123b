package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as stored. {@link MessageUuid} names it on wires that know no integers.
 *
 * @param senderName the sender's display name when it was read
 * @param content the text; empty if the content is a JSON object
 * @param code what clients of some wires tell kinds of messages by; 0 for an ordinary one
 * @param contentJson the content of a wire whose messages are JSON objects; null for a text
 */
public record ChatMessage(
    MessageId id,
    Conversation conversation,
    PlayerId sender,
    String senderName,
    String content,
    Map<String, Object> metadata,
    long createdMs,
    long updatedMs,
    int code,
    @Nullable Map<String, Object> contentJson) {
  /** Returns the player to whom a direct message is; null in other conversations. */
  public @Nullable PlayerId recipient() {
    return conversation.kind() == Conversation.Kind.DIRECT ? conversation.otherThan(sender) : null;
  }
}
