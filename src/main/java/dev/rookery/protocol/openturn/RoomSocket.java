package dev.rookery.protocol.openturn;

import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.match.MatchCommand;
import dev.rookery.session.Registration;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A socket in a room. Its messages are handled one at a time and in order: the next begins when the
 * previous one has been answered.
 */
abstract class RoomSocket implements WebSocketListener, Subscriber {
  /** How many messages may wait; a client that exceeds this is closed. */
  private static final int QUEUED_MAX = 64;

  // What a message costs beside its text, of which the parsed message is about as large.
  private static final int MESSAGE_OVERHEAD = 512;

  private final Connection connection;
  private final RoomEntry entry;
  private final Subscription subscription;
  private final Registration sessionEnd;
  private final Deque<byte[]> queued = new ArrayDeque<>(2);
  private Future<?> handling = Future.succeededFuture();
  private boolean busy;

  /**
   * @param subscription to the room's stream, not started
   */
  RoomSocket(Connection connection, RoomEntry entry, Subscription subscription) {
    this.connection = connection;
    this.entry = entry;
    this.subscription = subscription;
    SessionId session = entry.session();
    this.sessionEnd =
        session == null
            ? () -> {}
            : entry
                .services()
                .sessions()
                .onEnd(session, () -> connection.close(CloseReason.SESSION_ENDED));
    // Clients have no heartbeat of their own.
    connection.enableIdlePings();
  }

  /** Handles a message; the future completes when the next one may begin. */
  abstract Future<?> handle(byte[] message);

  final Bus bus() {
    return entry.services().bus();
  }

  final RoomEntry entry() {
    return entry;
  }

  final void send(EncodedFrame frame) {
    connection.send(frame);
  }

  final void close(CloseReason reason) {
    subscription.cancel();
    connection.close(reason);
  }

  /** The code of what was refused; empty after an outage, when the client is to connect again. */
  final String refusal(Throwable cause) {
    if (Refused.isByRule(cause) && cause instanceof Refused refused) {
      return refused.refusal().code();
    }
    close(CloseReason.RESTART);
    return "";
  }

  @Override
  public final void onText(byte[] message) {
    if (!busy) {
      dispatch(message);
    } else if (queued.size() < QUEUED_MAX) {
      connection.addWaiting(size(message));
      queued.add(message);
    } else {
      connection.close(CloseReason.FLOOD);
    }
  }

  @Override
  public final void onBinary(byte[] message) {
    if (Text.isUtf8(message)) {
      onText(message);
    }
  }

  private static int size(byte[] message) {
    return 2 * message.length + MESSAGE_OVERHEAD;
  }

  private void dispatch(byte[] message) {
    busy = true;
    handling = handle(message);
    handling.onComplete(_ -> dispatchNext());
  }

  private void dispatchNext() {
    busy = false;
    byte[] next = queued.poll();
    if (next != null) {
      connection.removeWaiting(size(next));
      dispatch(next);
    }
  }

  @Override
  public final void onLost() {
    connection.close(CloseReason.RESTART);
  }

  @Override
  public final Future<?> onClose() {
    queued.clear();
    subscription.cancel();
    sessionEnd.close();
    boolean leaving = !connection.isClosedFor(CloseReason.RESTART);
    var disconnect = new MatchCommand.Disconnect(entry.room(), entry.socket(), leaving);
    // After the message under way, which may take the seat that the disconnect gives up.
    return handling.transform(_ -> bus().undo(disconnect).mapEmpty());
  }
}
