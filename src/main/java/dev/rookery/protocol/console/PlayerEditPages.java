package dev.rookery.protocol.console;

import dev.rookery.auth.EmailCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Edits a player, and sets their email address. */
final class PlayerEditPages implements ConsoleSection {
  private static final String NAME = "display_name";
  private static final String EMAIL = "email";
  private static final String METADATA = "metadata";
  private static final String ADMIN = "is_admin";

  private final Changes changes;
  private final StepUp stepUp;
  private final PlayerFrame frame;

  PlayerEditPages(Bus bus, Changes changes, InstantSource clock, PlayerFrame frame) {
    this.changes = changes;
    this.stepUp = new StepUp(bus, clock);
    this.frame = frame;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PlayerFrame.PLAYER + "/edit", Permission.PLAYERS_EDIT, this::edit);
    console.action(PlayerFrame.PLAYER + "/edit", Permission.PLAYERS_EDIT, this::save);
    console.action(PlayerFrame.PLAYER + "/email", Permission.PLAYERS_EDIT, this::saveEmail);
    console.message("player-saved", "The player was saved.");
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return frame
        .find(request)
        .map(account -> editPage(request, account, form(account, editForm(request, account))));
  }

  private ConsoleView editPage(ConsoleRequest request, Account account, FormView form) {
    Section edit = Section.form("edit", "Edit", form);
    return frame.page(
        request,
        account,
        "edit",
        request.may(Permission.PLAYERS_PERSONAL)
            ? List.of(edit, emailSection(account, emailForm(account)))
            : List.of(edit));
  }

  private static List<FormView.Field> emailFields(Account account) {
    return List.of(
        FormView.Field.of(EMAIL, "Email address", "email", account.player().email()).needed());
  }

  private static FormView emailForm(Account account) {
    String path = PlayerFrame.path(account.player().id());
    return new FormView(
        path + "/email", "", emailFields(account), "Set the address", 1, path, List.of());
  }

  private static Section emailSection(Account account, FormView form) {
    return Section.form("email", "Email", form)
        .withNote(
            account.player().email().isEmpty()
                ? "It counts as confirmed."
                : "It counts as confirmed. The previous address gets an email.");
  }

  private Future<ConsoleView> saveEmail(ConsoleRequest request) {
    if (!request.may(Permission.PLAYERS_PERSONAL)) {
      return Future.succeededFuture(
          ConsoleProblem.noPermission(Permission.PLAYERS_PERSONAL).view());
    }
    return frame
        .find(request)
        .compose(
            account -> {
              PlayerId player = account.player().id();
              String name = PlayerListPages.name(account.player());
              return new EditForm(request, "", emailFields(account))
                  .submit(
                      emailForm(account),
                      again ->
                          frame.page(
                              request, account, "edit", List.of(emailSection(account, again))),
                      typed ->
                          Confirmation.level1(
                                  "Change the address of " + name + "?",
                                  "The person who has the new address can sign in as the player.",
                                  "Set the address")
                              .ask(
                                  request,
                                  PlayerFrame.path(player) + "/edit",
                                  () -> setEmail(request, player, typed.value(EMAIL).strip())));
            });
  }

  private Future<ConsoleView> setEmail(ConsoleRequest request, PlayerId player, String email) {
    return changes
        .make(
            request,
            new EmailCommand.SetEmail(player, email),
            "admin_set_user_email",
            "users/" + player.value(),
            Changes.values(EMAIL, email))
        .map(_ -> ConsoleView.done(PlayerFrame.path(player), "player-saved"));
  }

  private static List<FormView.Field> fields(Account account) {
    Player player = account.player();
    return List.of(
        FormView.Field.of(NAME, "Display name", "text", player.displayName())
            .hinted("Empty for none."),
        FormView.Field.checkbox(ADMIN, "Admin of the API", player.admin()),
        FormView.Field.of(METADATA, "Metadata", "json", PrettyJson.of(player.metadata()))
            .hinted("A JSON object that other players can read."));
  }

  private static EditForm editForm(ConsoleRequest request, Account account) {
    return new EditForm(request, Long.toString(account.player().revision()), fields(account));
  }

  private static FormView form(Account account, EditForm edit) {
    String path = PlayerFrame.path(account.player().id());
    return new FormView(
        path + "/edit", edit.revision(), fields(account), "Save", 0, path, List.of());
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return frame.find(request).compose(account -> save(request, account));
  }

  private Future<ConsoleView> save(ConsoleRequest request, Account account) {
    PlayerId player = account.player().id();
    EditForm edit = editForm(request, account);
    return edit.submit(
        form(account, edit),
        again -> editPage(request, account, again),
        typed -> {
          @Nullable Boolean admin = typed.changed(ADMIN) == null ? null : typed.flag(ADMIN);
          if (admin != null && !request.may(Permission.ADMINS_EDIT)) {
            throw Refused.invalid(ADMIN, "needs the permission admins.edit");
          }
          @Nullable Map<String, Object> metadata =
              typed.changed(METADATA) == null ? null : typed.object(METADATA);
          var update =
              new PlayerCommand.Update(
                  request.admin().player(),
                  player,
                  admin,
                  typed.changed(NAME),
                  metadata,
                  account.player().revision());
          return requireStepUp(request, admin)
              .compose(
                  _ ->
                      changes.make(
                          request,
                          update,
                          "admin_update_user",
                          "users/" + player.value(),
                          Changes.values(
                              ADMIN, admin, NAME, typed.changed(NAME), METADATA, metadata)))
              .map(_ -> ConsoleView.done(PlayerFrame.path(player), "player-saved"));
        },
        () -> save(request));
  }

  /** Giving and taking the rights of an admin is an action of level 3. */
  private Future<?> requireStepUp(ConsoleRequest request, @Nullable Boolean admin) {
    return admin == null
        ? Future.succeededFuture()
        : stepUp
            .isNeeded(request.admin(), Permission.ADMINS_EDIT)
            .compose(
                needed ->
                    needed
                        ? Future.failedFuture(Refused.conflict("step_up_required"))
                        : Future.succeededFuture());
  }
}
