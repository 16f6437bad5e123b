package dev.rookery.fanout;

import dev.rookery.base.CommittedEvent;
import dev.rookery.bus.EventTypes;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoding of the events of one commit as a message between nodes: a sequence of {@link
 * Envelope}s, each with a length prefix of 4 bytes. Sending them together saves the cost per
 * message, which exceeds that of most events.
 */
final class EnvelopeBatch {
  /** Maximum bytes of a batch; a larger event is sent in a batch of its own. */
  static final int SIZE_MAX = 1 << 18;

  private EnvelopeBatch() {}

  /** Encodes the events in order, in as few batches as the maximum size allows. */
  static List<Buffer> encode(String sender, EventTypes types, List<CommittedEvent> events) {
    var batches = new ArrayList<Buffer>();
    Buffer current = Buffer.buffer();
    for (CommittedEvent event : events) {
      Buffer envelope = Envelope.encode(sender, types, event);
      if (current.length() > 0 && current.length() + Integer.BYTES + envelope.length() > SIZE_MAX) {
        batches.add(current);
        current = Buffer.buffer();
      }
      current.appendInt(envelope.length()).appendBuffer(envelope);
    }
    if (current.length() > 0) {
      batches.add(current);
    }
    return batches;
  }

  /**
   * Decodes the headers of all events; throws {@link IllegalArgumentException} if the batch is
   * truncated.
   */
  static List<Envelope> decode(Buffer batch) {
    var envelopes = new ArrayList<Envelope>();
    int from = 0;
    while (from < batch.length()) {
      if (batch.length() - from < Integer.BYTES) {
        throw new IllegalArgumentException("the batch ends within a length prefix");
      }
      int length = batch.getInt(from);
      from += Integer.BYTES;
      if (length < 0 || length > batch.length() - from) {
        throw new IllegalArgumentException("the batch ends within an envelope");
      }
      envelopes.add(Envelope.decode(batch.slice(from, from + length)));
      from += length;
    }
    return envelopes;
  }
}
