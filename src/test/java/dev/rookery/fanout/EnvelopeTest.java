package dev.rookery.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Posted;
import dev.rookery.bus.EventTypes;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyEvent;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EnvelopeTest {
  private final EventTypes types = new EventTypes(List.of(LobbyEvent.class));

  @Test
  void whatOneNodeWritesAnotherReads() {
    var lobby =
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
    var posted =
        new Posted(
            "lobby:5",
            new Position(17, 3),
            new LobbyEvent.Left(lobby, new PlayerId(9), "line\nbreak"));

    var read = Envelope.read(Envelope.write("node-a", types, posted));

    assertThat(read.sender()).isEqualTo("node-a");
    assertThat(read.feeds()).containsExactly("lobbies");
    assertThat(read.posted(types)).isEqualTo(posted);
  }

  @Test
  void anotherTextIsRefused() {
    assertThatThrownBy(() -> Envelope.read(Buffer.buffer("one\ntwo")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
