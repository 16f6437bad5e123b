package dev.rookery.edge;

import dev.rookery.base.PlayerId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The open WebSockets of this node, of all protocols and event loops, so that a drain can close
 * them. Thread-safe.
 *
 * <p>A socket is added after its upgrade and removed when it has closed, for whatever reason.
 */
public final class SocketRegistry {
  /** An open socket, compared by identity. */
  @FunctionalInterface
  public interface OpenSocket {
    /**
     * Sends a close frame behind all queued frames. May be called from any thread and more than
     * once. The future completes when the socket has closed.
     */
    Future<Void> close(CloseReason reason);

    /** What can be said of the socket, from any thread; null for nothing. */
    default @Nullable SocketState state() {
      return null;
    }
  }

  private static final long STEP_MS = 20;

  private final AtomicLong ids = new AtomicLong();
  private final Set<OpenSocket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable CloseReason closing;

  /** Whether the node drains; upgrades are then answered with 503. */
  public boolean isClosing() {
    return closing != null;
  }

  /** Adds a socket; during a drain it is closed at once. */
  public void add(OpenSocket socket) {
    open.add(socket);
    CloseReason reason = closing;
    if (reason != null) {
      socket.close(reason);
    }
  }

  public void remove(OpenSocket socket) {
    open.remove(socket);
  }

  /** Returns an id for a socket that is about to open. */
  long nextId() {
    return ids.incrementAndGet();
  }

  /** The open sockets of a player, at most so many. */
  public List<SocketState> ofPlayer(PlayerId player, int max) {
    return open.stream()
        .flatMap(socket -> Stream.ofNullable(socket.state()))
        .filter(state -> player.equals(state.player()))
        .limit(max)
        .toList();
  }

  /** Closes a socket of a player; false if there is none. */
  public boolean close(PlayerId player, long id, CloseReason reason) {
    for (OpenSocket socket : open) {
      SocketState state = socket.state();
      if (state != null && state.id() == id && player.equals(state.player())) {
        socket.close(reason);
        return true;
      }
    }
    return false;
  }

  public int count() {
    return open.size();
  }

  /** Closes the sockets that are open now; new ones are still accepted. */
  public void closeOpen(CloseReason reason) {
    open.forEach(socket -> socket.close(reason));
  }

  /** Closes all sockets and refuses new ones. Completes when the last one has closed. */
  public Future<Void> closeAll(CloseReason reason) {
    closing = reason;
    return close(List.copyOf(open), reason);
  }

  /**
   * Like {@link #closeAll(CloseReason)}, but spread over time, so that the other nodes do not get
   * all reconnects at once.
   *
   * @param over the time between closing the first and the last socket
   */
  public Future<Void> closeAll(Vertx vertx, CloseReason reason, Duration over) {
    closing = reason;
    Promise<Void> closed = Promise.promise();
    closeNext(vertx, new StaggeredClose(List.copyOf(open), reason, over.toMillis(), closed), 0, 0);
    return closed.future();
  }

  private record StaggeredClose(
      List<OpenSocket> sockets, CloseReason reason, long overMs, Promise<Void> closed) {
    /** How many sockets must be closed after so many milliseconds. */
    int dueAt(long ms) {
      return ms >= overMs ? sockets.size() : (int) (sockets.size() * ms / overMs) + 1;
    }
  }

  private void closeNext(Vertx vertx, StaggeredClose stagger, int from, long ms) {
    int to = Math.min(stagger.dueAt(ms), stagger.sockets.size());
    for (OpenSocket socket : stagger.sockets.subList(from, to)) {
      socket.close(stagger.reason);
    }
    if (to < stagger.sockets.size()) {
      vertx.setTimer(STEP_MS, _ -> closeNext(vertx, stagger, to, ms + STEP_MS));
    } else {
      // Closing again returns the futures, and includes sockets that were added meanwhile.
      close(List.copyOf(open), stagger.reason).onComplete(stagger.closed);
    }
  }

  private static Future<Void> close(List<OpenSocket> sockets, CloseReason reason) {
    return Future.join(
            sockets.stream().map(socket -> socket.close(reason).otherwiseEmpty()).toList())
        .mapEmpty();
  }
}
