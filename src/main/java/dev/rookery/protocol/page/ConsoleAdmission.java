package dev.rookery.protocol.page;

import dev.rookery.auth.Client;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.edge.RequestInfo;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Tokens;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens sessions of the console for browsers, whatever the sign-in method, and finds them. */
final class ConsoleAdmission {
  static final String HOME = "/admin";
  static final String SIGN_IN = "/admin/sign-in";
  static final String FACTOR = "/admin/factor";
  static final String STEP_UP = "/admin/step-up";

  /** Refusals that the sign-in page shows after a redirect to it. */
  static final Set<String> SHOWN = Set.of("no_role", "oidc_required");

  private static final int RETURN_MAX = 2_000;
  private static final Pattern RETURN_PATHS =
      Pattern.compile("/admin(?:/[\\w/.:-]*)?(?:\\?[\\w=&%+.:*-]*)?");

  private final Bus bus;
  private final Tokens tokens;
  private final ConsoleSessions consoles;

  ConsoleAdmission(Bus bus, Tokens tokens, ConsoleSessions consoles) {
    this.bus = bus;
    this.tokens = tokens;
    this.consoles = consoles;
  }

  /** Returns the admin whose session of the console the browser has; null if it has none. */
  Future<@Nullable Admin> admin(PageRequest request) {
    RequestInfo info = RequestInfo.of(request.context());
    return consoles.find(request.cookies().console(), info.clientAddress(), info.requestId());
  }

  /** Serves the page if the browser has a session of the console; else it signs in first. */
  Future<PageResponse> withAdmin(
      PageRequest request, String page, Function<Admin, Future<PageResponse>> serve) {
    return admin(request)
        .compose(
            admin ->
                admin == null
                    ? Future.succeededFuture(
                        new PageResponse.Redirect(SIGN_IN + "?return_to=" + page))
                    : serve.apply(admin));
  }

  /** How a player is called. */
  Future<String> accountName(PlayerId player) {
    return bus.ask(new PlayerCommand.Find(player))
        .map(
            found ->
                !found.displayName().isEmpty()
                    ? found.displayName()
                    : !found.email().isEmpty() ? found.email() : "Player " + found.id());
  }

  /** Reads the session from the database at its next use. */
  void forget(Admin admin) {
    consoles.forget(admin.session());
  }

  /**
   * Opens a session of the console for this browser in place of an earlier one of the player, and
   * returns where to go.
   */
  Future<String> open(
      PageRequest request, PlayerId player, SessionId signIn, String code, String returnTo) {
    return bus.ask(new ConsoleCommand.OpenSession(player, signIn, code, browser(request)))
        .compose(opened -> replace(request, opened, returnTo));
  }

  /** Gives the browser a session in place of an earlier one, and returns where to go. */
  Future<String> replace(
      PageRequest request, ConsoleCommand.OpenedSession opened, String returnTo) {
    String path = opened.enrolling() ? FACTOR : returnTo;
    return admin(request)
        .compose(
            earlier -> {
              request.cookies().console(opened.token());
              return earlier == null
                  ? Future.succeededFuture(path)
                  : bus.ask(new ConsoleCommand.EndSession(earlier.player(), earlier.session()))
                      .onSuccess(_ -> forget(earlier))
                      .map(_ -> path);
            });
  }

  /**
   * Opens the console for a player who has just signed in, and returns where to go. That is the
   * sign-in page where a code must be asked for, or where the player may not open the console,
   * which the page then says.
   */
  Future<String> openWithoutCode(
      PageRequest request, PlayerId player, SessionId signIn, String returnTo) {
    return open(request, player, signIn, "", returnTo)
        .recover(
            failure ->
                failure instanceof Refused refused
                    ? Future.succeededFuture(signInPath(returnTo, refused.refusal()))
                    : Future.failedFuture(failure));
  }

  /** As {@link #openWithoutCode}, and signs the browser in as the player. */
  Future<PageResponse> openAfterSignIn(PageRequest request, TokenPair pair, String returnTo) {
    SessionId signIn = tokens.readAccess(pair.accessToken()).session();
    return openWithoutCode(request, pair.player(), signIn, returnTo)
        .map(path -> new PageResponse.SignIn(pair, false, path));
  }

  private static String signInPath(String returnTo, Refusal refusal) {
    String path = SIGN_IN + "?return_to=" + encoded(returnTo);
    return SHOWN.contains(refusal.code()) ? path + "&refused=" + refusal.code() : path;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static ConsoleCommand.Browser browser(PageRequest request) {
    Client client = request.client();
    String agent = client.userAgent();
    return new ConsoleCommand.Browser(
        client.address(),
        agent == null ? "" : agent,
        RequestInfo.of(request.context()).requestId());
  }

  /** Returns a path of the console to go to; the Overview in place of any other. */
  static String returnPath(String path) {
    return path.length() <= RETURN_MAX && RETURN_PATHS.matcher(path).matches() ? path : HOME;
  }
}
