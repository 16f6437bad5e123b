package dev.rookery.fanout;

import dev.rookery.base.CommittedEvent;
import dev.rookery.bus.EventTypes;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Events of one commit as what goes between nodes at once: each {@link Envelope} with its length
 * before it. A message costs each node more than most of what is in it.
 */
final class EnvelopeBatch {
  /** In bytes; an event that is larger goes alone. */
  static final int SIZE_MAX = 1 << 18;

  private EnvelopeBatch() {}

  /** In their order, in as few as the bound allows. */
  static List<Buffer> encode(String sender, EventTypes types, List<CommittedEvent> events) {
    var bundles = new ArrayList<Buffer>();
    Buffer open = Buffer.buffer();
    for (CommittedEvent event : events) {
      Buffer text = Envelope.encode(sender, types, event);
      if (open.length() > 0 && open.length() + Integer.BYTES + text.length() > SIZE_MAX) {
        bundles.add(open);
        open = Buffer.buffer();
      }
      open.appendInt(text.length()).appendBuffer(text);
    }
    if (open.length() > 0) {
      bundles.add(open);
    }
    return bundles;
  }

  /** Only the headers are decoded. */
  static List<Envelope> decode(Buffer bundle) {
    var envelopes = new ArrayList<Envelope>();
    int from = 0;
    while (from < bundle.length()) {
      if (bundle.length() - from < Integer.BYTES) {
        throw new IllegalArgumentException("a bundle that ends within a length");
      }
      int length = bundle.getInt(from);
      from += Integer.BYTES;
      if (length < 0 || length > bundle.length() - from) {
        throw new IllegalArgumentException("a bundle that ends within an envelope");
      }
      envelopes.add(Envelope.decode(bundle.slice(from, from + length)));
      from += length;
    }
    return envelopes;
  }
}
