package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import java.util.Map;

/** A message as stored. {@code senderName} is the sender's display name when it was read. */
public record ChatMessage(
    MessageId id,
    Conversation conversation,
    PlayerId sender,
    String senderName,
    String content,
    Map<String, Object> metadata,
    long createdMs,
    long updatedMs) {}
