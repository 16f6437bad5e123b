package dev.rookery.protocol.gamend;

import dev.rookery.chat.ChatEvent;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.json.JsonObject;

/** The events of chat in the channels of lobbies, parties, groups and players. */
final class ChatPushes {
  private ChatPushes() {}

  static Push push(String topic, ChatEvent event) {
    return switch (event) {
      case ChatEvent.Sent(var message) ->
          new Push(topic, "new_chat_message", Views.chatPush(message));
      case ChatEvent.Edited(var message) ->
          new Push(topic, "chat_message_updated", Views.chatPush(message));
      case ChatEvent.Deleted(_, var message) ->
          new Push(topic, "chat_message_deleted", JsonObject.of("id", message.value()));
    };
  }
}
