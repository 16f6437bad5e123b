package dev.rookery.protocol.page;

import dev.rookery.auth.Client;
import dev.rookery.base.PlayerId;
import dev.rookery.edge.RequestInfo;
import dev.rookery.session.Session;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * One request of a person at a browser.
 *
 * @param session null for one who is not signed in
 * @param browser a secret that this browser alone has
 * @param csrfToken what his forms are marked with
 */
record PageRequest(
    RoutingContext context,
    Cookies cookies,
    @Nullable Session session,
    String browser,
    String csrfToken) {
  private static final int USER_AGENT_MAX = 200;

  Session requireSession() {
    if (session == null) {
      throw new IllegalStateException("nobody is signed in");
    }
    return session;
  }

  PlayerId player() {
    return requireSession().player();
  }

  /** A field of the form, empty if it is not there. */
  String field(String name) {
    String value = context.request().getFormAttribute(name);
    return value == null ? "" : value;
  }

  /** {@code user[name]} */
  String userField(String name) {
    return field("user[" + name + "]");
  }

  /** The same, null if it was left empty. */
  @Nullable String userFieldOrNull(String name) {
    String value = userField(name);
    return value.isEmpty() ? null : value;
  }

  boolean hasUserField(String name) {
    return context.request().getFormAttribute("user[" + name + "]") != null;
  }

  String queryParameter(String name) {
    String value = context.request().getParam(name);
    return value == null ? "" : value;
  }

  Client client() {
    String agent = context.request().getHeader(HttpHeaders.USER_AGENT);
    boolean tooLong = agent != null && agent.length() > USER_AGENT_MAX;
    return new Client(
        RequestInfo.of(context).clientAddress(),
        tooLong ? agent.substring(0, USER_AGENT_MAX) : agent);
  }
}
