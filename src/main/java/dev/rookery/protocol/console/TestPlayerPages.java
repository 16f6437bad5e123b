package dev.rookery.protocol.console;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.ShortToken;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerCommand.AccountFilter;
import dev.rookery.player.PlayerCommand.AccountOrder;
import dev.rookery.player.PlayerCommand.MarkFilter;
import dev.rookery.player.PlayerMark;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Makes test players, and tokens to act as one of them for 15 minutes. A player who was not made
 * here gets no token: what somebody real does is done by them alone.
 */
final class TestPlayerPages implements ConsoleSection {
  static final String PATH = "/admin/test-players";

  /** The form by which scripts get the token of the first, second, third or fourth test player. */
  static final String TOKEN = PATH + "/token";

  private static final String USERS = PlayerListPages.PATH;
  private static final String NAME = "display_name";

  /** How many test players scripts name by their number: the panes of the playground. */
  private static final int NUMBERED_MAX = 4;

  private final Bus bus;
  private final Changes changes;

  TestPlayerPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.PLAYERS_TEST, request -> answer(page(form())));
    console.action(PATH, Permission.PLAYERS_TEST, this::create);
    console.action(TOKEN, Permission.PLAYERS_TEST, this::numberedToken);
    console.action(USERS + "/:id/token", Permission.PLAYERS_TEST, this::token);
    console.action(USERS + "/:id/remove-test", Permission.PLAYERS_TEST, this::remove);
    console.message("test-player-created", "The test player was created.");
    console.message("test-player-removed", "The test player and all their data were deleted.");
  }

  private static Future<ConsoleView> answer(ConsoleView view) {
    return Future.succeededFuture(view);
  }

  private static List<FormView.Field> fields() {
    return List.of(
        FormView.Field.of(NAME, "Display name", "text", "")
            .hinted("Empty for a name with a number."));
  }

  private static FormView form() {
    return new FormView(PATH, "", fields(), "Create the test player", 0, USERS, List.of());
  }

  private static ConsoleView page(FormView form) {
    return new RecordPage(
            List.of(new Link("Players", USERS)),
            List.of(),
            List.of(new Link("All test players", USERS + "?q=is:test")),
            List.of(),
            List.of(),
            List.of(
                Section.form("create", "New test player", form)
                    .withNote(
                        "A test player is a player like all others, on boards and in lobbies too,"
                            + " but nobody owns them: you can get a token and act as them. There"
                            + " are at most "
                            + PlayerMark.TEST.max()
                            + ".")))
        .render("Test players");
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", fields())
        .submit(
            form(),
            TestPlayerPages::page,
            typed ->
                create(request, typed.value(NAME))
                    .map(
                        player ->
                            ConsoleView.done(USERS + "/" + player.value(), "test-player-created")));
  }

  private Future<PlayerId> create(ConsoleRequest request, String name) {
    return changes
        .make(
            request,
            new AuthCommand.CreateMarkedPlayers(PlayerMark.TEST, List.of(name)),
            "admin_create_test_player",
            "test_players",
            Changes.values(NAME, name))
        .map(List::getFirst);
  }

  /** Answers a script; test players that are missing are made, the oldest of all is number 1. */
  private Future<ConsoleView> numberedToken(ConsoleRequest request) {
    Long number = SearchQuery.parse(request.field("number"));
    if (number == null || number < 1 || number > NUMBERED_MAX) {
      throw Refused.invalid("number", "must be from 1 to " + NUMBERED_MAX);
    }
    return bus.ask(
            new PlayerCommand.ListAccounts(
                AccountFilter.withMark(MarkFilter.of(PlayerMark.TEST)),
                AccountOrder.OLDEST,
                null,
                false,
                NUMBERED_MAX))
        .compose(found -> numbered(request, found, number.intValue()))
        .compose(player -> open(request, player))
        .map(token -> new ConsoleView.Data(json(token)));
  }

  private Future<PlayerId> numbered(ConsoleRequest request, List<Account> found, int number) {
    return found.size() >= number
        ? Future.succeededFuture(found.get(number - 1).player().id())
        : createUpTo(request, found.size() + 1, number);
  }

  /** Creates the test players with these numbers, and returns the last one. */
  private Future<PlayerId> createUpTo(ConsoleRequest request, int next, int last) {
    Future<PlayerId> created = create(request, "");
    return next < last ? created.compose(_ -> createUpTo(request, next + 1, last)) : created;
  }

  private Future<ShortToken> open(ConsoleRequest request, PlayerId player) {
    return changes.make(
        request,
        new AuthCommand.OpenTestSession(player, request.client()),
        "admin_create_test_token",
        "test_players/" + player.value());
  }

  static JsonObject json(ShortToken token) {
    return new JsonObject()
        .put("access_token", token.accessToken())
        .put("expires_in", token.lifetime().toSeconds())
        .put("user_id", token.player().value())
        .put("display_name", token.displayName());
  }

  private Future<ConsoleView> token(ConsoleRequest request) {
    return open(request, new PlayerId(request.id("id"))).map(TestPlayerPages::tokenPage);
  }

  private static ConsoleView tokenPage(ShortToken token) {
    String path = USERS + "/" + token.player().value();
    return RecordPage.of(
            List.of(new Link("Players", USERS), new Link(token.displayName(), path)),
            List.of(
                Section.facts(
                    "player",
                    "Player",
                    List.of(
                        Fact.of("Name", Cell.player(token.displayName(), token.player().value())),
                        Fact.of("Id", Cell.code(Long.toString(token.player().value()))),
                        Fact.of(
                            "Valid for", Cell.text(token.lifetime().toMinutes() + " minutes")))),
                Section.text("token", "Access token", token.accessToken())
                    .withNote(
                        "Send it as “Authorization: Bearer …”, or as the parameter “token” of a"
                            + " socket. It is shown this one time.")))
        .render("Token of " + token.displayName());
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    PlayerId player = new PlayerId(request.id("id"));
    return bus.ask(new PlayerCommand.FindAccount(player))
        .compose(
            account -> {
              if (account.mark() != PlayerMark.TEST) {
                throw Refused.denied("not_a_test_player");
              }
              String name = PlayerListPages.name(account.player());
              return Confirmation.level1(
                      "Remove " + name + "?",
                      "The test player and everything stored about them are deleted.",
                      "Remove " + name)
                  .ask(
                      request,
                      USERS + "/" + player.value(),
                      ConsoleView.done(USERS + "?q=is:test", "test-player-removed"),
                      () ->
                          changes.make(
                              request,
                              new AccountCommand.Delete(player),
                              "admin_delete_test_player",
                              "test_players/" + player.value()));
            });
  }
}
