package dev.rookery.protocol.phoenix;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.TicketCommand;
import dev.rookery.edge.Connection;
import dev.rookery.edge.OwnOrigin;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.SocketQuota;
import dev.rookery.edge.WebSocketUpgrader;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Opens the Phoenix sockets of pages that browsers show. A socket needs the cookie of a session and
 * a ticket that was made for that session, and must come from a page of this server; else it gets
 * 403. One beyond the quota gets 503, as does one that nobody can decide about.
 */
public final class PageSockets {
  private final Bus bus;
  private final WebSocketUpgrader upgrader;
  private final OwnOrigin origins;
  private final SocketQuota quota;
  private final LongAdder waitingJoins = new LongAdder();
  private final ThreadLocal<JoinLimiter> joinLimiter =
      ThreadLocal.withInitial(() -> new JoinLimiter(waitingJoins));

  /**
   * What a session may open.
   *
   * @param ticketOwner for whom the ticket of the page was made
   * @param router knows to whom the socket belongs
   * @param opened called with the connection; returns what is called when it has closed
   */
  public record Grant(
      PlayerId player,
      String ticketOwner,
      ChannelRouter router,
      Function<Connection, Runnable> opened) {}

  private record Ticket(String value, PhoenixCodec codec) {}

  /**
   * @param origins further origins whose pages may connect, such as that of a proxy
   */
  public PageSockets(
      Bus bus, WebSocketUpgrader upgrader, Predicate<String> origins, SocketQuota quota) {
    this.bus = bus;
    this.upgrader = upgrader;
    this.origins = new OwnOrigin(origins);
    this.quota = quota;
  }

  /**
   * Opens a socket, or answers the request with the reason why not.
   *
   * @param cookie of the session; null if there is none
   * @param find the session of the cookie; null if it has ended
   */
  public void open(
      RoutingContext context,
      @Nullable String cookie,
      Function<String, Future<@Nullable Grant>> find) {
    HttpServerRequest request = context.request();
    SocketOwner owner = SocketOwner.stranger(RequestInfo.of(context).clientAddress());
    if (!upgrader.admit(request, owner)) {
      return;
    }
    PhoenixCodec codec = PhoenixCodec.forVersion(context.queryParams().get("vsn"));
    String ticket = context.queryParams().get("ticket");
    if (!origins.matches(request) || codec == null || ticket == null || cookie == null) {
      respond(request, 403);
    } else if (!WebSocketUpgrader.isUpgradeRequest(request)) {
      respond(request, 400);
    } else if (quota.isFull()) {
      respond(request, 503);
    } else {
      request.pause();
      find.apply(cookie)
          .onSuccess(
              grant -> {
                if (grant == null) {
                  respond(request, 403);
                } else {
                  reserve(context, new Ticket(ticket, codec), owner, grant);
                }
              })
          .onFailure(_ -> respond(request, 503));
    }
  }

  /** Counts the socket before the ticket is redeemed, and until the request or the socket ends. */
  private void reserve(RoutingContext context, Ticket ticket, SocketOwner owner, Grant grant) {
    HttpServerRequest request = context.request();
    if (request.response().closed()) {
      return;
    }
    SocketQuota.Reservation reservation = quota.reserve(grant.player);
    if (reservation == null) {
      respond(request, 503);
      return;
    }
    // Set when the socket is open, which releases its place then; no upgrade that is refused does.
    var opened = new AtomicBoolean();
    context.addEndHandler(
        _ -> {
          if (!opened.get()) {
            reservation.release();
          }
        });
    bus.ask(new TicketCommand.Redeem(ticket.value, grant.ticketOwner))
        .onSuccess(
            valid -> {
              if (valid) {
                upgrade(
                    request,
                    ticket.codec,
                    owner.signedInAs(grant.player),
                    grant.router,
                    connection -> {
                      opened.set(true);
                      Runnable closed = grant.opened.apply(connection);
                      return () -> {
                        closed.run();
                        reservation.release();
                      };
                    });
              } else {
                respond(request, 403);
              }
            })
        .onFailure(_ -> respond(request, 503));
  }

  private void upgrade(
      HttpServerRequest request,
      PhoenixCodec codec,
      SocketOwner owner,
      ChannelRouter router,
      Function<Connection, Runnable> opened) {
    upgrader.upgrade(
        request,
        owner,
        connection -> {
          var socket = new PhoenixSocket(connection, codec, router, joinLimiter.get(), null);
          socket.onClosed(opened.apply(connection));
          return socket;
        });
  }

  private static void respond(HttpServerRequest request, int status) {
    request.resume();
    request.response().setStatusCode(status).end();
  }
}
