package dev.rookery.protocol.gameflow;

import dev.rookery.base.LobbyId;
import dev.rookery.base.NumberedUuid;
import java.util.Optional;

/** The id of a lobby as a UUID, for wires that know no integers. */
final class LobbyUuid {
  private static final NumberedUuid UUIDS = new NumberedUuid("6c6f6262-7900-8000-8000-");

  private LobbyUuid() {}

  static String of(LobbyId lobby) {
    return UUIDS.of(lobby.value());
  }

  /** Empty if the UUID is not that of a lobby. */
  static Optional<LobbyId> parse(String text) {
    return UUIDS.parse(text).map(LobbyId::new);
  }
}
