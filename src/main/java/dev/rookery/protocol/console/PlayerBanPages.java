package dev.rookery.protocol.console;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.console.Grants;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bans a player, and lifts the ban. */
final class PlayerBanPages implements ConsoleSection {
  private static final String REASON = "reason";
  private static final String HOURS = "hours";

  private final Changes changes;
  private final InstantSource clock;
  private final PlayerFrame frame;

  PlayerBanPages(Changes changes, InstantSource clock, PlayerFrame frame) {
    this.changes = changes;
    this.clock = clock;
    this.frame = frame;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PlayerFrame.PLAYER + "/ban", Permission.PLAYERS_BAN, this::banForm);
    console.action(PlayerFrame.PLAYER + "/ban", Permission.PLAYERS_BAN, this::ban);
    console.action(PlayerFrame.PLAYER + "/unban", Permission.PLAYERS_BAN, this::unban);
    console.message("player-banned", "The player is banned, and all their sessions were ended.");
    console.message("player-unbanned", "The ban was lifted.");
  }

  private Future<ConsoleView> banForm(ConsoleRequest request) {
    return frame.find(request).map(account -> banPage(request, account, banForm(account)));
  }

  private static FormView banForm(Account account) {
    String path = PlayerFrame.path(account.player().id());
    return new FormView(path + "/ban", "", banFields(), "Ban the player", 1, path, List.of());
  }

  private ConsoleView banPage(ConsoleRequest request, Account account, FormView form) {
    return frame.page(
        request,
        account,
        "ban",
        List.of(
            Section.form("ban-form", "Ban", form)
                .withNote(
                    "All sessions end at once, and every sign-in is refused with the reason.")));
  }

  private static List<FormView.Field> banFields() {
    return List.of(
        FormView.Field.of(REASON, "Reason, shown to the player", "text", "").needed(),
        FormView.Field.of(HOURS, "For how many hours", "number", "24")
            .hinted("Empty for a permanent ban. Moderators ban for at most 30 days."));
  }

  private Future<ConsoleView> ban(ConsoleRequest request) {
    return frame.find(request).compose(account -> ban(request, account));
  }

  private Future<ConsoleView> ban(ConsoleRequest request, Account account) {
    PlayerId player = account.player().id();
    EditForm edit = new EditForm(request, "", banFields());
    return edit.submit(
        banForm(account),
        again -> banPage(request, account, again),
        typed -> {
          @Nullable Long hours = typed.number(HOURS);
          if (hours != null && (hours < 1 || hours > 24 * 3_650)) {
            throw Refused.invalid(HOURS, "must be from 1 to 87600");
          }
          if (typed.value(REASON).isBlank()) {
            throw Refused.invalid(REASON, "can't be blank");
          }
          boolean limited = !request.may(Permission.PLAYERS_BAN_LONG);
          if (limited && (hours == null || hours > Grants.SHORT_BAN_MAX.toHours())) {
            throw Refused.invalid(HOURS, "must be at most 720 with your role");
          }
          @Nullable Long until =
              hours == null
                  ? null
                  : Long.valueOf(clock.millis() + Duration.ofHours(hours).toMillis());
          var ban =
              new AccountCommand.Ban(player, request.admin().player(), typed.value(REASON), until);
          String name = PlayerListPages.name(account.player());
          return Confirmation.level1(
                  "Ban " + name + "?",
                  name
                      + " is signed out everywhere and cannot sign in "
                      + (hours == null ? "again." : "for " + hours + " hours."),
                  "Ban " + name)
              .ask(
                  request,
                  PlayerFrame.path(player),
                  () ->
                      changes
                          .make(
                              request,
                              ban,
                              "admin_ban_user",
                              "users/" + player.value(),
                              Changes.values(REASON, typed.value(REASON), "until", until))
                          .map(_ -> ConsoleView.done(PlayerFrame.path(player), "player-banned")));
        });
  }

  private Future<ConsoleView> unban(ConsoleRequest request) {
    PlayerId player = PlayerFrame.id(request);
    return Confirmation.level1("Lift the ban?", "The player can sign in again.", "Lift the ban")
        .ask(
            request,
            PlayerFrame.path(player),
            () ->
                changes
                    .make(
                        request,
                        new AuthCommand.LiftBan(player),
                        "admin_unban_user",
                        "users/" + player.value(),
                        Map.of())
                    .map(_ -> ConsoleView.done(PlayerFrame.path(player), "player-unbanned")));
  }
}
