package dev.rookery.chat;

import dev.rookery.base.Event;
import dev.rookery.base.MessageId;

/** On the stream of the thing in which one talks: a lobby's chat is on the lobby's stream. */
public sealed interface ChatEvent extends Event {
  record Sent(ChatMessage message) implements ChatEvent {}

  record Edited(ChatMessage message) implements ChatEvent {}

  record Deleted(Conversation conversation, MessageId message) implements ChatEvent {}
}
