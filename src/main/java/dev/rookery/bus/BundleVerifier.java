package dev.rookery.bus;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies what arrives at one address, before anything of it is decoded: a message counts only
 * with the MAC of an accepted key, for this address, and once. Thread-safe.
 *
 * <p>It remembers the counters of the {@value #SENDERS_MAX} senders that sent most recently, which
 * are as many starts of nodes. Only who has the key is remembered.
 */
final class BundleVerifier {
  static final int SENDERS_MAX = 128;

  private static final int CONTENT_AT = BundleMac.HEADER_BYTES + BundleMac.MAC_BYTES;
  private static final int COUNTER_AT = 1 + BundleMac.SENDER_BYTES;

  private final String address;
  private final List<BundleMac> macs;
  private final BundleRefusals refusals;
  private final Map<String, ReplayWindow> senders = new Senders();

  BundleVerifier(String address, List<BundleMac> macs, BundleRefusals refusals) {
    this.address = address;
    this.macs = macs;
    this.refusals = refusals;
  }

  /** Whether a message claims that sender. */
  static boolean isFrom(Buffer message, byte[] sender) {
    return message.length() >= CONTENT_AT && Arrays.equals(message.getBytes(1, COUNTER_AT), sender);
  }

  /** Returns the content of a message, or null if it is refused, which is counted. */
  @Nullable Buffer open(Object message) {
    if (!(message instanceof Buffer bytes)
        || bytes.length() < CONTENT_AT
        || bytes.getByte(0) != BundleMac.VERSION) {
      refusals.refuse(BundleRefusals.Reason.FORMAT, address, "unknown");
      return null;
    }
    byte[] header = bytes.getBytes(0, BundleMac.HEADER_BYTES);
    byte[] mac = bytes.getBytes(BundleMac.HEADER_BYTES, CONTENT_AT);
    byte[] content = bytes.getBytes(CONTENT_AT, bytes.length());
    String sender = HexFormat.of().formatHex(header, 1, COUNTER_AT);
    if (macs.stream().noneMatch(key -> key.matches(address, header, content, mac))) {
      refusals.refuse(BundleRefusals.Reason.MAC, address, sender);
      return null;
    }
    if (!isNew(sender, bytes.getLong(COUNTER_AT))) {
      refusals.refuse(BundleRefusals.Reason.REPLAY, address, sender);
      return null;
    }
    return Buffer.buffer(content);
  }

  private synchronized boolean isNew(String sender, long counter) {
    return senders.computeIfAbsent(sender, _ -> new ReplayWindow()).accept(counter);
  }

  private static final class Senders extends LinkedHashMap<String, ReplayWindow> {
    private static final long serialVersionUID = 1L;

    Senders() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, ReplayWindow> eldest) {
      return size() > SENDERS_MAX;
    }
  }
}
