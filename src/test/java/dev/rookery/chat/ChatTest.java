package dev.rookery.chat;

import static dev.rookery.testkit.LobbyNode.DEFAULT_SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refused;
import dev.rookery.chat.ChatCommand.CountUnread;
import dev.rookery.chat.ChatCommand.Delete;
import dev.rookery.chat.ChatCommand.Edit;
import dev.rookery.chat.ChatCommand.Get;
import dev.rookery.chat.ChatCommand.ListMessages;
import dev.rookery.chat.ChatCommand.MarkRead;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.lobby.LobbyCommand.Kick;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChatTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Page.Request FIRST = new Page.Request(1, 25);

  @ParameterizedTest
  @MethodSource(ALL)
  void storesAMessageAndAppendsItsEvent(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);

      ChatMessage sent =
          node.ask(new Send(room.ann, room.chat, "hi <b>'; --", Map.of("mood", "good"), null));

      assertThat(sent.senderName()).isEqualTo("Ann");
      assertThat(sent.createdMs()).isEqualTo(store.clock().millis());
      assertThat(node.ask(new Get(room.bob, sent.id()))).isEqualTo(sent);
      assertThat(node.events(room.stream()).getLast().event()).isEqualTo(new ChatEvent.Sent(sent));
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void listsNewestMessagesFirst(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      for (int i = 1; i <= 5; i++) {
        room.says(room.ann, "m" + i);
      }

      Page<ChatMessage> page =
          node.ask(new ListMessages(room.bob, room.chat, new Page.Request(2, 2)));

      assertThat(page.items()).extracting(ChatMessage::content).containsExactly("m3", "m2");
      assertThat(page.total()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rejectsPlayersWhoAreNotInTheLobby(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      var message = room.says(room.ann, "secret").id();
      var eve = node.createPlayer("Eve");
      var denied = new Denied("not_in_lobby");
      node.ask(new Kick(room.ann, room.bob));

      for (PlayerId outside : List.of(eve, room.bob)) {
        assertThat(node.refusal(room.send(outside, "hi"))).isEqualTo(denied);
        assertThat(node.refusal(new ListMessages(outside, room.chat, FIRST))).isEqualTo(denied);
        assertThat(node.refusal(new CountUnread(outside, room.chat))).isEqualTo(denied);
        assertThat(node.refusal(new MarkRead(outside, room.chat, message))).isEqualTo(denied);
        var missing = new Missing("not_found");
        assertThat(node.refusal(new Get(outside, message))).isEqualTo(missing);
        assertThat(node.refusal(new Edit(outside, message, "x", null))).isEqualTo(missing);
        assertThat(node.refusal(new Delete(outside, message))).isEqualTo(missing);
      }
      var nowhere = new Conversation(Conversation.Kind.LOBBY, 99);
      assertThat(node.refusal(new Send(eve, nowhere, "hi", Map.of(), null))).isEqualTo(denied);
      assertThat(node.refusal(new ListMessages(eve, nowhere, FIRST))).isEqualTo(denied);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsOnlyTheSenderChangeAMessage(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      ChatMessage sent = node.ask(new Send(room.ann, room.chat, "hi", Map.of("a", 1), null));
      store.clock().advance(Duration.ofSeconds(3));

      assertThat(node.refusal(new Edit(room.bob, sent.id(), "x", null)))
          .isEqualTo(new Denied("forbidden"));
      assertThat(node.refusal(new Delete(room.bob, sent.id()))).isEqualTo(new Denied("forbidden"));
      assertThat(node.refusal(new Edit(room.ann, sent.id(), " ", null)))
          .isEqualTo(Refusal.Invalid.field("content", "can't be blank"));
      assertThat(node.ask(new Edit(room.ann, sent.id(), "hi", null))).isEqualTo(sent);

      ChatMessage edited = node.ask(new Edit(room.ann, sent.id(), "ho", null));
      assertThat(edited.content()).isEqualTo("ho");
      assertThat(edited.metadata()).isEqualTo(Map.of("a", 1));
      assertThat(edited.updatedMs()).isEqualTo(sent.createdMs() + 3_000);
      node.ask(new Delete(room.ann, sent.id()));

      assertThat(node.refusal(new Get(room.ann, sent.id()))).isEqualTo(new Missing("not_found"));
      assertThat(node.refusal(new Delete(room.ann, sent.id()))).isEqualTo(new Missing("not_found"));
      assertThat(
              node.events(room.stream()).stream()
                  .map(posted -> (Object) posted.event())
                  .skip(Room.EVENTS_BEFORE))
          .containsExactly(
              new ChatEvent.Sent(sent),
              new ChatEvent.Edited(edited),
              new ChatEvent.Deleted(room.chat, sent.id()));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsARemovedMemberDeleteTheirMessageButNotEditIt(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      ChatMessage sent = room.says(room.bob, "hi");
      node.ask(new Kick(room.ann, room.bob));

      assertThat(node.refusal(new Edit(room.bob, sent.id(), "x", null)))
          .isEqualTo(new Denied("not_in_lobby"));
      assertThat(node.ask(new Get(room.ann, sent.id()))).isEqualTo(sent);

      node.ask(new Delete(room.bob, sent.id()));
      assertThat(node.refusal(new Get(room.ann, sent.id()))).isEqualTo(new Missing("not_found"));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void movesAReadCursorForwardOnly(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      var messages = IntStream.range(0, 4).mapToObj(i -> room.says(room.ann, "m" + i)).toList();

      assertThat(room.unread(room.bob)).isEqualTo(4);
      ReadCursor cursor = node.ask(new MarkRead(room.bob, room.chat, messages.get(2).id()));
      assertThat(cursor)
          .isEqualTo(new ReadCursor(room.chat, messages.get(2).id(), store.clock().millis()));
      assertThat(room.unread(room.bob)).isEqualTo(1);
      assertThat(room.unread(room.ann)).isEqualTo(4);
      store.clock().advance(Duration.ofSeconds(1));
      assertThat(node.ask(new MarkRead(room.bob, room.chat, messages.get(0).id())))
          .isEqualTo(cursor);
      assertThat(node.ask(new MarkRead(room.bob, room.chat, null))).isEqualTo(cursor);
      assertThat(room.unread(room.bob)).isEqualTo(1);
      assertThat(node.ask(new MarkRead(room.ann, room.chat, null)).upTo()).isNull();
      assertThat(room.unread(room.ann)).isEqualTo(4);
      node.ask(new MarkRead(room.ann, room.chat, messages.get(0).id()));
      assertThat(room.unread(room.ann)).isEqualTo(3);
      assertThat(node.refusal(new MarkRead(room.bob, room.chat, new MessageId(99))))
          .isEqualTo(new Missing("not_found"));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rejectsAReadCursorAtAMessageOfAnotherConversation(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      var cem = node.createPlayer("Cem");
      var other = node.ask(new Open(cem, DEFAULT_SETTINGS, null)).id();
      var elsewhere = new Conversation(Conversation.Kind.LOBBY, other.value());
      var message = node.ask(new Send(cem, elsewhere, "hi", Map.of(), null));

      assertThat(node.refusal(new MarkRead(room.ann, room.chat, message.id())))
          .isEqualTo(new Missing("not_found"));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void limitsTheNextMessageDuringASlowdown(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 10);
      room.says(room.ann, "one");
      store.clock().advance(Duration.ofSeconds(4));

      assertThat(node.refusal(room.send(room.ann, "two")))
          .isEqualTo(new Refusal.Limited("slowdown", Duration.ofSeconds(6)));
      room.says(room.bob, "another may");
      store.clock().advance(Duration.ofSeconds(6));
      room.says(room.ann, "three");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void startsNoSlowdownWithARefusedMessage(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 10);

      assertThat(node.refusal(room.send(room.ann, "")))
          .isEqualTo(Refusal.Invalid.field("content", "can't be blank"));
      room.says(room.ann, "now");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void storesAMessageOnceWhenItsIdempotencyKeyIsRepeated(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 10);
      var send = new Send(room.ann, room.chat, "hi", Map.of("a", 1), "key");

      assertThat(node.ask(send)).isEqualTo(node.ask(send));
      assertThat(node.ask(new ListMessages(room.ann, room.chat, FIRST)).total()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void storesAMessageOnceWhenItsIdempotencyKeyIsRepeatedAtOnce(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      var send = new Send(room.ann, room.chat, "hi", Map.of(), "key");

      List<Future<ChatMessage>> answers = Stream.generate(() -> node.send(send)).limit(5).toList();
      LobbyNode.await(Future.all(answers));

      assertThat(answers.stream().map(Future::result)).containsOnly(answers.getFirst().result());
      assertThat(node.ask(new ListMessages(room.ann, room.chat, FIRST)).total()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersEachOfManyMessagesAtOnceByItself(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      var slow = new Room(node, 10);
      var cid = node.createPlayer("Cid");
      slow.says(slow.ann, "first");

      var sent = node.send(room.send(room.ann, "hi"));
      var blank = node.send(room.send(room.bob, " "));
      var outside = node.send(room.send(cid, "hi"));
      var unknown = node.send(room.send(new PlayerId(999), "hi"));
      var tooSoon = node.send(slow.send(slow.ann, "second"));
      var paced = node.send(slow.send(slow.bob, "hi"));
      LobbyNode.await(
          Future.join(List.of(sent, blank, outside, unknown, tooSoon, paced)).otherwiseEmpty());

      assertThat(sent.result().content()).isEqualTo("hi");
      assertThat(refusal(blank)).isEqualTo(Refusal.Invalid.field("content", "can't be blank"));
      assertThat(refusal(outside)).isEqualTo(new Refusal.Denied("not_in_lobby"));
      assertThat(refusal(unknown)).isEqualTo(new Refusal.Missing("player_not_found"));
      assertThat(refusal(tooSoon).code()).isEqualTo("slowdown");
      assertThat(paced.result().sender()).isEqualTo(slow.bob);
      node.assertInvariants();
    }
  }

  private static Refusal refusal(Future<?> answer) {
    return ((Refused) answer.cause()).refusal();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void showsTheCurrentNameOfTheSender(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      var message = room.says(room.ann, "hi").id();
      String rename = "UPDATE player SET display_name = 'Anna' WHERE id = $1 RETURNING id";
      node.database().write(tx -> tx.run(rename, room.ann.value()).size());

      assertThat(node.ask(new Get(room.bob, message)).senderName()).isEqualTo("Anna");
    }
  }
}
