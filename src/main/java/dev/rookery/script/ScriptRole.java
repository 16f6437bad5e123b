package dev.rookery.script;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The roles of callers of scripts, the least first. A script names the least one that may call it.
 */
public enum ScriptRole {
  GUEST,
  PLAYER,
  MANAGER;

  private static final String MARKER = "-- ROLE:";

  /** Whether a caller of this role may call what requires the other one. */
  public boolean includes(ScriptRole required) {
    return compareTo(required) >= 0;
  }

  /** The role's name in scripts and tokens: {@code guest}, {@code player} or {@code manager}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role that the first line {@code -- ROLE:} of a script names; {@link #PLAYER} without one.
   *
   * @throws IllegalArgumentException if it names something else; the message says the line
   */
  public static ScriptRole ofSource(byte[] source) {
    String[] lines = new String(source, StandardCharsets.ISO_8859_1).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.startsWith(MARKER)) {
        return parse(line.substring(MARKER.length()).strip(), i + 1);
      }
    }
    return PLAYER;
  }

  private static ScriptRole parse(String name, int line) {
    for (ScriptRole role : values()) {
      if (role.text().equals(name.toLowerCase(Locale.ROOT))) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "line %d: the role %s is none of guest, player and manager".formatted(line, name));
  }
}
