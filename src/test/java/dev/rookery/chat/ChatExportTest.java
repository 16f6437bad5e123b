package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.MessageId;
import dev.rookery.chat.ChatCommand.MarkRead;
import dev.rookery.player.Export;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChatExportTest {
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void exportsTheMessagesAndReadPositionsOfAllKindsInPages(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      var friend = node.createPlayer("Cid");
      Pals.relate(node.database(), room.ann, friend, "accepted");
      var direct = Conversation.direct(room.ann, friend);
      MessageId inLobby = room.says(room.ann, "to all").id();
      MessageId toFriend =
          node.ask(new ChatCommand.Send(room.ann, direct, "psst", Map.of(), null)).id();
      node.ask(new MarkRead(room.ann, room.chat, inLobby));
      node.ask(new MarkRead(room.ann, direct, toFriend));
      var exports = new ExportStore();

      List<JsonObject> messages =
          exports.messages(node.database(), new Export("chat_messages", room.ann, null)).rows();
      assertThat(messages)
          .extracting(message -> message.getString("chat_type"))
          .containsExactly("lobby", "friend");
      assertThat(messages.getLast().getLong("chat_ref_id")).isEqualTo(friend.value());
      assertThat(types(exports, node, new Export("read_positions", room.ann, null)))
          .containsExactly("friend", "lobby");
      // Where a page ended.
      var afterFriend = new Export("read_positions", room.ann, "direct:" + friend.value());
      assertThat(types(exports, node, afterFriend)).containsExactly("lobby");
    }
  }

  private static List<String> types(ExportStore exports, LobbyNode node, Export export) {
    return exports.readPositions(node.database(), export).rows().stream()
        .map(row -> row.getString("chat_type"))
        .toList();
  }
}
