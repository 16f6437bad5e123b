package dev.rookery.chat;

import dev.rookery.base.MessageId;
import org.jspecify.annotations.Nullable;

/** Up to where a player has read a conversation; null for not at all. */
public record ReadCursor(Conversation conversation, @Nullable MessageId upTo, long updatedMs) {}
