package dev.rookery.chat;

import dev.rookery.base.MessageId;
import org.jspecify.annotations.Nullable;

/** The last message that a player has read in a conversation; null for none. */
public record ReadCursor(Conversation conversation, @Nullable MessageId upTo, long updatedMs) {}
