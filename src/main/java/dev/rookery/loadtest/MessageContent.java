package dev.rookery.loadtest;

import java.nio.charset.StandardCharsets;

/** The content of a message: when it was due, the number of its sender, and padding. */
final class MessageContent {
  private static final byte[] CONTENT = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final String PADDING = " " + "x".repeat(4_096);
  private static final int NUMBERS = 1_000_000;

  private MessageContent() {}

  /**
   * @param due in nanoseconds since the run began
   * @param number below one million
   * @param bytes length, at least 40
   */
  static String write(long due, int number, int bytes) {
    String text = Long.toString(due * NUMBERS + number);
    return text + PADDING.substring(0, bytes - text.length());
  }

  static long due(PhoenixMessage message) {
    return message.number(CONTENT) / NUMBERS;
  }

  static int number(PhoenixMessage message) {
    return (int) (message.number(CONTENT) % NUMBERS);
  }
}
