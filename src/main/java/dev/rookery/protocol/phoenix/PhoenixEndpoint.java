package dev.rookery.protocol.phoenix;

import dev.rookery.base.Refused;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.SubprotocolOffer;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Accepts Phoenix sockets: checks origin, version, token and upgrade request, in this order (Gamend
 * realtime contract, section 1.1). Rejections have a status and no body. The token is in the
 * subprotocols ({@link SubprotocolOffer}) or else in the URL.
 */
public final class PhoenixEndpoint {
  private static final Set<String> SUBPROTOCOLS = Set.of("phoenix");

  private final WebSocketUpgrader upgrader;
  private final Sessions sessions;
  private final Predicate<String> origins;
  private final ChannelRouter router;
  private final LongAdder waitingJoins = new LongAdder();
  private final ThreadLocal<JoinLimiter> joinLimiter =
      ThreadLocal.withInitial(() -> new JoinLimiter(waitingJoins));

  /**
   * @param origins whether pages of an origin may connect; clients other than browsers send no
   *     origin
   */
  public PhoenixEndpoint(
      WebSocketUpgrader upgrader,
      Sessions sessions,
      Predicate<String> origins,
      ChannelRouter router) {
    this.upgrader = upgrader;
    this.sessions = sessions;
    this.origins = origins;
    this.router = router;
  }

  /** The number of joins that wait for their turn, on all event loops. */
  public long waitingJoins() {
    return waitingJoins.sum();
  }

  /**
   * Handles a request to the socket's path.
   *
   * @param query the decoded query parameters
   * @param address the address of the client
   * @param problem told why a request is refused
   */
  public void handle(
      HttpServerRequest request, MultiMap query, String address, Consumer<String> problem) {
    var owner = SocketOwner.stranger(address);
    if (!upgrader.admit(request, owner)) {
      return;
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    PhoenixCodec codec = PhoenixCodec.forVersion(lastValue(query, "vsn"));
    boolean refusedOrigin = origin != null && !origins.test(origin);
    if (refusedOrigin || codec == null) {
      problem.accept(refusedOrigin ? "origin_refused" : "unsupported_version");
      respond(request, 403);
      return;
    }
    var offer = SubprotocolOffer.of(request);
    String token = offer.token() == null ? token(query) : offer.token();
    if (token == null) {
      upgrade(request, owner, codec, offer, null);
      return;
    }
    request.pause();
    sessions
        .authenticate(token)
        .onSuccess(
            session -> upgrade(request, owner.signedInAs(session.player()), codec, offer, session))
        .onFailure(
            cause -> {
              // A client must not discard a valid token because the database is down.
              boolean unavailable = !Refused.isByRule(cause);
              problem.accept(unavailable ? "unavailable" : "invalid_token");
              respond(request, unavailable ? 503 : 403);
            });
  }

  /** The token in the URL; null if there is none, which makes an anonymous socket. */
  private static @Nullable String token(MultiMap query) {
    String nested = lastValue(query, "params[token]");
    return nested != null ? nested : lastValue(query, "token");
  }

  private static @Nullable String lastValue(MultiMap query, String name) {
    List<String> values = query.getAll(name);
    return values.isEmpty() ? null : values.getLast();
  }

  private void upgrade(
      HttpServerRequest request,
      SocketOwner owner,
      PhoenixCodec codec,
      SubprotocolOffer offer,
      @Nullable Session session) {
    if (!WebSocketUpgrader.isUpgradeRequest(request)) {
      respond(request, 400);
      return;
    }
    offer.confirm(request, SUBPROTOCOLS);
    upgrader.upgrade(
        request,
        owner,
        connection -> {
          var socket = new PhoenixSocket(connection, codec, router, joinLimiter.get(), session);
          if (session != null) {
            var registration =
                sessions.onEnd(session.id(), () -> connection.close(CloseReason.SESSION_ENDED));
            socket.onClosed(registration::close);
          }
          return socket;
        });
  }

  private static void respond(HttpServerRequest request, int status) {
    request.resume();
    request.response().setStatusCode(status).end();
  }
}
