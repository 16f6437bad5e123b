package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal.Missing;
import dev.rookery.chat.ChatCommand.Edit;
import dev.rookery.chat.ChatCommand.MarkRead;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.lobby.LobbyCommand.Leave;
import dev.rookery.party.Parties;
import dev.rookery.player.Players;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The node under test also sweeps by itself, and may take some of the steps. */
final class ClosedChatSweepTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void removesTheChatOfAClosedLobbyOnly(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 1);
      var message = room.says(room.ann, "last words").id();
      node.ask(new MarkRead(room.bob, room.chat, message));
      var other = new Room(node, 0);
      other.says(other.ann, "still here");
      close(node, room);

      assertThat(node.refusal(new Edit(room.ann, message, "x", null)))
          .isEqualTo(new Missing("not_found"));
      sweep(node);

      assertThat(rows(node, "lobby")).isEqualTo(1);
      assertThat(rows(node, "chat_message")).isEqualTo(1);
      assertThat(rows(node, "chat_read")).isZero();
      assertThat(rows(node, "chat_pace")).isZero();
      assertThat(other.unread(other.bob)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void removesALongChatInSteps(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      node.database()
          .write(
              tx -> {
                var messages = new ChatStore();
                for (int i = 0; i < 1_500; i++) {
                  messages.insert(tx, Kind.LOBBY, List.of(room.send(room.ann, "x")));
                }
                return messages;
              });
      close(node, room);

      sweep(node);

      assertThat(rows(node, "chat_message")).isZero();
      assertThat(rows(node, "lobby")).isZero();
    }
  }

  private static void close(LobbyNode node, Room room) {
    node.ask(new Leave(room.ann));
    node.ask(new Leave(room.bob));
  }

  private static void sweep(LobbyNode node) {
    var parties = new Parties(new Players(node.store().clock()));
    var sweep = new ClosedChatSweep(node.database(), new Groups(), parties, new Lobbies());
    int steps = 0;
    while (sweep.step() >= 0) {
      assertThat(++steps).isLessThan(10);
    }
  }

  private static long rows(LobbyNode node, String table) {
    return node.database().read("SELECT count(*) AS n FROM " + table).row(0).number("n");
  }
}
