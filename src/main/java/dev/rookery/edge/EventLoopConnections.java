package dev.rookery.edge;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * The HTTP connections of one event loop, until they close or become WebSockets. Confined to the
 * event loop.
 *
 * <p>When the node has as many connections as it serves, a new one takes the place of the oldest
 * one without a request. If there is none, it is accepted for health checks alone, as long as the
 * reserve lasts: an orchestrator would otherwise kill a node that is only busy.
 */
final class EventLoopConnections {
  /** How many connections are looked at for one without a request. */
  private static final int LOOK_MAX = 256;

  private final ContextInternal context;
  private final EventLoop eventLoop;
  private final MemoryBudget memory;
  private final SocketAdmission admission;
  private final int headTicks;
  private final int bodyTicks;
  // In the order in which they were opened.
  private final Set<HttpChannelHandler> connections = new LinkedHashSet<>();
  private int tick;

  EventLoopConnections(ContextInternal context, EdgeServices services) {
    this.context = context;
    this.eventLoop = context.nettyEventLoop();
    this.memory = services.memory();
    this.admission = services.admission();
    RequestDeadlines deadlines = services.deadlines();
    this.headTicks = deadlines.ticks(deadlines.head());
    this.bodyTicks = deadlines.ticks(deadlines.body());
    admission.add(this);
  }

  int tick() {
    return tick;
  }

  int headTicks() {
    return headTicks;
  }

  int bodyTicks() {
    return bodyTicks;
  }

  MemoryAccount openAccount(MemoryAccount.Owner owner) {
    return memory.open(eventLoop, MemoryBudget.Kind.BODIES, owner);
  }

  /** Takes a connection that the server has just accepted. */
  void accept(HttpConnection accepted) {
    Channel channel = ((ConnectionBase) accepted).channel();
    admission.connectionOpened();
    channel.closeFuture().addListener(_ -> admission.connectionClosed());
    boolean over = admission.isOverLimit() && !closeOldestIdle();
    var connection = new HttpChannelHandler(this, channel, over ? closeIdleElsewhere() : null);
    channel.pipeline().addFirst(connection);
    connections.add(connection);
    if (over && admission.isReserveFull()) {
      admission.count(SocketAdmission.Refusal.NODE);
      connection.refuse();
    }
  }

  void remove(HttpChannelHandler connection) {
    connections.remove(connection);
  }

  /** Whether a connection of another event loop could be closed. */
  private Future<Boolean> closeIdleElsewhere() {
    Future<Boolean> closed = Future.succeededFuture(false);
    for (EventLoopConnections other : admission.loops()) {
      if (other != this) {
        closed = closed.compose(done -> done ? Future.succeededFuture(true) : ask(other));
      }
    }
    return closed;
  }

  private Future<Boolean> ask(EventLoopConnections other) {
    // Completes on this event loop.
    Promise<Boolean> answer = context.promise();
    try {
      other
          .context
          .nettyEventLoop()
          .execute(() -> answer.complete(!admission.isOverLimit() || other.closeOldestIdle()));
    } catch (RejectedExecutionException _) {
      answer.complete(false);
    }
    return answer.future();
  }

  private boolean closeOldestIdle() {
    int looked = 0;
    for (HttpChannelHandler connection : connections) {
      if (connection.isIdle()) {
        connection.close();
        return true;
      }
      if (++looked == LOOK_MAX) {
        break;
      }
    }
    return false;
  }

  /** Called once per tick, to detect clients that do not finish a request. */
  void advance() {
    tick++;
    // A copy, because a connection that is closed removes itself.
    List.copyOf(connections).forEach(HttpChannelHandler::tick);
    memory.flush(eventLoop);
  }
}
