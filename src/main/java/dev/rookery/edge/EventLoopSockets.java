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

  private static final int MERGED_BYTES_MAX = 4 << 20;

  private final EventLoop eventLoop;
  private final Set<Connection> connections = new HashSet<>();
  private List<SendQueue> unflushed = new ArrayList<>();
  private List<SendQueue> flushing = new ArrayList<>();
  private final List<FrameBatch> mergedBatches = new ArrayList<>();
  private int mergedBytes;
  private FrameBatch emptyBatch = FrameBatch.empty();
  private int unflushedFrames;
  private boolean inFlush;
  private int tick;

  EventLoopSockets(EventLoop eventLoop, SocketLimits limits) {
    this.eventLoop = eventLoop;
    eventLoop.scheduleAtFixedRate(
        this::advance, limits.tickMs(), limits.tickMs(), TimeUnit.MILLISECONDS);
  }

  int tick() {
    return tick;
  }

  void add(Connection connection) {
    connections.add(connection);
  }

  void remove(Connection connection) {
    connections.remove(connection);
  }

  /**
   * Flushes the outbox when everything that is due on this loop now has been put, or when that is
   * very much: a burst of events costs each socket one call of the kernel.
   */
  void scheduleFlush(SendQueue outbox) {
    unflushed.add(outbox);
    if (unflushed.size() == 1) {
      eventLoop.execute(this::flush);
    }
  }

  /** From which the bursts of this flush begin. */
  FrameBatch emptyBatch() {
    return emptyBatch;
  }

  /** The bytes of a burst, for one socket. */
  ByteBuf buffer(FrameBatch burst, ByteBufAllocator allocator) {
    if (!burst.isMerged()) {
      if (mergedBytes + burst.byteCount() > MERGED_BYTES_MAX) {
        releaseMerged();
      }
      burst.merge(allocator);
      mergedBatches.add(burst);
      mergedBytes += burst.byteCount();
    }
    return burst.buffer();
  }

  private void releaseMerged() {
    mergedBatches.forEach(FrameBatch::release);
    mergedBatches.clear();
    mergedBytes = 0;
  }

  /** Told of every packet that waits for its flush. */
  void countQueued() {
    if (++unflushedFrames >= UNFLUSHED_MAX) {
      flush();
    }
  }

  private void flush() {
    // A socket that becomes writable may be written to at once, and must not begin this again.
    if (inFlush) {
      return;
    }
    inFlush = true;
    unflushedFrames = 0;
    List<SendQueue> now = unflushed;
    unflushed = flushing;
    flushing = now;
    try {
      now.forEach(SendQueue::flush);
    } finally {
      now.clear();
      releaseMerged();
      emptyBatch = FrameBatch.empty();
      inFlush = false;
    }
  }

  private void advance() {
    tick++;
    // A copy, because who is given up leaves.
    for (Connection connection : List.copyOf(connections)) {
      connection.tick();
    }
  }
}
