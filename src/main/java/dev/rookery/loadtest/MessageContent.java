package dev.rookery.loadtest;

import java.nio.charset.StandardCharsets;

/** The content of a message: when it was due, which one it is, and as many bytes as are wanted. */
final class MessageContent {
  private static final byte[] CONTENT = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final String FILL = " " + "x".repeat(4_096);
  private static final int NUMBERS = 1_000_000;

  private MessageContent() {}

  /**
   * @param due in nanoseconds since the run began
   * @param number below a million
   * @param bytes at least 40
   */
  static String write(long due, int number, int bytes) {
    String text = Long.toString(due * NUMBERS + number);
    return text + FILL.substring(0, bytes - text.length());
  }

  static long due(PhoenixMessage pushed) {
    return pushed.number(CONTENT) / NUMBERS;
  }

  static int number(PhoenixMessage pushed) {
    return (int) (pushed.number(CONTENT) % NUMBERS);
  }
}
