package dev.rookery.chat;

import dev.rookery.base.Event;
import dev.rookery.base.MessageId;

/**
 * Events on the stream of what the conversation belongs to: those of a lobby's chat on the lobby's,
 * of a party's and a group's on theirs. Those of a direct conversation are on the streams of both
 * players.
 */
public sealed interface ChatEvent extends Event {
  record Sent(ChatMessage message) implements ChatEvent {}

  record Edited(ChatMessage message) implements ChatEvent {}

  record Deleted(Conversation conversation, MessageId message) implements ChatEvent {}
}
