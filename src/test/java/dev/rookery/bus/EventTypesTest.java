package dev.rookery.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Event;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.UnknownEvent;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerEvent;
import dev.rookery.player.Provider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EventTypesTest {
  private static final Lobby LOBBY =
      new Lobby(
          new LobbyId(5),
          "Room",
          new PlayerId(7),
          "Ann",
          false,
          8,
          false,
          true,
          false,
          Map.of("map", "forest", "rounds", 3),
          2,
          1,
          4);
  private static final Player ANN =
      new Player(
          new PlayerId(7),
          "u-7",
          "ann@example.org",
          "Ann \"<b>\"\n",
          "",
          Map.of(),
          true,
          false,
          12,
          new LobbyId(5),
          null,
          Set.of(Provider.STEAM),
          true,
          false,
          3,
          9);

  private final EventTypes types = new EventTypes(List.of(LobbyEvent.class, PlayerEvent.class));

  @Test
  void readsWhatItWrites() {
    for (Event event :
        List.of(
            new LobbyEvent.Joined(LOBBY, ANN),
            new LobbyEvent.HostChanged(LOBBY, ANN.id(), "Ann"),
            new LobbyEvent.Changed(LOBBY, List.of(ANN)),
            new PlayerEvent.Changed(ANN))) {
      assertThat(types.read(types.name(event), types.write(event))).isEqualTo(event);
    }
  }

  @Test
  void ignoresFieldsOfNewerVersions() {
    var event = new PlayerEvent.Changed(ANN);
    String text = types.write(event).replaceFirst("\\{", "{\"laterField\":1,");

    assertThat(types.read("PlayerEvent.Changed", text)).isEqualTo(event);
  }

  @Test
  void readsOnlyKnownRecordsAndPassesOthersOn() {
    for (String text : List.of("{}", "{\"player\":17}")) {
      for (String name : List.of("java.lang.Runtime", "PlayerEvent.Vanished")) {
        Event read = types.read(name, text);
        assertThat(read).isEqualTo(new UnknownEvent(name, text));
        assertThat(types.name(read)).isEqualTo(name);
        assertThat(types.write(read)).isEqualTo(text);
        assertThat(read.toString()).doesNotContain(text);
      }
    }
    assertThat(types.read("PlayerEvent.Changed", "{\"player\":[17]}"))
        .isInstanceOf(UnknownEvent.class);
  }

  @Test
  void refusesToWriteUnlistedEvent() {
    record Unlisted() implements Event {}

    assertThatThrownBy(() -> types.write(new Unlisted()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
