package dev.rookery.extensionhost;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A topic of an extension: {@code x:<extension>:<topic>}, which is also the name of its stream.
 *
 * @param topic the last part, which the extension chooses
 */
public record ExtensionTopic(String extension, String topic) {
  private static final String PREFIX = "x:";
  private static final String TRANSIENT = "x-transient:";
  private static final String ROOM = "x-room:";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final Pattern EVENT = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  /** Reads the topic of a client; null if it is none of an extension. */
  public static @Nullable ExtensionTopic of(String full) {
    if (!full.startsWith(PREFIX)) {
      return null;
    }
    int end = full.indexOf(':', PREFIX.length());
    if (end < 0 || !isName(full.substring(end + 1))) {
      return null;
    }
    return new ExtensionTopic(full.substring(PREFIX.length(), end), full.substring(end + 1));
  }

  /** The topic as clients name it. */
  public String full() {
    return PREFIX + extension + ":" + topic;
  }

  /** The feed of the events of a topic that are not stored. */
  public static String transientFeed(String full) {
    return TRANSIENT + full;
  }

  /** The feed of the messages to the owner of a room. */
  static String roomFeed(String lease) {
    return ROOM + lease;
  }

  /** Returns whether this is a valid name of a topic or a room. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static void checkName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is no name of 1 to 128 of the characters a-z, A-Z, 0-9, . _ : and -");
    }
  }

  /** Events that begin with {@code phx_} are those of the protocol. */
  static void checkEvent(String event) {
    if (!EVENT.matcher(event).matches() || event.startsWith("phx_")) {
      throw new IllegalArgumentException(
          "\""
              + event
              + "\" is no name of an event: 1 to 64 of the characters a-z, A-Z, 0-9, . _ : and -,"
              + " and not phx_…");
    }
  }
}
