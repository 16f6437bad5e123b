package dev.rookery.protocol.gameflow;

import dev.rookery.base.LobbyId;
import java.util.Optional;

/** The id of a lobby as a UUID, for wires that know no integers. */
final class LobbyUuid {
  private static final String PREFIX = "6c6f6262-7900-8000-8000-";
  private static final int DIGITS = 12;
  private static final int HEX = 16;

  private LobbyUuid() {}

  static String of(LobbyId lobby) {
    String hex = Long.toHexString(lobby.value());
    return PREFIX + "0".repeat(DIGITS - hex.length()) + hex;
  }

  /** Empty if the UUID is not that of a lobby. */
  static Optional<LobbyId> parse(String text) {
    if (text.length() != PREFIX.length() + DIGITS
        || !text.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
      return Optional.empty();
    }
    String hex = text.substring(PREFIX.length());
    boolean number = hex.chars().allMatch(digit -> Character.digit(digit, HEX) >= 0);
    return number ? Optional.of(new LobbyId(Long.parseLong(hex, HEX))) : Optional.empty();
  }
}
