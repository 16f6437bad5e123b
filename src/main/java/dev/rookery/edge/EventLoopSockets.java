package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The sockets of one event loop: what they do together is done once for all of them. Time passes
 * here in ticks, counted by the only timer there is; confined to the loop.
 */
final class EventLoopSockets {
  /** Put so many, a few milliseconds have passed; nobody waits longer for the first of them. */
  static final int UNFLUSHED_MAX = 65_536;

  private static final int TOGETHER_BYTES_MAX = 4 << 20;

  private final EventLoop eventLoop;
  private final Set<Connection> connections = new HashSet<>();
  private List<SendQueue> unflushed = new ArrayList<>();
  private List<SendQueue> flushing = new ArrayList<>();
  private final List<FrameBatch> together = new ArrayList<>();
  private int togetherBytes;
  private FrameBatch none = FrameBatch.empty();
  private int unflushedPackets;
  private boolean inFlush;
  private int tick;

  EventLoopSockets(EventLoop eventLoop, SocketLimits limits) {
    this.eventLoop = eventLoop;
    eventLoop.scheduleAtFixedRate(
        this::pass, limits.tickMs(), limits.tickMs(), TimeUnit.MILLISECONDS);
  }

  int tick() {
    return tick;
  }

  void enter(Connection connection) {
    connections.add(connection);
  }

  void leave(Connection connection) {
    connections.remove(connection);
  }

  /**
   * Flushes the outbox when everything that is due on this loop now has been put, or when that is
   * very much: a burst of events costs each socket one call of the kernel.
   */
  void flushSoon(SendQueue outbox) {
    unflushed.add(outbox);
    if (unflushed.size() == 1) {
      eventLoop.execute(this::flush);
    }
  }

  /** From which the bursts of this flush begin. */
  FrameBatch none() {
    return none;
  }

  /** The bytes of a burst, for one socket. */
  ByteBuf frames(FrameBatch burst, ByteBufAllocator allocator) {
    if (!burst.isTogether()) {
      if (togetherBytes + burst.bytes() > TOGETHER_BYTES_MAX) {
        release();
      }
      burst.putTogether(allocator);
      together.add(burst);
      togetherBytes += burst.bytes();
    }
    return burst.frames();
  }

  private void release() {
    together.forEach(FrameBatch::release);
    together.clear();
    togetherBytes = 0;
  }

  /** Told of every packet that waits for its flush. */
  void put() {
    if (++unflushedPackets >= UNFLUSHED_MAX) {
      flush();
    }
  }

  private void flush() {
    // A socket that becomes writable may be written to at once, and must not begin this again.
    if (inFlush) {
      return;
    }
    inFlush = true;
    unflushedPackets = 0;
    List<SendQueue> now = unflushed;
    unflushed = flushing;
    flushing = now;
    try {
      now.forEach(SendQueue::flush);
    } finally {
      now.clear();
      release();
      none = FrameBatch.empty();
      inFlush = false;
    }
  }

  private void pass() {
    tick++;
    // A copy, because who is given up leaves.
    for (Connection connection : List.copyOf(connections)) {
      connection.tick();
    }
  }
}
