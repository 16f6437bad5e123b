package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Actor;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Invite;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Map;

/**
 * The page of an invitation to a role: the player who is signed in accepts it, or a new account
 * does. Following the link changes nothing until the person presses a button, because mail scanners
 * follow links too.
 */
final class InvitePages {
  private static final String PATH = "/admin/invite/";
  private static final String CONSOLE = "/admin/sign-in";

  private final Bus bus;
  private final Limits limits;

  InvitePages(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, PATH + ":token", request -> page(request, FormErrors.NONE));
    pages.post(router, PATH + ":token", this::accept);
  }

  private static String token(PageRequest request) {
    return request.context().pathParam("token");
  }

  private Future<Invite> find(PageRequest request) {
    return bus.ask(new ConsoleCommand.FindInvite(token(request)))
        .map(found -> found.orElseThrow(() -> Refused.denied("invalid_token")));
  }

  private Future<PageResponse> page(PageRequest request, FormErrors errors) {
    Session session = request.session();
    Future<String> account =
        session == null
            ? Future.succeededFuture("")
            : bus.ask(new PlayerCommand.Find(session.player()))
                .map(
                    player ->
                        player.displayName().isEmpty()
                            ? "player " + player.id()
                            : player.displayName());
    Future<PageResponse> page =
        Future.all(find(request), account)
            .map(
                both -> {
                  Invite invite = both.resultAt(0);
                  String email = request.userField("email");
                  return Forms.render(
                      "console-invite",
                      Map.of(
                          "title",
                          "Invitation",
                          "role",
                          invite.role(),
                          "by",
                          invite.byName(),
                          "token",
                          token(request),
                          "account",
                          account.result(),
                          "email",
                          email.isEmpty() ? invite.email() : email,
                          "passwordMin",
                          limits.passwordMin()),
                      errors);
                });
    return Forms.submit(
        page,
        gone ->
            Future.succeededFuture(
                Forms.render("console-invite", Map.of("title", "Invitation", "role", ""), gone)));
  }

  private Future<PageResponse> accept(PageRequest request) {
    Session session = request.session();
    Future<PageResponse> done =
        find(request)
            .compose(
                _ ->
                    session == null
                        ? register(request)
                        : accept(request, session.player())
                            .map(_ -> new PageResponse.Redirect(CONSOLE)));
    return Forms.submit(done, errors -> page(request, errors));
  }

  /** Creates an account, which has the role then. */
  private Future<PageResponse> register(PageRequest request) {
    String email = request.userField("email");
    String password = request.userField("password");
    return bus.ask(new AuthCommand.CreateAccount(email, password, null, false))
        .compose(player -> accept(request, player))
        .compose(
            _ -> bus.ask(new AuthCommand.SignInByPassword(email, password, null, request.client())))
        .map((TokenPair tokens) -> new PageResponse.SignIn(tokens, false, CONSOLE));
  }

  private Future<?> accept(PageRequest request, PlayerId player) {
    var browser = ConsoleAdmission.browser(request);
    var actor =
        new Actor(Actor.Kind.CONSOLE, player, "", browser.address(), browser.requestId(), null, "");
    var change = new AuditedChange(actor, "admin_accept_invite", "admins/" + player, Map.of());
    return bus.ask(new PlayerCommand.AcceptInvite(player, token(request)), change);
  }
}
