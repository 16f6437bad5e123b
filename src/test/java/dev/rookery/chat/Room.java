package dev.rookery.chat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.chat.ChatCommand.CountUnread;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.testkit.LobbyNode;
import java.util.Map;

/** A lobby with Ann, its host, and Bob in it. */
final class Room {
  /** How many events are on its stream before the first message. */
  static final int EVENTS_BEFORE = 2;

  final PlayerId ann;
  final PlayerId bob;
  final LobbyId lobby;
  final Conversation chat;
  private final LobbyNode node;

  Room(LobbyNode node, int slowdownSeconds) {
    this.node = node;
    this.ann = node.createPlayer("Ann");
    this.bob = node.createPlayer("Bob");
    var settings = new Settings(null, null, null, null, null, null, slowdownSeconds);
    this.lobby = node.ask(new Open(ann, settings, null)).id();
    this.chat = new Conversation(Conversation.Kind.LOBBY, lobby.value());
    node.ask(new Join(lobby, bob, null));
  }

  ChatMessage says(PlayerId player, String content) {
    return node.ask(send(player, content));
  }

  Send send(PlayerId player, String content) {
    return new Send(player, chat, content, Map.of(), null);
  }

  long unread(PlayerId player) {
    return node.ask(new CountUnread(player, chat));
  }

  String stream() {
    return Topic.lobby(lobby);
  }
}
