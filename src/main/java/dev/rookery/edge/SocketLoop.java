package dev.rookery.edge;

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
final class SocketLoop {
  /** Written so many, a few milliseconds have passed; nobody waits longer for the first of them. */
  static final int UNFLUSHED_MAX = 16_384;

  private final EventLoop eventLoop;
  private final Set<Connection> connections = new HashSet<>();
  private List<Outbox> unflushed = new ArrayList<>();
  private List<Outbox> flushing = new ArrayList<>();
  private int unflushedPackets;
  private boolean inFlush;
  private int tick;

  SocketLoop(EventLoop eventLoop, SocketLimits limits) {
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
   * Flushes the outbox when everything that is due on this loop now has been written, or when that
   * is very much: a burst of events costs each socket one call of the kernel.
   */
  void flushSoon(Outbox outbox) {
    unflushed.add(outbox);
    if (unflushed.size() == 1) {
      eventLoop.execute(this::flush);
    }
  }

  /** Told of every packet that waits for its flush. */
  void written() {
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
    List<Outbox> now = unflushed;
    unflushed = flushing;
    flushing = now;
    try {
      now.forEach(Outbox::flush);
    } finally {
      now.clear();
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
