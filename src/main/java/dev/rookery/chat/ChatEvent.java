package dev.rookery.chat;

import dev.rookery.base.Event;
import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;

/**
 * Events on the stream of what the conversation belongs to: those of a lobby's chat on the lobby's,
 * of a party's and a group's on theirs. Those of a direct conversation are on the streams of both
 * players.
 */
public sealed interface ChatEvent extends Event {
  record Sent(ChatMessage message) implements ChatEvent {
    /** A direct message: on the stream of its recipient, who is notified of it. */
    @Override
    public boolean isConsumedOn(String stream) {
      PlayerId recipient = message.recipient();
      return recipient == null || stream.equals(Topic.player(recipient));
    }
  }

  record Edited(ChatMessage message) implements ChatEvent {}

  record Deleted(Conversation conversation, MessageId message) implements ChatEvent {}
}
