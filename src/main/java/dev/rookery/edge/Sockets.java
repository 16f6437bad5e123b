package dev.rookery.edge;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open sockets of this node, of all wires and event loops, so that a drain can close them.
 *
 * <p>A socket enters when it was upgraded and leaves when it has closed, for whatever reason.
 */
public final class Sockets {
  /** One socket. Compared by identity. */
  @FunctionalInterface
  public interface Open {
    /**
     * Sends the close frame and lets what is queued before it go out first. Called from any thread.
     * The future ends when the socket has closed; closing twice is harmless.
     */
    Future<Void> close(Close why);
  }

  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Close closing;

  /** Whether no socket may be opened any more; an upgrade is then answered with 503. */
  public boolean closing() {
    return closing != null;
  }

  /** Enters a socket. One that comes too late for a drain is closed at once. */
  public void enter(Open socket) {
    open.add(socket);
    Close why = closing;
    if (why != null) {
      socket.close(why);
    }
  }

  public void leave(Open socket) {
    open.remove(socket);
  }

  public int count() {
    return open.size();
  }

  /** Closes those that are open now; who comes back is let in. */
  public void closeOpen(Close why) {
    open.forEach(socket -> socket.close(why));
  }

  /** Closes all sockets and lets none in from now on. Ends when the last one has closed. */
  public Future<Void> closeAll(Close why) {
    closing = why;
    var closed = new ArrayList<Future<Void>>();
    for (Open socket : open) {
      closed.add(socket.close(why).otherwiseEmpty());
    }
    return Future.join(closed).mapEmpty();
  }
}
