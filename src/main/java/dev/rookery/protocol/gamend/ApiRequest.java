package dev.rookery.protocol.gamend;

import dev.rookery.auth.Client;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.console.AuditedChange;
import dev.rookery.edge.RequestInfo;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request with valid fields from a client that is allowed to make it.
 *
 * @param session null if the client is anonymous
 * @param change what an admin is about to change, for the audit log; null for all other requests
 */
record ApiRequest(
    RoutingContext context,
    Input input,
    @Nullable Session session,
    Bus bus,
    @Nullable AuditedChange change) {
  private static final CharSequence IDEMPOTENCY_KEY =
      HttpHeaders.createOptimized("idempotency-key");
  private static final int IDEMPOTENCY_KEY_MAX = 200;
  private static final ErrorShape BAD_KEY = ErrorShape.of(400, "invalid_idempotency_key");
  private static final int USER_AGENT_MAX = 200;
  private static final int PAGE_SIZE = 25;

  /**
   * Sends a command on behalf of the client. What an admin changes with it is written to the audit
   * log in the same transaction; routes of admins have no other way to send commands.
   */
  <R> Future<R> ask(Command<R> command) {
    return change == null ? bus.ask(command) : bus.ask(command, change);
  }

  /** Returns the session, in an operation that requires one. */
  Session requiredSession() {
    if (session == null) {
      throw new IllegalStateException("the API document does not require a session here");
    }
    return session;
  }

  PlayerId player() {
    return requiredSession().player();
  }

  Client client() {
    String agent = context.request().getHeader(HttpHeaders.USER_AGENT);
    boolean tooLong = agent != null && agent.length() > USER_AGENT_MAX;
    return new Client(
        RequestInfo.of(context).clientAddress(),
        tooLong ? agent.substring(0, USER_AGENT_MAX) : agent);
  }

  @Nullable String idempotencyKey() {
    String key = context.request().getHeader(IDEMPOTENCY_KEY);
    if (key == null || key.isBlank()) {
      return null;
    }
    if (key.length() > IDEMPOTENCY_KEY_MAX || !isText(key)) {
      throw new InvalidRequest(BAD_KEY, Map.of());
    }
    return key;
  }

  /** Whether the bytes of the header, which its characters stand for, are text without controls. */
  private static boolean isText(String header) {
    byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
    return Text.isUtf8(bytes)
        && new String(bytes, StandardCharsets.UTF_8).chars().noneMatch(Character::isISOControl);
  }

  Page.Request page(int sizeMax) {
    Integer number = input.integer("page");
    Integer size = input.integer("page_size");
    return new Page.Request(
        number == null ? 1 : Math.max(1, number),
        Math.clamp(size == null ? PAGE_SIZE : size, 1, sizeMax));
  }
}
