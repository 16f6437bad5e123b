package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refused;
import dev.rookery.chat.ChatCommand.ListMessages;
import dev.rookery.lobby.LobbyCommand.Kick;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many messages at the same moment. */
final class ChatRaceTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final int MESSAGES = 40;

  @ParameterizedTest
  @MethodSource(ALL)
  void acceptsOneOfManyMessagesAtOnceDuringASlowdown(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 10);

      List<Future<ChatMessage>> answers = all(node, room, _ -> room.ann);
      LobbyNode.await(Future.join(answers).otherwiseEmpty());

      assertThat(answers.stream().filter(Future::succeeded)).hasSize(1);
      var page = new ListMessages(room.ann, room.chat, new Page.Request(1, 9));
      assertThat(node.ask(page).total()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesMessagesAscendingIdsInTheOrderOfTheirEvents(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);

      LobbyNode.await(Future.all(all(node, room, i -> i % 2 == 0 ? room.ann : room.bob)));

      List<Long> ids =
          node.events(room.stream()).stream()
              .map(posted -> posted.event())
              .filter(ChatEvent.Sent.class::isInstance)
              .map(event -> ((ChatEvent.Sent) event).message().id().value())
              .toList();
      assertThat(ids).hasSize(MESSAGES).isSorted();
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void sendsNothingOfAPlayerAfterTheKick(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);

      List<Future<ChatMessage>> answers = all(node, room, _ -> room.bob);
      node.ask(new Kick(room.ann, room.bob));
      LobbyNode.await(Future.join(answers).otherwiseEmpty());

      List<String> kinds = node.eventNames(room.stream(), Room.EVENTS_BEFORE);
      assertThat(kinds.getLast()).isEqualTo("LobbyEvent.Kicked");
      assertThat(kinds.size() - 1L).isEqualTo(answers.stream().filter(Future::succeeded).count());
      assertThat(answers.stream().filter(Future::failed).map(Future::cause))
          .allMatch(
              cause ->
                  cause instanceof Refused refused
                      && refused.refusal().equals(new Denied("not_in_lobby")));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void sendsEachOfManyMessagesAtOnceToItsOwnLobby(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var rooms =
          IntStream.range(0, 12).mapToObj(i -> new Room(node, i % 4 == 3 ? 10 : 0)).toList();
      var inside = new ArrayList<Future<ChatMessage>>();
      var outside = new ArrayList<Future<ChatMessage>>();
      for (int i = 0; i < rooms.size(); i++) {
        Room room = rooms.get(i);
        inside.add(node.send(room.send(room.ann, "a" + i)));
        outside.add(node.send(room.send(rooms.get((i + 1) % rooms.size()).bob, "b" + i)));
      }
      LobbyNode.await(Future.all(inside));
      LobbyNode.await(Future.join(outside).otherwiseEmpty());

      assertThat(outside).allMatch(Future::failed);
      for (int i = 0; i < rooms.size(); i++) {
        Room room = rooms.get(i);
        ChatMessage answered = inside.get(i).result();
        assertThat(answered.content()).isEqualTo("a" + i);
        assertThat(answered.senderName()).isEqualTo("Ann");
        var heard =
            node.events(room.stream()).stream()
                .map(posted -> posted.event())
                .filter(ChatEvent.Sent.class::isInstance)
                .toList();
        assertThat(heard).containsExactly(new ChatEvent.Sent(answered));
        assertThat(node.ask(new ListMessages(room.ann, room.chat, new Page.Request(1, 9))).items())
            .containsExactly(answered);
      }
    }
  }

  private static List<Future<ChatMessage>> all(
      LobbyNode node, Room room, IntFunction<PlayerId> sender) {
    return IntStream.range(0, MESSAGES)
        .mapToObj(i -> node.send(room.send(sender.apply(i), "m" + i)))
        .toList();
  }
}
