package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.MailCommand;
import dev.rookery.auth.ProviderCommand;
import dev.rookery.auth.Registered;
import dev.rookery.auth.SignedIn;
import dev.rookery.base.Limits;
import dev.rookery.bus.Bus;
import dev.rookery.protocol.page.Forms.Wrong;
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

  void into(Router router, Door door) {
    door.open(router, SIGN_IN, this::signInPage);
    door.form(router, SIGN_IN, this::signIn);
    door.open(router, REGISTER, this::registerPage);
    door.form(router, REGISTER, this::register);
    door.form(router, SIGN_OUT, this::signOut);
    door.form(router, HttpMethod.DELETE, SIGN_OUT, this::signOut, false);
  }

  private Future<Answer> signInPage(Visit visit) {
    String back = back(visit.parameter("return_to"));
    return visit.session() == null
        ? signInPage("", back, Wrong.NOTHING)
        : Future.succeededFuture(new Answer.Go(back));
  }

  private Future<Answer> signInPage(String email, String back, Wrong wrong) {
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
  private Future<Answer> signIn(Visit visit) {
    return visit.hasUser("token")
        ? redeem(visit)
        : visit.hasUser("password") ? byPassword(visit) : askForLetter(visit);
  }

  private Future<Answer> redeem(Visit visit) {
    return bus.ask(new MailCommand.Redeem(visit.user("token"), visit.client()))
        .map(signedIn -> new Answer.Enter(signedIn, false, SETTINGS + "?done=confirmed"));
  }

  private Future<Answer> byPassword(Visit visit) {
    String back = back(visit.field("return_to"));
    boolean kept = visit.user("remember_me").equals("true");
    return Forms.done(
        bus.ask(
                new AuthCommand.SignInByPassword(
                    visit.user("email"), visit.user("password"), null, visit.client()))
            .map(signedIn -> new Answer.Enter(signedIn, kept, back)),
        wrong -> signInPage(visit.user("email"), back, wrong));
  }

  private Future<Answer> askForLetter(Visit visit) {
    return Forms.done(
        bus.ask(new MailCommand.AskForSignIn(visit.user("email"), visit.client()))
            .map(_ -> new Answer.Go(SIGN_IN + "?done=link")),
        wrong -> signInPage("", SETTINGS, wrong.renamed("email", "letter")));
  }

  private Future<Answer> registerPage(Visit visit) {
    return registerPage(visit, Wrong.NOTHING);
  }

  private Future<Answer> registerPage(Visit visit, Wrong wrong) {
    Map<String, Object> model =
        Map.of(
            "title", "Register",
            "email", visit.user("email"),
            "displayName", visit.user("display_name"),
            "passwordMin", limits.passwordMin());
    return Future.succeededFuture(Forms.show("register", model, wrong));
  }

  private Future<Answer> register(Visit visit) {
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

  private static Answer registered(Registered registered) {
    SignedIn signedIn = registered.signedIn();
    return signedIn == null
        ? new Answer.Go(REGISTER + "?done=registered")
        : new Answer.Enter(signedIn, false, SETTINGS);
  }

  private Future<Answer> signOut(Visit visit) {
    Session session = visit.session();
    var left = new Answer.Leave(SIGN_IN + "?done=signed-out");
    // All nodes hear of it soon; the one that says so has heard of it already.
    return session == null
        ? Future.succeededFuture(left)
        : bus.ask(new AuthCommand.SignOut(session.id()))
            .onSuccess(_ -> sessions.end(session.id()))
            .map(left);
  }
}
