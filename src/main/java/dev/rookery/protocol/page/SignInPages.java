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
  private static final Pattern RETURNS = Pattern.compile("/users/settings(?:/[a-z-]{1,30})?");

  private final Bus bus;
  private final Sessions sessions;
  private final Limits limits;

  SignInPages(Bus bus, Sessions sessions, Limits limits) {
    this.bus = bus;
    this.sessions = sessions;
    this.limits = limits;
  }

  void into(Router router, PageRouter door) {
    door.open(router, SIGN_IN, this::signInPage);
    door.form(router, SIGN_IN, this::signIn);
    door.open(router, REGISTER, this::registerPage);
    door.form(router, REGISTER, this::register);
    door.form(router, SIGN_OUT, this::signOut);
    door.form(router, HttpMethod.DELETE, SIGN_OUT, this::signOut, false);
  }

  private Future<PageResponse> signInPage(PageRequest visit) {
    String back = back(visit.parameter("return_to"));
    return visit.session() == null
        ? signInPage("", back, FormErrors.NOTHING)
        : Future.succeededFuture(new PageResponse.Redirect(back));
  }

  private Future<PageResponse> signInPage(String email, String back, FormErrors wrong) {
    return bus.ask(new ProviderCommand.ListConfigured())
        .map(
            providers ->
                Forms.show(
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

  static String back(String wanted) {
    return RETURNS.matcher(wanted).matches() ? wanted : SETTINGS;
  }

  /** With what a letter said, with a password, or with the wish for a letter. */
  private Future<PageResponse> signIn(PageRequest visit) {
    return visit.hasUser("token")
        ? redeem(visit)
        : visit.hasUser("password") ? byPassword(visit) : askForLetter(visit);
  }

  private Future<PageResponse> redeem(PageRequest visit) {
    return bus.ask(new EmailCommand.SignInWithToken(visit.user("token"), visit.client()))
        .map(signedIn -> new PageResponse.SignIn(signedIn, false, SETTINGS + "?done=confirmed"));
  }

  private Future<PageResponse> byPassword(PageRequest visit) {
    String back = back(visit.field("return_to"));
    boolean kept = visit.user("remember_me").equals("true");
    return Forms.done(
        bus.ask(
                new AuthCommand.SignInByPassword(
                    visit.user("email"), visit.user("password"), null, visit.client()))
            .map(signedIn -> new PageResponse.SignIn(signedIn, kept, back)),
        wrong -> signInPage(visit.user("email"), back, wrong));
  }

  private Future<PageResponse> askForLetter(PageRequest visit) {
    return Forms.done(
        bus.ask(new EmailCommand.RequestMagicLink(visit.user("email"), visit.client()))
            .map(_ -> new PageResponse.Redirect(SIGN_IN + "?done=link")),
        wrong -> signInPage("", SETTINGS, wrong.renamed("email", "letter")));
  }

  private Future<PageResponse> registerPage(PageRequest visit) {
    return registerPage(visit, FormErrors.NOTHING);
  }

  private Future<PageResponse> registerPage(PageRequest visit, FormErrors wrong) {
    Map<String, Object> model =
        Map.of(
            "title", "Register",
            "email", visit.user("email"),
            "displayName", visit.user("display_name"),
            "passwordMin", limits.passwordMin());
    return Future.succeededFuture(Forms.show("register", model, wrong));
  }

  private Future<PageResponse> register(PageRequest visit) {
    return Forms.done(
        bus.ask(
                new AuthCommand.Register(
                    visit.user("email"),
                    visit.user("password"),
                    visit.user("password_confirmation"),
                    visit.userOrNull("display_name"),
                    null,
                    visit.client()))
            .map(SignInPages::registered),
        wrong -> registerPage(visit, wrong));
  }

  private static PageResponse registered(RegistrationResult registered) {
    TokenPair signedIn = registered.signedIn();
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
