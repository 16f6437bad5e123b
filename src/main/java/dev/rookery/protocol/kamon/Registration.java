package dev.rookery.protocol.kamon;

import dev.rookery.base.ComparedText;
import dev.rookery.relay.Seat;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Parses the registration frame {@code * <room>_<n>} by which a client takes a seat (Kamon relay
 * contract, Protocol). Text after the digit is ignored.
 */
final class Registration {
  private static final int ROOM_MAX = 64;
  private static final int BYTES_MAX = 4 * ROOM_MAX + 4;

  private Registration() {}

  /** The requested seat; null if the frame is not a registration. */
  static @Nullable Seat parse(byte[] frame) {
    if (frame.length < 5 || frame[0] != '*' || frame[1] != ' ') {
      return null;
    }
    int length = Math.min(frame.length, BYTES_MAX);
    int separator = 2;
    while (separator < length && frame[separator] != '_') {
      separator++;
    }
    if (separator + 1 >= length || frame[separator + 1] < '0' || frame[separator + 1] > '9') {
      return null;
    }
    String room = new String(frame, 2, separator - 2, StandardCharsets.UTF_8);
    boolean valid =
        !room.isEmpty()
            && room.codePointCount(0, room.length()) <= ROOM_MAX
            && room.codePoints().allMatch(Registration::isPartOfName);
    // Two players who type the same name are in the same room, however their keyboards write it.
    return valid
        ? new Seat(ComparedText.identifier(room), frame[separator + 1] == '0' ? 0 : 1)
        : null;
  }

  /** Letters, digits, hyphens, and combining marks, which some scripts require. */
  private static boolean isPartOfName(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
      default -> Character.isLetterOrDigit(character) || character == '-';
    };
  }
}
