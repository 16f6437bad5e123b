package dev.rookery.chat;

import org.jspecify.annotations.Nullable;

/**
 * A message as admins see it.
 *
 * @param senderEmail the address of the sender; null if none
 */
public record ModeratedMessage(ChatMessage message, @Nullable String senderEmail) {}
