package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Topic;
import dev.rookery.chat.ChatCommand.CountUnread;
import dev.rookery.chat.ChatCommand.Edit;
import dev.rookery.chat.ChatCommand.ListMessages;
import dev.rookery.chat.ChatCommand.OpenRoom;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages in rooms. */
final class RoomChatTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Page.Request FIRST = new Page.Request(1, 25);

  @ParameterizedTest
  @MethodSource(ALL)
  void anyPlayerWritesAndReadsInARoom(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Conversation room = node.ask(new OpenRoom("General"));
      Conversation other = node.ask(new OpenRoom("Trade"));

      ChatMessage sent = node.ask(new Send(ann, room, "hi", Map.of(), null));
      ChatMessage edited = node.ask(new Edit(ann, sent.id(), "ho", null));

      assertThat(node.ask(new OpenRoom("General"))).isEqualTo(room).isNotEqualTo(other);
      assertThat(node.ask(new ListMessages(bob, room, FIRST)).items()).containsExactly(edited);
      assertThat(node.ask(new ListMessages(bob, other, FIRST)).items()).isEmpty();
      assertThat(node.ask(new CountUnread(bob, room))).isEqualTo(1);
      assertThat(node.refusal(new Edit(bob, sent.id(), "x", null)))
          .isEqualTo(new Denied("forbidden"));
      assertThat(node.events(Topic.room(room.id())))
          .extracting(posted -> (Object) posted.event())
          .containsExactly(new ChatEvent.Sent(sent), new ChatEvent.Edited(edited));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesUnknownRoomsAndPlayers(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      Conversation room = node.ask(new OpenRoom("General"));
      var nowhere = new Conversation(Conversation.Kind.ROOM, 999);
      var missing = new Missing("room_not_found");

      assertThat(node.refusal(new Send(ann, nowhere, "hi", Map.of(), null))).isEqualTo(missing);
      assertThat(node.refusal(new ListMessages(ann, nowhere, FIRST))).isEqualTo(missing);
      assertThat(node.refusal(new Send(new PlayerId(999), room, "hi", Map.of(), null)))
          .isEqualTo(new Missing("player_not_found"));
      for (String name : new String[] {"", " ", "x".repeat(65), "a\nb"}) {
        assertThat(node.refusal(new OpenRoom(name))).isInstanceOf(Refusal.Invalid.class);
      }
    }
  }
}
