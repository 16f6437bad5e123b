package dev.rookery.edge;

import io.netty.channel.EventLoop;

/**
 * The bytes that one connection holds, as part of the {@link MemoryBudget}. Confined to the event
 * loop of the connection, except {@link #held}.
 */
final class MemoryAccount {
  /** The connection of an account. Called on its event loop. */
  interface Owner {
    /** Corrects the account, for what is only estimated otherwise. */
    void measure();

    /** Closes the connection and releases at once what it holds. */
    void shed();
  }

  private final MemoryBudget.Loop loop;
  private final MemoryBudget.Kind receivedKind;
  private final Owner owner;
  // Read by other threads that look for the largest; a value that is out of date does no harm.
  private int received;
  private int waiting;
  private int sending;
  private int measured;
  private boolean closed;
  private volatile boolean requested;

  MemoryAccount(MemoryBudget.Loop loop, MemoryBudget.Kind receivedKind, Owner owner) {
    this.loop = loop;
    this.receivedKind = receivedKind;
    this.owner = owner;
  }

  boolean isOf(MemoryBudget.Loop other) {
    return loop == other;
  }

  /**
   * Whether its event loop is to be asked to measure or shed it: not if it was asked already and
   * has not come to it.
   */
  boolean request() {
    boolean before = requested;
    requested = true;
    return !before;
  }

  /**
   * Whether {@link #held} is what the connection really holds, or close to it. What it has not read
   * yet counts in full until it is measured, though other sockets may share it.
   */
  boolean isMeasured() {
    int bytes = held();
    return sending <= bytes / 2 || bytes <= 2L * measured;
  }

  EventLoop eventLoop() {
    return loop.eventLoop();
  }

  /** All bytes of the connection. May be called from any thread. */
  int held() {
    return Math.clamp((long) received + waiting + sending, 0, Integer.MAX_VALUE);
  }

  void setReceived(int bytes) {
    if (bytes != received && !closed) {
      int change = bytes - received;
      received = bytes;
      loop.add(receivedKind, change);
    }
  }

  int received() {
    return received;
  }

  void addWaiting(int bytes) {
    if (!closed) {
      waiting += bytes;
      loop.add(MemoryBudget.Kind.WAITING, bytes);
    }
  }

  void setSending(int bytes) {
    if (bytes != sending && !closed) {
      int change = bytes - sending;
      sending = bytes;
      loop.add(MemoryBudget.Kind.SENDING, change);
    }
  }

  /** Passes on the changes of all connections of the event loop. */
  void flush() {
    loop.flush();
  }

  /** The connection has closed and holds nothing any more. */
  void close() {
    setReceived(0);
    addWaiting(-waiting);
    setSending(0);
    closed = true;
    loop.remove(this);
  }

  /** Corrects what is only estimated. */
  void measure() {
    requested = false;
    if (!closed) {
      owner.measure();
      measured = held();
    }
  }

  /**
   * Closes the connection if it still holds about as much as when it was chosen.
   *
   * @param bytes that it held then
   */
  void shed(int bytes) {
    requested = false;
    if (!closed && held() >= bytes / 2) {
      loop.countClose(largestKind());
      owner.shed();
      close();
    }
  }

  private MemoryBudget.Kind largestKind() {
    if (sending >= received && sending >= waiting) {
      return MemoryBudget.Kind.SENDING;
    }
    return received >= waiting ? receivedKind : MemoryBudget.Kind.WAITING;
  }
}
