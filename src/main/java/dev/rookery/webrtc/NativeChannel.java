package dev.rookery.webrtc;

import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.rookery.base.Text;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One data channel of a peer. Messages are sent on the peer's executor, because each costs a hop to
 * the network thread of the library.
 */
final class NativeChannel {
  /** How much the library may buffer, so that a client that reads is never idle. */
  private static final int BUFFERED_BYTES_MAX = 128 << 10;

  private static final int RETRY_MS = 5;

  private final NativePeer peer;
  private final RTCDataChannel channel;
  private final String label;
  private final OutgoingMessages outgoing;
  private final AtomicBoolean sending = new AtomicBoolean();
  private final Observer observer = new Observer(this);
  private volatile boolean open;
  private boolean disposed;

  NativeChannel(NativePeer peer, RTCDataChannel channel, int queueBytesMax) {
    this.peer = peer;
    this.channel = channel;
    // The library has null for an empty label.
    String given = Objects.requireNonNullElse(channel.getLabel(), "");
    this.label = Text.isWellFormed(given) ? given : "";
    this.outgoing = new OutgoingMessages(queueBytesMax, !channel.isReliable());
  }

  String label() {
    return label;
  }

  boolean isOpen() {
    return open;
  }

  /** Starts to receive; called by the library before any message is delivered. */
  void start() {
    channel.registerObserver(observer);
    onStateChange();
  }

  /**
   * What the library calls. It keeps a reference for ever, so this must not keep the peer. An
   * exception would end the process, so none gets out.
   */
  private static final class Observer implements RTCDataChannelObserver {
    private volatile @Nullable NativeChannel target;

    Observer(NativeChannel target) {
      this.target = target;
    }

    @Override
    public void onBufferedAmountChange(long previous) {
      // The library does not call this for every message; the amount is asked for instead.
    }

    @Override
    public void onStateChange() {
      NativeChannel to = target;
      if (to != null) {
        to.peer.guard(to::onStateChange);
      }
    }

    @Override
    public void onMessage(RTCDataChannelBuffer received) {
      NativeChannel to = target;
      if (to != null) {
        to.peer.guard(() -> to.onMessage(received));
      }
    }
  }

  private void onStateChange() {
    RTCDataChannelState state = channel.getState();
    if (state == RTCDataChannelState.OPEN && !open) {
      open = true;
      peer.onChannelOpen(this);
    } else if (state == RTCDataChannelState.CLOSED) {
      open = false;
      peer.onChannelClosed(this);
    }
  }

  private void onMessage(RTCDataChannelBuffer received) {
    int length = received.data.remaining();
    if (peer.admits(length)) {
      byte[] bytes = new byte[length];
      received.data.get(bytes);
      peer.onMessage(label, new DataMessage(bytes, received.binary));
    }
  }

  /** Queues a message; false if the queue of a reliable channel is full. */
  boolean send(DataMessage message) {
    int dropped = outgoing.add(message);
    if (dropped < 0) {
      return false;
    }
    peer.meters().dropped.increment(dropped);
    scheduleSend();
    return true;
  }

  private void scheduleSend() {
    if (sending.compareAndSet(false, true)) {
      peer.execute(this::sendWaiting);
    }
  }

  private void sendWaiting() {
    sending.set(false);
    if (!open || disposed) {
      return;
    }
    long room = BUFFERED_BYTES_MAX - channel.getBufferedAmount();
    while (room > 0) {
      DataMessage next = outgoing.poll();
      if (next == null) {
        return;
      }
      room -= next.bytes().length;
      try {
        channel.send(new RTCDataChannelBuffer(ByteBuffer.wrap(next.bytes()), next.binary()));
        peer.meters().sent.increment();
      } catch (Exception closing) {
        // The channel is closing, which its state tells next.
        return;
      }
    }
    if (!outgoing.isEmpty()) {
      peer.later(RETRY_MS, this::scheduleSend);
    }
  }

  /** Releases the channel; on the peer's executor. */
  void dispose() {
    if (!disposed) {
      disposed = true;
      open = false;
      observer.target = null;
      channel.unregisterObserver();
      channel.dispose();
    }
  }
}
