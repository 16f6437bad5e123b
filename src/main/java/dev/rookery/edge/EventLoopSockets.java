package dev.rookery.edge;

import dev.rookery.base.FatalErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSockets of one event loop, with the work they share: one flush for all sockets that were
 * written to, and one timer that counts ticks for idle detection. Confined to the event loop.
 */
final class EventLoopSockets {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoopSockets.class);

  /**
   * Frames after which a flush happens at once. Queueing so many takes a few milliseconds, and the
   * first of them should not wait longer.
   */
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

  private final MemoryBudget memory;
  private final int idleTicks;
  private final int pingTicks;
  private final int messageTicks;
  private final int unusedTicks;
  private final int framesPerTickMax;
  private final int emptyFragmentsPerTickMax;

  EventLoopSockets(EventLoop eventLoop, SocketLimits limits, MemoryBudget memory) {
    this.eventLoop = eventLoop;
    this.memory = memory;
    this.idleTicks = limits.ticks(limits.idle());
    this.pingTicks = limits.pingTicks();
    this.messageTicks = limits.ticks(limits.message());
    this.unusedTicks = limits.ticks(limits.unused());
    this.framesPerTickMax = limits.framesPerTickMax();
    this.emptyFragmentsPerTickMax = limits.emptyFragmentsPerTickMax();
    eventLoop.scheduleAtFixedRate(
        this::advance, limits.tickMs(), limits.tickMs(), TimeUnit.MILLISECONDS);
  }

  int tick() {
    return tick;
  }

  int idleTicks() {
    return idleTicks;
  }

  int pingTicks() {
    return pingTicks;
  }

  int messageTicks() {
    return messageTicks;
  }

  int unusedTicks() {
    return unusedTicks;
  }

  int framesPerTickMax() {
    return framesPerTickMax;
  }

  int emptyFragmentsPerTickMax() {
    return emptyFragmentsPerTickMax;
  }

  MemoryAccount openAccount(MemoryAccount.Owner owner) {
    return memory.open(eventLoop, MemoryBudget.Kind.FRAMES, owner);
  }

  void add(Connection connection) {
    connections.add(connection);
  }

  void remove(Connection connection) {
    connections.remove(connection);
  }

  /**
   * Flushes the queue after the tasks that are due on the event loop now, or earlier if many frames
   * are queued. Events that arrive together cost each socket one system call.
   */
  void scheduleFlush(SendQueue queue) {
    unflushed.add(queue);
    if (unflushed.size() == 1) {
      eventLoop.execute(this::flush);
    }
  }

  /** The batch from which those of this flush are built. */
  FrameBatch emptyBatch() {
    return emptyBatch;
  }

  /** The bytes of a batch, for a write to one socket; the caller owns the reference. */
  ByteBuf buffer(FrameBatch batch, ByteBufAllocator allocator) {
    if (!batch.isMerged()) {
      if (mergedBytes + batch.byteCount() > MERGED_BYTES_MAX) {
        releaseMerged();
      }
      batch.merge(allocator);
      mergedBatches.add(batch);
      mergedBytes += batch.byteCount();
    }
    return batch.buffer();
  }

  private void releaseMerged() {
    mergedBatches.forEach(FrameBatch::release);
    mergedBatches.clear();
    mergedBytes = 0;
  }

  /** Counts a frame that waits for the next flush. */
  void countQueued() {
    if (++unflushedFrames >= UNFLUSHED_MAX) {
      flush();
    }
  }

  private void flush() {
    // A callback of a socket that becomes writable may write at once; it must not start a nested
    // flush.
    if (inFlush) {
      return;
    }
    inFlush = true;
    unflushedFrames = 0;
    List<SendQueue> queues = unflushed;
    unflushed = flushing;
    flushing = queues;
    try {
      queues.forEach(EventLoopSockets::flush);
    } finally {
      queues.clear();
      releaseMerged();
      emptyBatch = FrameBatch.empty();
      inFlush = false;
    }
  }

  private static void flush(SendQueue queue) {
    try {
      queue.flush();
    } catch (RuntimeException | Error failure) {
      // The other sockets have frames to send too.
      FatalErrors.endIfFatal(failure);
      LOG.error("the frames of a socket could not be written", failure);
    }
  }

  private void advance() {
    tick++;
    // A copy, because a connection that is closed removes itself.
    for (Connection connection : List.copyOf(connections)) {
      try {
        connection.tick();
      } catch (RuntimeException | Error failure) {
        // Were it thrown on, no socket of this event loop would be checked again.
        FatalErrors.endIfFatal(failure);
        LOG.error("a socket could not be checked", failure);
      }
    }
    memory.flush(eventLoop);
  }
}
