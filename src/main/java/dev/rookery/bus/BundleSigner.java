package dev.rookery.bus;

import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Signs the messages that this node sends to others. Thread-safe.
 *
 * <p>A signed message consists of a version (1 byte), the sender (16 bytes, new with each start), a
 * counter (8 bytes, counting the sender's messages to one address from 1), a MAC (16 bytes) and the
 * content. The MAC covers the address and everything else.
 */
final class BundleSigner {
  private final byte[] sender = new byte[BundleMac.SENDER_BYTES];
  private final BundleMac mac;
  private final Map<String, AtomicLong> counters = new ConcurrentHashMap<>();

  BundleSigner(ClusterKey key, SecureRandom random) {
    this.mac = new BundleMac(key);
    random.nextBytes(sender);
  }

  /** The random name of this process, which its messages carry. */
  byte[] sender() {
    return sender.clone();
  }

  Buffer sign(String address, Buffer content) {
    // The addresses are few: a fixed number of shards, and one for each node.
    long counter = counters.computeIfAbsent(address, _ -> new AtomicLong()).incrementAndGet();
    byte[] header = BundleMac.header(sender, counter);
    byte[] body = content.getBytes();
    return Buffer.buffer(BundleMac.HEADER_BYTES + BundleMac.MAC_BYTES + body.length)
        .appendBytes(header)
        .appendBytes(mac.compute(address, header, body), 0, BundleMac.MAC_BYTES)
        .appendBytes(body);
  }
}
