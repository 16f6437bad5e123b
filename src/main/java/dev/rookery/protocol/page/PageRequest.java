package dev.rookery.protocol.page;

import dev.rookery.auth.Client;
import dev.rookery.base.PlayerId;
import dev.rookery.edge.RequestInfo;
import dev.rookery.session.Session;
import dev.rookery.translation.Catalogue;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * A request of a browser for a page.
 *
 * @param session null if not signed in
 * @param browser the secret id of the browser, from its cookie
 * @param csrfToken the token for forms of this browser and session
 * @param texts in the language of the page
 * @param prefix of the language in the address of the request, for example {@code /de}; empty if it
 *     has none
 */
record PageRequest(
    RoutingContext context,
    Cookies cookies,
    @Nullable Session session,
    String browser,
    String csrfToken,
    Catalogue texts,
    String prefix) {
  private static final int USER_AGENT_MAX = 200;

  /** Returns the session; for pages that are mounted for signed-in browsers only. */
  Session requireSession() {
    if (session == null) {
      throw new IllegalStateException("not signed in");
    }
    return session;
  }

  PlayerId player() {
    return requireSession().player();
  }

  /** Returns a form field; empty if absent. */
  String field(String name) {
    String value = context.request().getFormAttribute(name);
    return value == null ? "" : value;
  }

  /** Returns the form field {@code user[name]}; empty if absent. */
  String userField(String name) {
    return field("user[" + name + "]");
  }

  /** Returns the form field {@code user[name]}; null if absent or empty. */
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
    return client(context, texts);
  }

  static Client client(RoutingContext context, Catalogue texts) {
    String agent = context.request().getHeader(HttpHeaders.USER_AGENT);
    boolean tooLong = agent != null && agent.length() > USER_AGENT_MAX;
    return new Client(
        RequestInfo.of(context).clientAddress(),
        tooLong ? agent.substring(0, USER_AGENT_MAX) : agent,
        texts.language().tag());
  }
}
