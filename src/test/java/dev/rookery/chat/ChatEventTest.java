package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.testkit.Databases;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Events of chat as they are stored. */
final class ChatEventTest {
  private static final Conversation LOBBY = new Conversation(Conversation.Kind.LOBBY, 3);

  @Test
  void readsAMessageThatAnEarlierVersionStored() {
    String stored =
        """
        {"message":{"id":{"value":7},"conversation":{"kind":"LOBBY","id":3},
          "sender":{"value":5},"senderName":"Ann","content":"hi","metadata":{},
          "createdMs":1,"updatedMs":2}}
        """;

    assertThat(Databases.EVENTS.read("ChatEvent.Sent", stored))
        .isEqualTo(
            new ChatEvent.Sent(
                new ChatMessage(
                    new MessageId(7),
                    LOBBY,
                    new PlayerId(5),
                    "Ann",
                    "hi",
                    Map.of(),
                    1,
                    2,
                    0,
                    null)));
    assertThat(
            Databases.EVENTS.read(
                "ChatEvent.Deleted",
                "{\"conversation\":{\"kind\":\"LOBBY\",\"id\":3},\"message\":{\"value\":7}}"))
        .isEqualTo(new ChatEvent.Deleted(LOBBY, new MessageId(7)));
  }

  @Test
  void readsWhatItWrites() {
    var message =
        new ChatMessage(
            new MessageId(7),
            Conversation.direct(new PlayerId(9), new PlayerId(5)),
            new PlayerId(9),
            "",
            "",
            Map.of("a", 1),
            1,
            2,
            4,
            Map.of("hp", 3));
    var sent = new ChatEvent.Sent(message);

    assertThat(Databases.EVENTS.read("ChatEvent.Sent", Databases.EVENTS.write(sent)))
        .isEqualTo(sent);
    assertThat(message.recipient()).isEqualTo(new PlayerId(5));
  }

  @Test
  void directMessageIsConsumedOnTheStreamOfItsRecipientAlone() {
    var direct = Conversation.direct(new PlayerId(9), new PlayerId(5));
    var sent = new ChatEvent.Sent(message(direct));

    assertThat(Databases.EVENTS.isConsumed(sent, Topic.player(new PlayerId(5)))).isTrue();
    assertThat(Databases.EVENTS.isConsumed(sent, Topic.player(new PlayerId(9)))).isFalse();
    assertThat(Databases.EVENTS.isConsumed(new ChatEvent.Sent(message(LOBBY)), "lobby:3")).isTrue();
  }

  private static ChatMessage message(Conversation conversation) {
    return new ChatMessage(
        new MessageId(7), conversation, new PlayerId(9), "", "hi", Map.of(), 1, 1, 0, null);
  }
}
