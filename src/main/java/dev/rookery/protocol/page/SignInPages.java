package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.EmailCommand;
import dev.rookery.auth.ProviderCommand;
import dev.rookery.auth.RegistrationResult;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.Limits;
import dev.rookery.bus.Bus;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.Map;
import java.util.regex.Pattern;

/** Serves sign-in, registration and sign-out. */
final class SignInPages {
  private static final String SIGN_IN = "/users/log-in";
  private static final String REGISTER = "/users/register";
  private static final String SIGN_OUT = "/users/log-out";
  private static final String SETTINGS = "/users/settings";

  // The return path comes from the URL, so only known paths are accepted (no open redirect).
  private static final Pattern RETURN_PATHS =
      Pattern.compile(
          "/users/settings(?:/[a-z-]{1,30})?|/admin/invite/[\\w-]{20,100}"
              + "|/play(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,63}){0,3}"
              + "|/play/lobbies/[0-9]{1,18}\\?code=[0-9]{6}"
              + "|/notifications|/achievements|/groups(?:/[0-9]{1,18})?"
              + "|/chat(?:/[a-z]{1,10}/[0-9]{1,18})?"
              + "|/leaderboards(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,2}");

  private final Bus bus;
  private final Sessions sessions;
  private final Limits limits;

  SignInPages(Bus bus, Sessions sessions, Limits limits) {
    this.bus = bus;
    this.sessions = sessions;
    this.limits = limits;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, SIGN_IN, this::signInPage);
    pages.preview(router, Themes.PREVIEW + "/log-in", this::signInPage);
    pages.post(router, SIGN_IN, this::signIn);
    pages.get(router, REGISTER, this::registerPage);
    pages.post(router, REGISTER, this::register);
    pages.post(router, SIGN_OUT, this::signOut);
    pages.post(router, HttpMethod.DELETE, SIGN_OUT, this::signOut, false);
  }

  private Future<PageResponse> signInPage(PageRequest request) {
    String returnTo = returnPath(request.queryParameter("return_to"));
    return request.session() == null
        ? signInPage("", returnTo, FormErrors.NONE)
        : Future.succeededFuture(new PageResponse.Redirect(returnTo));
  }

  private Future<PageResponse> signInPage(String email, String returnTo, FormErrors errors) {
    return bus.ask(new ProviderCommand.ListConfigured())
        .map(
            providers ->
                Forms.render(
                    "log-in",
                    Map.of(
                        "title",
                        Message.of("Sign in"),
                        "email",
                        email,
                        "returnTo",
                        returnTo,
                        "providers",
                        ProviderView.of(providers)),
                    errors));
  }

  static String returnPath(String path) {
    return RETURN_PATHS.matcher(path).matches() ? path : SETTINGS;
  }

  /** Signs in with the token of an email or with a password, or requests a magic link. */
  private Future<PageResponse> signIn(PageRequest request) {
    return request.hasUserField("token")
        ? signInWithToken(request)
        : request.hasUserField("password")
            ? signInWithPassword(request)
            : requestMagicLink(request);
  }

  private Future<PageResponse> signInWithToken(PageRequest request) {
    return bus.ask(new EmailCommand.SignInWithToken(request.userField("token"), request.client()))
        .map(tokens -> new PageResponse.SignIn(tokens, false, SETTINGS + "?done=confirmed"));
  }

  private Future<PageResponse> signInWithPassword(PageRequest request) {
    String returnTo = returnPath(request.field("return_to"));
    boolean persistent = request.userField("remember_me").equals("true");
    return Forms.submit(
        bus.ask(
                new AuthCommand.SignInByPassword(
                    request.userField("email"),
                    request.userField("password"),
                    null,
                    request.client()))
            .map(tokens -> new PageResponse.SignIn(tokens, persistent, returnTo)),
        errors -> signInPage(request.userField("email"), returnTo, errors));
  }

  private Future<PageResponse> requestMagicLink(PageRequest request) {
    return Forms.submit(
        bus.ask(new EmailCommand.RequestMagicLink(request.userField("email"), request.client()))
            .map(_ -> new PageResponse.Redirect(SIGN_IN + "?done=link")),
        errors -> signInPage("", SETTINGS, errors.renameField("email", "magic_link_email")));
  }

  private Future<PageResponse> registerPage(PageRequest request) {
    return registerPage(request, FormErrors.NONE);
  }

  private Future<PageResponse> registerPage(PageRequest request, FormErrors errors) {
    Map<String, Object> model =
        Map.of(
            "title", Message.of("Create account"),
            "email", request.userField("email"),
            "displayName", request.userField("display_name"),
            "passwordMin", limits.passwordMin());
    return Future.succeededFuture(Forms.render("register", model, errors));
  }

  private Future<PageResponse> register(PageRequest request) {
    return Forms.submit(
        bus.ask(
                new AuthCommand.Register(
                    request.userField("email"),
                    request.userField("password"),
                    request.userField("password_confirmation"),
                    request.userFieldOrNull("display_name"),
                    null,
                    request.client()))
            .map(SignInPages::registered),
        errors -> registerPage(request, errors));
  }

  private static PageResponse registered(RegistrationResult registered) {
    TokenPair tokens = registered.tokens();
    return tokens == null
        ? new PageResponse.Redirect(REGISTER + "?done=registered")
        : new PageResponse.SignIn(tokens, false, SETTINGS);
  }

  private Future<PageResponse> signOut(PageRequest request) {
    Session session = request.session();
    var signedOut = new PageResponse.SignOut(SIGN_IN + "?done=signed-out");
    // Other nodes learn of it by broadcast; this node ends the session at once.
    return session == null
        ? Future.succeededFuture(signedOut)
        : bus.ask(new AuthCommand.SignOut(session.id()))
            .onSuccess(_ -> sessions.end(session.id()))
            .map(signedOut);
  }
}
