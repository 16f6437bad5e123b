package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Actor;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages that open a session of the admin console: the set-up of the first owner, and sign-in
 * with the account of a player and the second factor.
 */
final class ConsoleSignInPages {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleSignInPages.class);
  private static final String HOME = ConsoleAdmission.HOME;
  private static final String SIGN_IN = ConsoleAdmission.SIGN_IN;
  private static final String SETUP = "/admin/setup";
  private static final String FACTOR = ConsoleAdmission.FACTOR;

  private final Bus bus;
  private final ConsoleAdmission admission;
  private final Limits limits;
  private final AdminSignIn methods;

  ConsoleSignInPages(Bus bus, ConsoleAdmission admission, Limits limits, AdminSignIn methods) {
    this.bus = bus;
    this.admission = admission;
    this.limits = limits;
    this.methods = methods;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, SETUP, request -> setupPage(request, FormErrors.NONE));
    pages.post(router, SETUP, this::setup);
    pages.get(router, SIGN_IN, this::signInPage);
    pages.post(router, SIGN_IN, this::signIn);
  }

  private Future<PageResponse> setupPage(PageRequest request, FormErrors errors) {
    return bus.ask(new ConsoleCommand.IsSetupOpen())
        .compose(open -> open ? openSetupPage(request, errors) : redirect(SIGN_IN));
  }

  private Future<PageResponse> openSetupPage(PageRequest request, FormErrors errors) {
    String code = request.userField("code");
    return accountName(request)
        .map(
            name ->
                Forms.render(
                    "console-setup",
                    Map.of(
                        "title",
                        "Set up this server",
                        "account",
                        name,
                        "code",
                        code.isEmpty() ? request.queryParameter("code") : code,
                        "email",
                        request.userField("email"),
                        "passwordMin",
                        limits.passwordMin(),
                        "oidc",
                        methods.oidcName()),
                    errors));
  }

  /** How the player of this browser is called; empty if it is not signed in. */
  private Future<String> accountName(PageRequest request) {
    Session session = request.session();
    return session == null ? Future.succeededFuture("") : admission.accountName(session.player());
  }

  /** Makes the account of this browser, or a new one, the first owner, and opens the console. */
  private Future<PageResponse> setup(PageRequest request) {
    String code = request.userField("code");
    Session session = request.session();
    Future<PageResponse> done =
        bus.ask(new ConsoleCommand.CheckSetupCode(code, ConsoleAdmission.browser(request)))
            .compose(
                _ ->
                    session == null
                        ? createOwner(request, code)
                        : becomeOwnerAndOpen(request, session, code)
                            .map(PageResponse.Redirect::new));
    return Forms.submit(done, errors -> setupPage(request, errors));
  }

  private Future<PageResponse> createOwner(PageRequest request, String code) {
    String email = request.userField("email");
    String password = request.userField("password");
    return bus.ask(new AuthCommand.CreateAccount(email, password, null, true))
        .compose(player -> becomeOwner(request, player, code))
        .compose(
            _ -> bus.ask(new AuthCommand.SignInByPassword(email, password, null, request.client())))
        .compose(tokens -> admission.openAfterSignIn(request, tokens, HOME));
  }

  private Future<String> becomeOwnerAndOpen(PageRequest request, Session session, String code) {
    return becomeOwner(request, session.player(), code)
        .compose(_ -> admission.openWithoutCode(request, session.player(), session.id(), HOME));
  }

  private Future<?> becomeOwner(PageRequest request, PlayerId player, String code) {
    var browser = ConsoleAdmission.browser(request);
    var actor =
        new Actor(Actor.Kind.CONSOLE, player, "", browser.address(), browser.requestId(), null, "");
    var change = new AuditedChange(actor, "console_become_owner", "admins/" + player, Map.of());
    return bus.ask(new PlayerCommand.BecomeOwner(player, code), change);
  }

  private Future<PageResponse> signInPage(PageRequest request) {
    String returnTo = ConsoleAdmission.returnPath(request.queryParameter("return_to"));
    return admission
        .admin(request)
        .compose(
            admin ->
                admin == null
                    ? bus.ask(new ConsoleCommand.IsSetupOpen())
                        .compose(
                            open ->
                                open && request.session() == null
                                    ? redirect(SETUP)
                                    : render(request, returnTo, refusalBefore(request)))
                    : redirect(admin.enrolling() ? FACTOR : returnTo));
  }

  /** Renders the sign-in page. */
  Future<PageResponse> render(PageRequest request, String returnTo, FormErrors errors) {
    Session session = request.session();
    Future<Boolean> factor =
        session == null
            ? Future.succeededFuture(false)
            : bus.ask(new ConsoleCommand.FindFactor(session.player()))
                .map(ConsoleCommand.FactorState::confirmed);
    Future<String> name = accountName(request);
    return Future.all(factor, name)
        .map(
            _ ->
                Forms.renderScripted(
                    "console-sign-in",
                    Map.of(
                        "title", "Sign in to the console",
                        "account", name.result(),
                        "factor", factor.result(),
                        "email", request.userField("email"),
                        "returnTo", returnTo,
                        "oidc", methods.oidcName(),
                        "passwords", methods.passwords(),
                        "passkeys",
                            methods.passkeys().getAsBoolean()
                                && (methods.passwords() || factor.result())),
                    errors));
  }

  /** Why the console was not opened in the request that led to this page. */
  private static FormErrors refusalBefore(PageRequest request) {
    String code = request.queryParameter("refused");
    return request.session() != null && ConsoleAdmission.SHOWN.contains(code)
        ? Forms.errors(new Refusal.Denied(code))
        : FormErrors.NONE;
  }

  /** Signs in with an account, or opens the session of the console of the account. */
  private Future<PageResponse> signIn(PageRequest request) {
    String returnTo = ConsoleAdmission.returnPath(request.field("return_to"));
    Session session = request.session();
    Future<PageResponse> done =
        session == null || request.hasUserField("password")
            ? signInByPassword(request, returnTo)
            : open(request, session, returnTo);
    return Forms.submit(done, errors -> render(request, returnTo, errors));
  }

  private Future<PageResponse> signInByPassword(PageRequest request, String returnTo) {
    var command =
        new AuthCommand.SignInByPassword(
            request.userField("email"), request.userField("password"), null, request.client());
    return bus.ask(command)
        .onFailure(failure -> countFailure(request, failure))
        .compose(tokens -> admission.openAfterSignIn(request, tokens, returnTo));
  }

  /** Owners are told of many wrong passwords; nobody waits for that to be counted. */
  private void countFailure(PageRequest request, Throwable failure) {
    if (failure instanceof Refused refused
        && refused.refusal().code().equals("invalid_credentials")) {
      bus.ask(new ConsoleCommand.CountFailedSignIn(request.userField("email")))
          .onFailure(away -> LOG.debug("a failed sign-in was not counted: {}", away.toString()));
    }
  }

  private Future<PageResponse> open(PageRequest request, Session session, String returnTo) {
    return admission
        .open(request, session.player(), session.id(), request.userField("code"), returnTo)
        .map(PageResponse.Redirect::new);
  }

  private static Future<PageResponse> redirect(String path) {
    return Future.succeededFuture(new PageResponse.Redirect(path));
  }
}
