package dev.rookery.webrtc;

import dev.onvoid.webrtc.RTCDataChannel;
import dev.rookery.base.FatalErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data channels of one peer: at most {@value #CHANNELS_MAX} in its life. What releases memory
 * of the library runs on the peer's executor; the other methods may be called from any thread.
 */
final class NativeChannels {
  static final int CHANNELS_MAX = 16;

  private static final Logger LOG = LoggerFactory.getLogger(NativeChannels.class);

  private final NativePeer peer;
  private final int queueBytesMax;
  private final Map<String, NativeChannel> byLabel = new ConcurrentHashMap<>();
  private final AtomicInteger opened = new AtomicInteger();
  // Confined to the executor.
  private final List<NativeChannel> all = new ArrayList<>();
  private final List<RTCDataChannel> refused = new ArrayList<>();

  NativeChannels(NativePeer peer, int queueBytesMax) {
    this.peer = peer;
    this.queueBytesMax = queueBytesMax;
  }

  /** Adds a channel that the client has opened; false, and the channel is closed, if too many. */
  boolean add(RTCDataChannel channel) {
    if (opened.incrementAndGet() > CHANNELS_MAX) {
      peer.release(
          () -> {
            channel.close();
            // The callback has a reference of its own, which it gives up when it returns.
            refused.add(channel);
          });
      return false;
    }
    var added = new NativeChannel(peer, channel, queueBytesMax);
    byLabel.putIfAbsent(added.label(), added);
    added.start();
    peer.release(() -> all.add(added));
    return true;
  }

  /** The open channel with this label; of several the first. */
  @Nullable NativeChannel find(String label) {
    NativeChannel channel = byLabel.get(label);
    return channel != null && channel.isOpen() ? channel : null;
  }

  /** The client has closed a channel, or its connection is gone. */
  void remove(NativeChannel channel) {
    byLabel.remove(channel.label(), channel);
    peer.release(
        () -> {
          all.remove(channel);
          channel.dispose();
        });
  }

  /** Releases all channels, before the connection is closed. */
  void dispose() {
    all.forEach(channel -> dispose(channel::dispose));
    refused.forEach(channel -> dispose(channel::dispose));
    byLabel.clear();
  }

  /** Releases one channel; the others are released whatever happens. */
  private static void dispose(Runnable channel) {
    try {
      channel.run();
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("the memory of a data channel could not be released: {}", failure.toString());
    }
  }
}
