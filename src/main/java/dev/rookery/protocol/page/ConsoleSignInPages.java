package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.Client;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Actor;
import dev.rookery.console.Admin;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.edge.RequestInfo;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.session.Session;
import dev.rookery.session.Tokens;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pages around the session of the admin console: the set-up of the first owner, sign-in with
 * the account of a player and the second factor, setting up that factor, and giving it again.
 */
final class ConsoleSignInPages {
  private static final String HOME = "/admin";
  private static final String SIGN_IN = "/admin/sign-in";
  private static final String SETUP = "/admin/setup";
  private static final String FACTOR = "/admin/factor";
  private static final String STEP_UP = "/admin/step-up";
  private static final String NO_ROLE = "no_role";
  private static final int RETURN_MAX = 2_000;
  private static final Pattern RETURN_PATHS =
      Pattern.compile("/admin(?:/[\\w/.:-]*)?(?:\\?[\\w=&%+.:*-]*)?");

  private final Bus bus;
  private final Tokens tokens;
  private final ConsoleSessions consoles;
  private final Limits limits;

  ConsoleSignInPages(Bus bus, Tokens tokens, ConsoleSessions consoles, Limits limits) {
    this.tokens = tokens;
    this.bus = bus;
    this.consoles = consoles;
    this.limits = limits;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, SETUP, request -> setupPage(request, FormErrors.NONE));
    pages.post(router, SETUP, this::setup);
    pages.get(router, SIGN_IN, this::signInPage);
    pages.post(router, SIGN_IN, this::signIn);
    pages.get(router, FACTOR, request -> factorPage(request, FormErrors.NONE));
    pages.post(router, FACTOR, this::confirmFactor);
    pages.get(router, STEP_UP, request -> stepUpPage(request, FormErrors.NONE));
    pages.post(router, STEP_UP, this::stepUp);
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
                        limits.passwordMin()),
                    errors));
  }

  /** How the player of this browser is called; empty if it is not signed in. */
  private Future<String> accountName(PageRequest request) {
    Session session = request.session();
    return session == null
        ? Future.succeededFuture("")
        : bus.ask(new PlayerCommand.Find(session.player()))
            .map(
                player ->
                    !player.displayName().isEmpty()
                        ? player.displayName()
                        : !player.email().isEmpty() ? player.email() : "Player " + player.id());
  }

  /** Makes the account of this browser, or a new one, the first owner, and opens the console. */
  private Future<PageResponse> setup(PageRequest request) {
    String code = request.userField("code");
    Session session = request.session();
    Future<PageResponse> done =
        bus.ask(new ConsoleCommand.CheckSetupCode(code, browser(request)))
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
        .compose(tokens -> openAfterSignIn(request, tokens, HOME));
  }

  private Future<String> becomeOwnerAndOpen(PageRequest request, Session session, String code) {
    return becomeOwner(request, session.player(), code)
        .compose(_ -> openWithoutCode(request, session.player(), session.id(), HOME));
  }

  private Future<?> becomeOwner(PageRequest request, PlayerId player, String code) {
    var browser = browser(request);
    var actor =
        new Actor(Actor.Kind.CONSOLE, player, "", browser.address(), browser.requestId(), null, "");
    var change = new AuditedChange(actor, "console_become_owner", "admins/" + player, Map.of());
    return bus.ask(new PlayerCommand.BecomeOwner(player, code), change);
  }

  private Future<PageResponse> signInPage(PageRequest request) {
    String returnTo = returnPath(request.queryParameter("return_to"));
    return admin(request)
        .compose(
            admin ->
                admin == null
                    ? bus.ask(new ConsoleCommand.IsSetupOpen())
                        .compose(
                            open ->
                                open && request.session() == null
                                    ? redirect(SETUP)
                                    : signInPage(request, returnTo, refusalBefore(request)))
                    : redirect(admin.enrolling() ? FACTOR : returnTo));
  }

  private Future<PageResponse> signInPage(PageRequest request, String returnTo, FormErrors errors) {
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
                Forms.render(
                    "console-sign-in",
                    Map.of(
                        "title", "Sign in to the console",
                        "account", name.result(),
                        "factor", factor.result(),
                        "email", request.userField("email"),
                        "returnTo", returnTo),
                    errors));
  }

  /** Why the console was not opened in the request that led to this page. */
  private static FormErrors refusalBefore(PageRequest request) {
    boolean refused =
        request.session() != null && request.queryParameter("refused").equals(NO_ROLE);
    return refused ? Forms.errors(new Refusal.Denied(NO_ROLE)) : FormErrors.NONE;
  }

  /** Signs in with an account, or opens the session of the console of the account. */
  private Future<PageResponse> signIn(PageRequest request) {
    String returnTo = returnPath(request.field("return_to"));
    Session session = request.session();
    Future<PageResponse> done =
        session == null || request.hasUserField("password")
            ? signInByPassword(request, returnTo)
            : open(request, session, returnTo);
    return Forms.submit(done, errors -> signInPage(request, returnTo, errors));
  }

  private Future<PageResponse> signInByPassword(PageRequest request, String returnTo) {
    var command =
        new AuthCommand.SignInByPassword(
            request.userField("email"), request.userField("password"), null, request.client());
    return bus.ask(command).compose(tokens -> openAfterSignIn(request, tokens, returnTo));
  }

  private Future<PageResponse> openAfterSignIn(
      PageRequest request, TokenPair tokens, String returnTo) {
    return openWithoutCode(
            request,
            tokens.player(),
            this.tokens.readAccess(tokens.accessToken()).session(),
            returnTo)
        .map(path -> new PageResponse.SignIn(tokens, false, path));
  }

  /**
   * Opens the console for a player who has just signed in, and returns where to go. That is the
   * sign-in page where a code must be asked for, or where the player may not open the console,
   * which the page then says.
   */
  private Future<String> openWithoutCode(
      PageRequest request, PlayerId player, SessionId signIn, String returnTo) {
    return openSession(request, player, signIn, "", returnTo)
        .recover(
            failure ->
                failure instanceof Refused refused
                    ? Future.succeededFuture(signInPath(returnTo, refused.refusal()))
                    : Future.failedFuture(failure));
  }

  private static String signInPath(String returnTo, Refusal refusal) {
    String path = SIGN_IN + "?return_to=" + URLEncoder.encode(returnTo, StandardCharsets.UTF_8);
    return refusal.code().equals(NO_ROLE) ? path + "&refused=" + NO_ROLE : path;
  }

  private Future<PageResponse> open(PageRequest request, Session session, String returnTo) {
    return openSession(request, session.player(), session.id(), request.userField("code"), returnTo)
        .map(PageResponse.Redirect::new);
  }

  /** Opens a session of the console for this browser, and returns where to go. */
  private Future<String> openSession(
      PageRequest request, PlayerId player, SessionId signIn, String code, String returnTo) {
    return bus.ask(new ConsoleCommand.OpenSession(player, signIn, code, browser(request)))
        .map(
            opened -> {
              request.cookies().console(opened.token());
              return opened.enrolling() ? FACTOR : returnTo;
            });
  }

  private Future<PageResponse> factorPage(PageRequest request, FormErrors errors) {
    return withAdmin(
        request,
        FACTOR,
        admin ->
            bus.ask(new ConsoleCommand.FindFactor(admin.player()))
                .compose(
                    state ->
                        state.confirmed()
                            ? Future.succeededFuture(factorPage("", state, errors))
                            : bus.ask(new ConsoleCommand.BeginFactor(admin.player()))
                                .map(created -> factorPage(created.secret(), state, errors))));
  }

  private static PageResponse factorPage(
      String secret, ConsoleCommand.FactorState state, FormErrors errors) {
    return Forms.render(
        "console-factor",
        Map.of(
            "title",
            "Second factor",
            "secret",
            secret,
            "uri",
            "otpauth://totp/Rookery?secret="
                + secret
                + "&issuer=Rookery&algorithm=SHA1&digits=6&period=30",
            "confirmed",
            state.confirmed(),
            "required",
            state.required(),
            "codesLeft",
            state.codesLeft()),
        errors);
  }

  private Future<PageResponse> confirmFactor(PageRequest request) {
    return withAdmin(
        request,
        FACTOR,
        admin ->
            Forms.submit(
                bus.ask(
                        new ConsoleCommand.ConfirmFactor(
                            admin.player(),
                            admin.session(),
                            request.userField("code"),
                            browser(request)))
                    .onSuccess(_ -> consoles.forget(admin.session()))
                    .map(
                        codes ->
                            PageResponse.Render.ok(
                                "console-codes",
                                Map.of("title", "Recovery codes", "codes", codes))),
                errors -> factorPage(request, errors)));
  }

  private Future<PageResponse> stepUpPage(PageRequest request, FormErrors errors) {
    String returnTo = returnPath(returnTo(request));
    return withAdmin(
        request,
        STEP_UP,
        _ ->
            Future.succeededFuture(
                Forms.render(
                    "console-step-up",
                    Map.of("title", "Confirm that it is you", "returnTo", returnTo),
                    errors)));
  }

  private static String returnTo(PageRequest request) {
    String field = request.field("return_to");
    return field.isEmpty() ? request.queryParameter("return_to") : field;
  }

  private Future<PageResponse> stepUp(PageRequest request) {
    String returnTo = returnPath(request.field("return_to"));
    return withAdmin(
        request,
        STEP_UP,
        admin ->
            Forms.submit(
                bus.ask(
                        new ConsoleCommand.StepUp(
                            admin.player(),
                            admin.session(),
                            request.userField("code"),
                            browser(request)))
                    .onSuccess(_ -> consoles.forget(admin.session()))
                    .map(new PageResponse.Redirect(returnTo)),
                errors -> stepUpPage(request, errors)));
  }

  /** Serves the page if the browser has a session of the console; else it signs in first. */
  private Future<PageResponse> withAdmin(
      PageRequest request, String page, Function<Admin, Future<PageResponse>> serve) {
    return admin(request)
        .compose(
            admin -> admin == null ? redirect(SIGN_IN + "?return_to=" + page) : serve.apply(admin));
  }

  private Future<@Nullable Admin> admin(PageRequest request) {
    RequestInfo info = RequestInfo.of(request.context());
    return consoles.find(request.cookies().console(), info.clientAddress(), info.requestId());
  }

  private static ConsoleCommand.Browser browser(PageRequest request) {
    Client client = request.client();
    String agent = client.userAgent();
    return new ConsoleCommand.Browser(
        client.address(),
        agent == null ? "" : agent,
        RequestInfo.of(request.context()).requestId());
  }

  private static String returnPath(String path) {
    return path.length() <= RETURN_MAX && RETURN_PATHS.matcher(path).matches() ? path : HOME;
  }

  private static Future<PageResponse> redirect(String path) {
    return Future.succeededFuture(new PageResponse.Redirect(path));
  }
}
