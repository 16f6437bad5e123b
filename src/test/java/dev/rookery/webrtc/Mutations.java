package dev.rookery.webrtc;

import java.util.Random;

/** Changes a text at random; the same seed makes the same changes. */
final class Mutations {
  private static final int CHANGES_MAX = 4;
  private static final String[] NUMBERS = {
    "", "-1", "0", "65536", "2147483648", "99999999999999999999", "1e9", "0x7f"
  };
  private static final String[] TEXTS = {
    "\0", "\r\n", "\n", "=", ":", " ", "\ud800", "\u00e9", "%n%s", "a=", "m=", "x".repeat(1_000)
  };

  private final Random random;

  Mutations(long seed) {
    random = new Random(seed);
  }

  /** A changed copy. */
  String of(String text) {
    String changed = text;
    for (int i = random.nextInt(CHANGES_MAX + 1); i >= 0; i--) {
      changed = change(changed);
    }
    return changed;
  }

  private String change(String text) {
    if (text.isEmpty()) {
      return pick(TEXTS);
    }
    int at = random.nextInt(text.length());
    int end = at + random.nextInt(text.length() - at);
    return switch (random.nextInt(8)) {
      case 0 -> text.substring(0, at) + text.substring(end);
      case 1 -> text.substring(0, at) + pick(TEXTS) + text.substring(at);
      case 2 -> text.substring(0, end) + text.substring(at);
      case 3 -> text.substring(0, at) + (char) random.nextInt(0x80) + text.substring(at + 1);
      case 4 -> text.substring(0, at);
      case 5 -> replaceNumber(text, at);
      case 6 -> changeLine(text, true);
      default -> changeLine(text, false);
    };
  }

  private String pick(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Replaces the first number behind a place. */
  private String replaceNumber(String text, int from) {
    return text.substring(0, from) + text.substring(from).replaceFirst("\\d+", pick(NUMBERS));
  }

  /** Repeats a line, or removes it. */
  private String changeLine(String text, boolean twice) {
    String[] lines = text.split("(?<=\n)", -1);
    int chosen = random.nextInt(lines.length);
    lines[chosen] = twice ? lines[chosen] + lines[chosen] : "";
    return String.join("", lines);
  }
}
