package dev.rookery.webrtc;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait to be sent on one data channel. Thread-safe.
 *
 * <p>They wait here instead of in the buffer of the native library, where newer messages could not
 * replace them.
 */
final class OutgoingMessages {
  private static final int MESSAGES_MAX = 4_096;

  private final int bytesMax;
  private final boolean lossy;
  private final ArrayDeque<DataMessage> waiting = new ArrayDeque<>();
  private int waitingBytes;

  /**
   * @param lossy whether the oldest messages are dropped when there are too many
   */
  OutgoingMessages(int bytesMax, boolean lossy) {
    this.bytesMax = bytesMax;
    this.lossy = lossy;
  }

  /** Returns how many messages were dropped for this one; negative if it does not fit. */
  synchronized int add(DataMessage message) {
    int dropped = 0;
    while (waiting.size() >= MESSAGES_MAX
        || (!waiting.isEmpty() && waitingBytes + message.bytes().length > bytesMax)) {
      if (!lossy) {
        return -1;
      }
      remove();
      dropped++;
    }
    waiting.add(message);
    waitingBytes += message.bytes().length;
    return dropped;
  }

  /** Removes the oldest message; null if there is none. */
  synchronized @Nullable DataMessage poll() {
    return waiting.isEmpty() ? null : remove();
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  private DataMessage remove() {
    DataMessage oldest = waiting.remove();
    waitingBytes -= oldest.bytes().length;
    return oldest;
  }
}
