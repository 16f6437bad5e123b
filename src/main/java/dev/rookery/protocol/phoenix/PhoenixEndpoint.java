package dev.rookery.protocol.phoenix;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The handshake: origin, version, token, upgrade, checked in this order. The answers have no body,
 * and say no more than they must.
 */
public final class PhoenixEndpoint {
  private final WebSocketUpgrader upgrades;
  private final Sessions sessions;
  private final Predicate<String> origins;
  private final ChannelRouter topics;
  private final LongAdder waiting = new LongAdder();
  private final ThreadLocal<JoinLimiter> doorway =
      ThreadLocal.withInitial(() -> new JoinLimiter(waiting));

  /**
   * @param origins whether pages of an origin may connect; clients that are no browsers name none
   */
  public PhoenixEndpoint(
      WebSocketUpgrader upgrades,
      Sessions sessions,
      Predicate<String> origins,
      ChannelRouter topics) {
    this.upgrades = upgrades;
    this.sessions = sessions;
    this.origins = origins;
    this.topics = topics;
  }

  /** How many joins wait to be let in. */
  public long waiting() {
    return waiting.sum();
  }

  /** Answers a request to the socket's path. {@code query} holds its parameters, decoded. */
  public void handle(HttpServerRequest request, MultiMap query) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    PhoenixCodec codec = PhoenixCodec.of(last(query, "vsn"));
    if ((origin != null && !origins.test(origin)) || codec == null) {
      answer(request, 403);
      return;
    }
    String token = token(query);
    if (token == null) {
      upgrade(request, codec, null);
      return;
    }
    request.pause();
    sessions
        .authenticate(token)
        .onSuccess(session -> upgrade(request, codec, session))
        .onFailure(cause -> answer(request, isAway(cause) ? 503 : 403));
  }

  /** Whoever has a good token must not throw it away because our database is out. */
  private static boolean isAway(Throwable cause) {
    return !(cause instanceof Refused refused) || refused.refusal() instanceof Refusal.Unavailable;
  }

  /** Null for an anonymous socket. */
  private static @Nullable String token(MultiMap query) {
    String nested = last(query, "params[token]");
    return nested != null ? nested : last(query, "token");
  }

  private static @Nullable String last(MultiMap query, String name) {
    List<String> values = query.getAll(name);
    return values.isEmpty() ? null : values.getLast();
  }

  private void upgrade(HttpServerRequest request, PhoenixCodec codec, @Nullable Session session) {
    if (!WebSocketUpgrader.isAsked(request)) {
      answer(request, 400);
      return;
    }
    upgrades.upgrade(
        request,
        connection -> {
          var socket = new PhoenixSocket(connection, codec, topics, doorway.get(), session);
          if (session != null) {
            var watch =
                sessions.whenEnded(session.id(), () -> connection.close(CloseReason.SESSION_ENDED));
            socket.last(watch::close);
          }
          return socket;
        });
  }

  private static void answer(HttpServerRequest request, int status) {
    request.resume();
    request.response().setStatusCode(status).end();
  }
}
