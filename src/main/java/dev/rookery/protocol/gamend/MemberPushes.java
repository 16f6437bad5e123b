package dev.rookery.protocol.gamend;

import dev.rookery.base.Event;
import dev.rookery.chat.ChatEvent;
import dev.rookery.player.PlayerEvent;
import dev.rookery.presence.PresenceEvent;
import dev.rookery.protocol.phoenix.Push;
import org.jspecify.annotations.Nullable;

/** The pushes that the topics of lobbies and parties have in common: chat, and who is online. */
final class MemberPushes {
  private MemberPushes() {}

  /** Null for an event that these topics do not show. */
  static @Nullable Push push(String topic, Event event) {
    return switch (event) {
      case ChatEvent chat -> ChatPushes.push(topic, chat);
      case PresenceEvent.Online(var player) ->
          new Push(topic, "member_online", Views.memberBrief(player));
      case PresenceEvent.Offline(var player) ->
          new Push(topic, "member_offline", Views.memberBrief(player));
      case PlayerEvent.Changed(var player) ->
          new Push(topic, "member_updated", Views.memberBrief(player));
      default -> null;
    };
  }
}
