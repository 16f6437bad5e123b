package dev.rookery.protocol.gameflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.LobbyId;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LobbyUuidTest {
  @Property
  void everyLobbyHasAUuidOfItsOwn(@ForAll @LongRange(min = 1, max = (1L << 48) - 1) long id) {
    String uuid = LobbyUuid.of(new LobbyId(id));

    assertThat(UUID.fromString(uuid)).hasToString(uuid);
    assertThat(LobbyUuid.parse(uuid)).contains(new LobbyId(id));
    assertThat(LobbyUuid.parse(uuid.toUpperCase(java.util.Locale.ROOT))).contains(new LobbyId(id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "12",
        "6c6f6262-7900-8000-8000-00000000000",
        "6c6f6262-7900-8000-8000-0000000000000",
        "6c6f6262-7900-8000-8000-00000000000g",
        "6c6f6262-7900-8000-8000--00000000001",
        "00000000-0000-4000-8000-000000000001"
      })
  void anythingElseNamesNone(String text) {
    assertThat(LobbyUuid.parse(text)).isEmpty();
  }
}
