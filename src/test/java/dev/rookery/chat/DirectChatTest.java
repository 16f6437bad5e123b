package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Topic;
import dev.rookery.chat.ChatCommand.CountUnreadInAll;
import dev.rookery.chat.ChatCommand.Delete;
import dev.rookery.chat.ChatCommand.Edit;
import dev.rookery.chat.ChatCommand.Forget;
import dev.rookery.chat.ChatCommand.Get;
import dev.rookery.chat.ChatCommand.ListMessages;
import dev.rookery.chat.ChatCommand.MarkRead;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.friend.Friends.Pair;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages between two players. */
final class DirectChatTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Page.Request FIRST = new Page.Request(1, 25);

  @ParameterizedTest
  @MethodSource(ALL)
  void appendsTheEventsOfAMessageToTheStreamsOfBothPlayers(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);

      ChatMessage sent = pals.says(pals.bob, "hi");
      ChatMessage edited = node.ask(new Edit(pals.bob, sent.id(), "ho", null));
      node.ask(new Delete(pals.bob, sent.id()));

      assertThat(sent.recipient()).isEqualTo(pals.ann);
      for (PlayerId player : List.of(pals.ann, pals.bob)) {
        assertThat(events(node, player))
            .containsExactly(
                new ChatEvent.Sent(sent),
                new ChatEvent.Edited(edited),
                new ChatEvent.Deleted(pals.chat, sent.id()));
      }
      assertThat(UUID.fromString(MessageUuid.of(sent.id())).version()).isEqualTo(8);
      assertThat(MessageUuid.parse(MessageUuid.of(sent.id()))).contains(sent.id());
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsTheCodeAndTheJsonOfAMessage(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);
      Map<String, Object> json = Map.of("hp", 3);

      ChatMessage sent = node.ask(new Send(pals.ann, pals.chat, null, Map.of(), 7, json, null));

      assertThat(sent.content()).isEmpty();
      assertThat(sent.code()).isEqualTo(7);
      assertThat(sent.contentJson()).isEqualTo(json);
      assertThat(node.ask(new Get(pals.bob, sent.id()))).isEqualTo(sent);
      assertThat(events(node, pals.bob)).containsExactly(new ChatEvent.Sent(sent));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void listsBothDirectionsNewestFirst(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);
      var others = new Pals(node);
      var messages = new ArrayList<ChatMessage>();
      for (int i = 0; i < 7; i++) {
        messages.add(pals.says(i % 3 == 0 ? pals.ann : pals.bob, "m" + i));
        others.says(others.ann, "other");
      }

      Page<ChatMessage> page =
          node.ask(new ListMessages(pals.ann, pals.chat, new Page.Request(2, 3)));
      assertThat(page.items()).extracting(ChatMessage::content).containsExactly("m3", "m2", "m1");
      assertThat(page.total()).isEqualTo(7);
      Page<ChatMessage> before =
          node.ask(new ListMessages(pals.bob, pals.chat, messages.get(2).id(), FIRST));
      assertThat(before.items()).extracting(ChatMessage::content).containsExactly("m1", "m0");
      assertThat(before.total()).isEqualTo(2);
      assertThat(node.ask(new ListMessages(pals.bob, pals.chat, new Page.Request(4, 3))).items())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsFriendsWriteAndBothReadWhatTheyWrote(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);
      var eve = node.createPlayer("Eve");
      MessageId id = pals.says(pals.ann, "hi").id();

      for (String state : List.of("pending", "rejected")) {
        pals.become(state);
        assertThat(node.refusal(pals.send(pals.ann, "x"))).isEqualTo(new Denied("not_friends"));
        assertThat(node.refusal(pals.send(pals.bob, "x"))).isEqualTo(new Denied("not_friends"));
        assertThat(node.refusal(new Edit(pals.ann, id, "x", null)))
            .isEqualTo(new Denied("not_friends"));
      }
      pals.become("blocked");
      assertThat(node.refusal(pals.send(pals.ann, "x"))).isEqualTo(new Denied("blocked"));
      assertThat(node.refusal(pals.send(pals.bob, ""))).isEqualTo(new Denied("blocked"));
      assertThat(node.refusal(new Edit(pals.ann, id, "x", null))).isEqualTo(new Denied("blocked"));

      assertThat(node.ask(new Get(pals.bob, id)).content()).isEqualTo("hi");
      assertThat(node.ask(new ListMessages(pals.bob, pals.chat, FIRST)).total()).isEqualTo(1);
      assertThat(node.refusal(new Get(eve, id))).isEqualTo(new Missing("not_found"));
      assertThat(node.refusal(new Edit(eve, id, "x", null))).isEqualTo(new Missing("not_found"));
      assertThat(node.refusal(new Delete(pals.bob, id))).isEqualTo(new Denied("forbidden"));
      assertThat(node.refusal(new ListMessages(eve, pals.chat, FIRST)))
          .isEqualTo(new Denied("not_friends"));
      node.ask(new Delete(pals.ann, id));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesMessagesToOneselfAndToNobody(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      for (long other : new long[] {ann.value(), 999, 0, -1}) {
        var chat = Conversation.direct(ann, new PlayerId(other));
        assertThat(node.refusal(new Send(ann, chat, "hi", Map.of(), null)))
            .isEqualTo(new Denied("not_friends"));
        assertThat(node.ask(new ListMessages(ann, chat, FIRST)).items()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void countsWhatTheOtherPlayerWroteAfterTheReadCursor(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);
      var others = new Pals(node);
      Pals.relate(node.database(), pals.ann, others.ann, "accepted");
      var third = Conversation.direct(others.ann, pals.ann);
      pals.says(pals.ann, "mine");
      MessageId read = pals.says(pals.bob, "one").id();
      pals.says(pals.bob, "two");
      node.ask(new Send(others.ann, third, "hi", Map.of(), null));

      assertThat(pals.unread(pals.ann)).isEqualTo(2);
      assertThat(pals.unread(pals.bob)).isEqualTo(1);
      assertThat(node.ask(new MarkRead(pals.ann, pals.chat, read)).upTo()).isEqualTo(read);
      assertThat(pals.unread(pals.ann)).isEqualTo(1);
      assertThat(pals.unread(pals.bob)).isEqualTo(1);
      assertThat(node.refusal(new MarkRead(pals.ann, third, read)))
          .isEqualTo(new Missing("not_found"));
      assertThat(
              node.ask(
                  new CountUnreadInAll(pals.ann, List.of(third, others.chat, pals.chat, third))))
          .containsExactly(1L, 0L, 1L, 1L);
      assertThat(node.ask(new CountUnreadInAll(pals.ann, List.of()))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersEachOfManyMessagesAtOnceByItself(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var all = new ArrayList<Pals>();
      var answers = new ArrayList<Future<ChatMessage>>();
      for (int i = 0; i < 40; i++) {
        var pals = new Pals(node);
        all.add(pals);
        if (i % 4 == 3) {
          pals.become(i % 8 == 3 ? "blocked" : "pending");
        }
      }
      all.forEach(
          pals -> {
            answers.add(node.send(pals.send(pals.ann, "a")));
            answers.add(node.send(pals.send(pals.bob, "b")));
          });
      LobbyNode.await(Future.join(answers).otherwiseEmpty());

      for (int i = 0; i < all.size(); i++) {
        Pals pals = all.get(i);
        boolean friends = i % 4 != 3;
        assertThat(answers.get(2 * i).succeeded()).isEqualTo(friends);
        assertThat(answers.get(2 * i + 1).succeeded()).isEqualTo(friends);
        Page<ChatMessage> page = node.ask(new ListMessages(pals.ann, pals.chat, FIRST));
        assertThat(page.items())
            .extracting(ChatMessage::content)
            .containsExactlyInAnyOrderElementsOf(friends ? List.of("a", "b") : List.of());
      }
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void storesAMessageOnceWhenItsIdempotencyKeyIsRepeated(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);
      var send = new Send(pals.ann, pals.chat, "hi", Map.of("a", 1), "key");

      assertThat(node.ask(send)).isEqualTo(node.ask(send));
      assertThat(node.ask(new ListMessages(pals.ann, pals.chat, FIRST)).total()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void storesNoReadCursorWithoutAMessage(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      for (long other : new long[] {-1, 0, 999, Long.MAX_VALUE}) {
        var chat = Conversation.direct(ann, new PlayerId(other));
        assertThat(node.ask(new MarkRead(ann, chat, null)).upTo()).isNull();
      }
      assertThat(node.database().read("SELECT count(*) AS n FROM chat_read").row(0).number("n"))
          .isZero();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void forgetsWhatADeletedPlayerWroteAndHowFarOthersRead(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);
      MessageId first = pals.says(pals.ann, "mine").id();
      MessageId second = pals.says(pals.bob, "theirs").id();
      node.ask(new MarkRead(pals.bob, pals.chat, first));
      node.ask(new MarkRead(pals.ann, pals.chat, second));

      node.ask(new Forget(pals.ann));

      assertThat(node.ask(new ListMessages(pals.bob, pals.chat, FIRST)).items())
          .extracting(ChatMessage::content)
          .containsExactly("theirs");
      assertThat(node.database().read("SELECT count(*) AS n FROM chat_read").row(0).number("n"))
          .isZero();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void deletesTheMessagesAndCursorsOfFriendsWhoPart(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);
      var others = new Pals(node);
      Pals.relate(node.database(), pals.ann, others.ann, "accepted");
      MessageId kept =
          node.ask(
                  new Send(
                      others.ann,
                      Conversation.direct(others.ann, pals.ann),
                      "kept",
                      Map.of(),
                      null))
              .id();
      MessageId read = pals.says(pals.ann, "read").id();
      node.ask(new MarkRead(pals.bob, pals.chat, read));
      fill(node, pals, DirectMessagePurge.ROWS_AT_END);
      var purge = new DirectMessagePurge();
      Pair pair = Pair.of(pals.ann, pals.bob);

      node.database()
          .write(
              tx -> {
                purge.onEnded(tx, List.of(pair, Pair.of(others.ann, others.bob)));
                return pair;
              });
      assertThat(rows(node, "chat_message")).as("one is left, and one of others").isEqualTo(2);
      assertThat(rows(node, "chat_read")).isZero();
      MessageId later = pals.says(pals.bob, "friends again").id();
      node.ask(new MarkRead(pals.ann, pals.chat, later));
      Eventually.holds(
          () -> purge.step(node.database()).isEmpty() && rows(node, "chat_purge") == 0);

      assertThat(node.ask(new ListMessages(pals.ann, pals.chat, FIRST)).items())
          .extracting(ChatMessage::id)
          .containsExactly(later);
      assertThat(rows(node, "chat_read")).isEqualTo(1);
      assertThat(node.ask(new Get(pals.ann, kept)).content()).isEqualTo("kept");
    }
  }

  private static void fill(LobbyNode node, Pals pals, int messages) {
    node.database()
        .write(
            tx -> {
              for (int i = 0; i < messages; i++) {
                new ChatStore()
                    .insert(
                        tx,
                        Conversation.Kind.DIRECT,
                        List.of(pals.send(i % 2 == 0 ? pals.ann : pals.bob, "x")));
              }
              return messages;
            });
  }

  private static long rows(LobbyNode node, String table) {
    return node.database().read("SELECT count(*) AS n FROM " + table).row(0).number("n");
  }

  private static List<Object> events(LobbyNode node, PlayerId player) {
    return node.events(Topic.player(player)).stream().map(one -> (Object) one.event()).toList();
  }
}
