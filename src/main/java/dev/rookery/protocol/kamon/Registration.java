package dev.rookery.protocol.kamon;

import dev.rookery.relay.Seat;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The frame by which a client takes a seat. What comes after the digit does not matter. */
final class Registration {
  private static final int ROOM_MAX = 64;
  private static final int BYTES_MAX = 4 * ROOM_MAX + 4;

  private Registration() {}

  /** Null if the frame is none. */
  static @Nullable Seat parse(byte[] frame) {
    if (frame.length < 5 || frame[0] != '*' || frame[1] != ' ') {
      return null;
    }
    int length = Math.min(frame.length, BYTES_MAX);
    int mark = 2;
    while (mark < length && frame[mark] != '_') {
      mark++;
    }
    if (mark + 1 >= length || frame[mark + 1] < '0' || frame[mark + 1] > '9') {
      return null;
    }
    String room = new String(frame, 2, mark - 2, StandardCharsets.UTF_8);
    boolean named =
        !room.isEmpty()
            && room.codePointCount(0, room.length()) <= ROOM_MAX
            && room.codePoints().allMatch(Registration::isPartOfName);
    return named ? new Seat(room, frame[mark + 1] == '0' ? 0 : 1) : null;
  }

  /** Also marks, without which some alphabets cannot be written. */
  private static boolean isPartOfName(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
      default -> Character.isLetterOrDigit(character) || character == '-';
    };
  }
}
