package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat message that is about to be sent. Created by the server alone; later versions may add
 * components.
 *
 * @param chatType {@code lobby}, {@code group}, {@code friend} or {@code party}
 * @param chatRefId the id of the lobby, group or party; of a friend, that of the other player
 * @param content null for a message without text
 */
public record ChatDraft(
    long userId,
    String chatType,
    long chatRefId,
    @Nullable String content,
    Map<String, Object> metadata) {
  public ChatDraft withContent(String changed) {
    return new ChatDraft(userId, chatType, chatRefId, changed, metadata);
  }

  public ChatDraft withMetadata(Map<String, Object> changed) {
    return new ChatDraft(userId, chatType, chatRefId, content, changed);
  }
}
