package dev.rookery.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open sockets of this node, of all wires and event loops, so that a drain can close them.
 *
 * <p>A socket enters when it was upgraded and leaves when it has closed, for whatever reason.
 */
public final class SocketRegistry {
  /** One socket. Compared by identity. */
  @FunctionalInterface
  public interface OpenSocket {
    /**
     * Sends the close frame and lets what is queued before it go out first. Called from any thread.
     * The future ends when the socket has closed; closing twice is harmless.
     */
    Future<Void> close(CloseReason why);
  }

  private static final long STEP_MS = 20;

  private final Set<OpenSocket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable CloseReason closing;

  /** Whether no socket may be opened any more; an upgrade is then answered with 503. */
  public boolean isClosing() {
    return closing != null;
  }

  /** Enters a socket. One that comes too late for a drain is closed at once. */
  public void add(OpenSocket socket) {
    open.add(socket);
    CloseReason why = closing;
    if (why != null) {
      socket.close(why);
    }
  }

  public void remove(OpenSocket socket) {
    open.remove(socket);
  }

  public int count() {
    return open.size();
  }

  /** Closes those that are open now; who comes back is let in. */
  public void closeOpen(CloseReason why) {
    open.forEach(socket -> socket.close(why));
  }

  /** Closes all sockets and lets none in from now on. Ends when the last one has closed. */
  public Future<Void> closeAll(CloseReason why) {
    closing = why;
    return close(List.copyOf(open), why);
  }

  /**
   * As {@link #closeAll(Close)}, but one after the other: clients that all come back at once are
   * more than the other nodes may want.
   *
   * @param over the time between the first one and the last
   */
  public Future<Void> closeAll(Vertx vertx, CloseReason why, Duration over) {
    closing = why;
    Promise<Void> closed = Promise.promise();
    closeNext(vertx, new StaggeredClose(List.copyOf(open), why, over.toMillis(), closed), 0, 0);
    return closed.future();
  }

  private record StaggeredClose(
      List<OpenSocket> sockets, CloseReason why, long overMs, Promise<Void> closed) {
    /** How many of them are to be closed by then. */
    int dueAt(long ms) {
      return ms >= overMs ? sockets.size() : (int) (sockets.size() * ms / overMs) + 1;
    }
  }

  private void closeNext(Vertx vertx, StaggeredClose spread, int from, long ms) {
    int upto = Math.min(spread.dueAt(ms), spread.sockets.size());
    for (OpenSocket socket : spread.sockets.subList(from, upto)) {
      socket.close(spread.why);
    }
    if (upto < spread.sockets.size()) {
      vertx.setTimer(STEP_MS, _ -> closeNext(vertx, spread, upto, ms + STEP_MS));
    } else {
      // Closing again tells when a socket has closed, and finds those that came meanwhile.
      close(List.copyOf(open), spread.why).onComplete(spread.closed);
    }
  }

  private static Future<Void> close(List<OpenSocket> sockets, CloseReason why) {
    return Future.join(sockets.stream().map(socket -> socket.close(why).otherwiseEmpty()).toList())
        .mapEmpty();
  }
}
