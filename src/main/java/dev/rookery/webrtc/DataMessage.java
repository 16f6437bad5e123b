package dev.rookery.webrtc;

import java.nio.charset.StandardCharsets;

/**
 * A message of a data channel. The bytes must not be changed: one message may be sent to many
 * peers.
 */
@SuppressWarnings("ArrayRecordComponent") // shared without copying, and never compared
public record DataMessage(byte[] bytes, boolean binary) {
  public static DataMessage text(String text) {
    return new DataMessage(text.getBytes(StandardCharsets.UTF_8), false);
  }
}
