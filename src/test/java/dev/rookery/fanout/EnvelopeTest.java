package dev.rookery.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.bus.EventTypes;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyEvent;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class EnvelopeTest {
  private static final Lobby LOBBY =
      new Lobby(
          new LobbyId(5),
          "two\nlines, and a comma",
          null,
          "",
          true,
          8,
          false,
          false,
          false,
          Map.of(),
          0,
          0,
          1);

  private final EventTypes types = new EventTypes(List.of(LobbyEvent.class));

  @Test
  void decodesWhatAnotherNodeEncoded() {
    var posted =
        new CommittedEvent(
            "lobby:5",
            new Position(17, 3),
            new LobbyEvent.Left(LOBBY, new PlayerId(9), "line\nbreak"));

    var read = Envelope.decode(Envelope.encode("node-a", types, posted));

    assertThat(read.sender()).isEqualTo("node-a");
    assertThat(read.feeds()).containsExactly("lobbies");
    assertThat(read.toEvent(types)).isEqualTo(posted);
  }

  @Test
  void refusesTruncatedHeaders() {
    assertThatThrownBy(() -> Envelope.decode(Buffer.buffer("one\ntwo")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encodesTheEventsOfACommitTogetherAndInOrder() {
    var events = Stream.iterate(1, offset -> offset + 1).limit(3_000).map(this::event).toList();

    List<Buffer> batches = EnvelopeBatch.encode("node-a", types, events);

    assertThat(batches).hasSizeBetween(2, 10);
    assertThat(batches).allMatch(batch -> batch.length() <= EnvelopeBatch.SIZE_MAX);
    assertThat(
            batches.stream()
                .flatMap(batch -> EnvelopeBatch.decode(batch).stream())
                .map(envelope -> envelope.toEvent(types)))
        .isEqualTo(events);
  }

  @Test
  void refusesATruncatedBatch() {
    Buffer whole = EnvelopeBatch.encode("node-a", types, List.of(event(1))).getFirst();

    for (int length : List.of(2, 4, whole.length() - 1)) {
      assertThatThrownBy(() -> EnvelopeBatch.decode(whole.slice(0, length)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    var negative = Buffer.buffer().appendInt(-1);
    assertThatThrownBy(() -> EnvelopeBatch.decode(negative))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private CommittedEvent event(int offset) {
    return new CommittedEvent(
        "lobby:5", new Position(17, offset), new LobbyEvent.Left(LOBBY, new PlayerId(9), "Ann"));
  }
}
