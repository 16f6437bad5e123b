package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatCommand.CountUnread;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.store.Database;
import dev.rookery.testkit.LobbyNode;
import java.util.Map;

/** Ann and Bob, who are friends. */
final class Pals {
  final PlayerId ann;
  final PlayerId bob;
  final Conversation chat;
  private final LobbyNode node;

  Pals(LobbyNode node) {
    this.node = node;
    this.ann = node.createPlayer("Ann");
    this.bob = node.createPlayer("Bob");
    this.chat = Conversation.direct(ann, bob);
    relate(node.database(), ann, bob, "accepted");
  }

  /** Replaces what there is between two players. */
  static void relate(Database database, PlayerId by, PlayerId to, String state) {
    database.write(
        tx -> {
          tx.run(
              """
              DELETE FROM friendship WHERE requester_id IN ($1, $2) AND target_id IN ($1, $2)
              """,
              by.value(),
              to.value());
          return tx.run(
              """
              INSERT INTO friendship (requester_id, target_id, state, created_ms, changed_ms)
              VALUES ($1, $2, $3, 1, 1)
              """,
              by.value(),
              to.value(),
              state);
        });
  }

  void become(String state) {
    relate(node.database(), ann, bob, state);
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
}
