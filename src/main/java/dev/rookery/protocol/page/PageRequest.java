package dev.rookery.protocol.page;

import dev.rookery.auth.Client;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.edge.RequestInfo;
import dev.rookery.session.Session;
import dev.rookery.translation.Catalogue;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
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
 * @param viewer what the pages show of a player who is signed in
 */
record PageRequest(
    RoutingContext context,
    Cookies cookies,
    @Nullable Session session,
    String browser,
    String csrfToken,
    Catalogue texts,
    String prefix,
    Viewer viewer) {
  private static final int USER_AGENT_MAX = 200;
  private static final String PART = "x-part";
  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

  /**
   * What every page needs to know of a player.
   *
   * @param unread how many notifications they have not read
   */
  record Viewer(ZoneId timeZone, long unread) {
    static final Viewer ANONYMOUS = new Viewer(ZoneOffset.UTC, 0);
  }

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

  /** Returns the player; null if not signed in. */
  @Nullable PlayerId playerOrNull() {
    return session == null ? null : session.player();
  }

  /** Whether the script of the page asks, which replaces a part of it. */
  boolean wantsPart() {
    return context.request().getHeader(PART) != null;
  }

  /** Returns a part of the path; empty if absent, or if the database could not look for it. */
  String pathParameter(String name) {
    return storable(context.pathParam(name));
  }

  /** Returns the id in a part of the path; {@code Missing} if it is none. */
  long pathId(String name) {
    return id(pathParameter(name));
  }

  /** Returns the id in a form field; {@code Missing} if it is none. */
  long fieldId(String name) {
    return id(field(name));
  }

  private static long id(String text) {
    if (!ID.matcher(text).matches()) {
      throw Refused.missing("not_found");
    }
    return Long.parseLong(text);
  }

  /** Returns the number in a parameter of the address; the other one if there is none. */
  long number(String name, long otherwise) {
    String text = queryParameter(name);
    return ID.matcher(text).matches() ? Long.parseLong(text) : otherwise;
  }

  /** Returns the whole number in a form field; null if the field is absent or empty. */
  @Nullable Integer wholeNumber(String name) {
    String value = field(name).strip();
    if (value.isEmpty()) {
      return null;
    }
    try {
      return Integer.valueOf(value);
    } catch (NumberFormatException _) {
      throw Refused.invalid(name, "is not a whole number");
    }
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

  /** Returns a part of the query; empty if absent, or if the database could not look for it. */
  String queryParameter(String name) {
    return storable(context.request().getParam(name));
  }

  private static String storable(@Nullable String value) {
    return value != null && Text.isStorable(value) ? value : "";
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
