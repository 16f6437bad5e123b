package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;

/**
 * A chat message. Created by the server alone; later versions may add components.
 *
 * @param senderName empty if they have none
 * @param chatType {@code lobby}, {@code group}, {@code friend}, {@code party} or {@code room}
 * @param chatRefId the id of the lobby, group, party or room; of a friend, that of the recipient
 * @param content empty for a message without text
 */
public record ChatMessage(
    long id,
    long senderId,
    String senderName,
    String chatType,
    long chatRefId,
    String content,
    Map<String, Object> metadata,
    Instant insertedAt,
    Instant updatedAt) {}
