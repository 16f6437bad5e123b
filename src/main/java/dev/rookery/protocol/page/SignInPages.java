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
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.Map;
import java.util.regex.Pattern;

/** Ways in and out. */
final class SignInPages {
  private static final String SIGN_IN = "/users/log-in";
  private static final String REGISTER = "/users/register";
  private static final String SIGN_OUT = "/users/log-out";
  private static final String SETTINGS = "/users/settings";

  // Nothing else is gone back to: whoever makes the link chooses what stands in it.
  private static final Pattern RETURN_PATHS = Pattern.compile("/users/settings(?:/[a-z-]{1,30})?");

  private final Bus bus;
  private final Sessions sessions;
  private final Limits limits;

  SignInPages(Bus bus, Sessions sessions, Limits limits) {
    this.bus = bus;
    this.sessions = sessions;
    this.limits = limits;
  }

  void mount(Router router, PageRouter door) {
    door.get(router, SIGN_IN, this::signInPage);
    door.post(router, SIGN_IN, this::signIn);
    door.get(router, REGISTER, this::registerPage);
    door.post(router, REGISTER, this::register);
    door.post(router, SIGN_OUT, this::signOut);
    door.post(router, HttpMethod.DELETE, SIGN_OUT, this::signOut, false);
  }

  private Future<PageResponse> signInPage(PageRequest visit) {
    String back = returnPath(visit.queryParameter("return_to"));
    return visit.session() == null
        ? signInPage("", back, FormErrors.NONE)
        : Future.succeededFuture(new PageResponse.Redirect(back));
  }

  private Future<PageResponse> signInPage(String email, String back, FormErrors wrong) {
    return bus.ask(new ProviderCommand.ListConfigured())
        .map(
            providers ->
                Forms.render(
                    "log-in",
                    Map.of(
                        "title",
                        "Sign in",
                        "email",
                        email,
                        "returnTo",
                        back,
                        "providers",
                        ProviderView.of(providers)),
                    wrong));
  }

  static String returnPath(String wanted) {
    return RETURN_PATHS.matcher(wanted).matches() ? wanted : SETTINGS;
  }

  /** With what a letter said, with a password, or with the wish for a letter. */
  private Future<PageResponse> signIn(PageRequest visit) {
    return visit.hasUserField("token")
        ? signInWithToken(visit)
        : visit.hasUserField("password") ? signInWithPassword(visit) : requestMagicLink(visit);
  }

  private Future<PageResponse> signInWithToken(PageRequest visit) {
    return bus.ask(new EmailCommand.SignInWithToken(visit.userField("token"), visit.client()))
        .map(signedIn -> new PageResponse.SignIn(signedIn, false, SETTINGS + "?done=confirmed"));
  }

  private Future<PageResponse> signInWithPassword(PageRequest visit) {
    String back = returnPath(visit.field("return_to"));
    boolean kept = visit.userField("remember_me").equals("true");
    return Forms.submit(
        bus.ask(
                new AuthCommand.SignInByPassword(
                    visit.userField("email"), visit.userField("password"), null, visit.client()))
            .map(signedIn -> new PageResponse.SignIn(signedIn, kept, back)),
        wrong -> signInPage(visit.userField("email"), back, wrong));
  }

  private Future<PageResponse> requestMagicLink(PageRequest visit) {
    return Forms.submit(
        bus.ask(new EmailCommand.RequestMagicLink(visit.userField("email"), visit.client()))
            .map(_ -> new PageResponse.Redirect(SIGN_IN + "?done=link")),
        wrong -> signInPage("", SETTINGS, wrong.renameField("email", "letter")));
  }

  private Future<PageResponse> registerPage(PageRequest visit) {
    return registerPage(visit, FormErrors.NONE);
  }

  private Future<PageResponse> registerPage(PageRequest visit, FormErrors wrong) {
    Map<String, Object> model =
        Map.of(
            "title", "Register",
            "email", visit.userField("email"),
            "displayName", visit.userField("display_name"),
            "passwordMin", limits.passwordMin());
    return Future.succeededFuture(Forms.render("register", model, wrong));
  }

  private Future<PageResponse> register(PageRequest visit) {
    return Forms.submit(
        bus.ask(
                new AuthCommand.Register(
                    visit.userField("email"),
                    visit.userField("password"),
                    visit.userField("password_confirmation"),
                    visit.userFieldOrNull("display_name"),
                    null,
                    visit.client()))
            .map(SignInPages::registered),
        wrong -> registerPage(visit, wrong));
  }

  private static PageResponse registered(RegistrationResult registered) {
    TokenPair signedIn = registered.tokens();
    return signedIn == null
        ? new PageResponse.Redirect(REGISTER + "?done=registered")
        : new PageResponse.SignIn(signedIn, false, SETTINGS);
  }

  private Future<PageResponse> signOut(PageRequest visit) {
    Session session = visit.session();
    var left = new PageResponse.SignOut(SIGN_IN + "?done=signed-out");
    // All nodes hear of it soon; the one that says so has heard of it already.
    return session == null
        ? Future.succeededFuture(left)
        : bus.ask(new AuthCommand.SignOut(session.id()))
            .onSuccess(_ -> sessions.end(session.id()))
            .map(left);
  }
}
