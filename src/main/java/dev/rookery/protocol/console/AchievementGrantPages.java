package dev.rookery.protocol.console;

import dev.rookery.achievement.Achievement;
import dev.rookery.achievement.AchievementCommand;
import dev.rookery.base.AchievementId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.List;

/** Grants an achievement to a player, or takes it away, with forms on its page. */
final class AchievementGrantPages implements ConsoleSection {
  private static final String ONE = AchievementListPages.PATH + "/:id";
  private static final String USER = "user_id";
  private static final String REVOKED_USER = "revoke_user_id";
  private static final String AMOUNT = "amount";

  private final Bus bus;
  private final Changes changes;

  AchievementGrantPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.action(ONE + "/grant", Permission.ACHIEVEMENTS_GRANT, this::grant);
    console.action(ONE + "/revoke", Permission.ACHIEVEMENTS_GRANT, this::revoke);
    console.message("achievement-granted", "The progress of the player was saved.");
    console.message("achievement-revoked", "The achievement was taken from the player.");
  }

  private static String path(AchievementId achievement) {
    return AchievementListPages.PATH + "/" + achievement.value();
  }

  /** The forms, for those who may use them. */
  static List<Section> sections(ConsoleRequest request, Achievement achievement) {
    return request.may(Permission.ACHIEVEMENTS_GRANT)
        ? List.of(
            Section.form("grant", "Grant", grantForm(achievement))
                .withNote("Without an amount the achievement is unlocked."),
            Section.form("revoke", "Take it away", revokeForm(achievement)))
        : List.of();
  }

  private static FormView grantForm(Achievement achievement) {
    return new FormView(
        path(achievement.id()) + "/grant",
        "",
        List.of(
            FormView.Field.of(USER, "Id of the player", "number", "").needed(),
            FormView.Field.of(AMOUNT, "Progress to add", "number", "")),
        "Grant",
        0,
        "",
        List.of());
  }

  private static FormView revokeForm(Achievement achievement) {
    return new FormView(
        path(achievement.id()) + "/revoke",
        "",
        List.of(FormView.Field.of(REVOKED_USER, "Id of the player", "number", "").needed()),
        "Take it away",
        1,
        "",
        List.of());
  }

  private Future<ConsoleView> grant(ConsoleRequest request) {
    Long player = SearchQuery.parse(request.field(USER).strip());
    Long amount = SearchQuery.parse(request.field(AMOUNT).strip());
    if (player == null) {
      throw Refused.invalid(USER, "is not the number of a player");
    }
    if (amount == null && !request.field(AMOUNT).isBlank()) {
      throw Refused.invalid(AMOUNT, "is not a number");
    }
    return bus.ask(new AchievementCommand.FindDefinition(id(request)))
        .compose(
            found -> {
              Achievement achievement = found.achievement();
              Command<?> command =
                  amount == null
                      ? new AchievementCommand.Unlock(
                          new PlayerId(player), achievement.slug(), request.admin().player(), null)
                      : new AchievementCommand.Increment(
                          new PlayerId(player),
                          achievement.slug(),
                          amount,
                          request.admin().player(),
                          null);
              return changes
                  .make(
                      request,
                      command,
                      amount == null ? "admin_grant_achievement" : "admin_increment_achievement",
                      "users/" + player,
                      Changes.values("slug", achievement.slug(), AMOUNT, amount))
                  .map(_ -> ConsoleView.done(path(achievement.id()), "achievement-granted"));
            });
  }

  private Future<ConsoleView> revoke(ConsoleRequest request) {
    Long player = SearchQuery.parse(request.field(REVOKED_USER).strip());
    if (player == null) {
      throw Refused.invalid(USER, "is not the number of a player");
    }
    AchievementId id = id(request);
    String path = path(id);
    return Confirmation.level1(
            "Take the achievement away?",
            "Player " + player + " loses the progress, too.",
            "Take it away")
        .ask(
            request,
            path,
            ConsoleView.done(path, "achievement-revoked"),
            () ->
                changes.make(
                    request,
                    new AchievementCommand.Revoke(new PlayerId(player), id),
                    "admin_revoke_achievement",
                    "users/" + player,
                    Changes.values("achievement_id", id.value())));
  }

  private static AchievementId id(ConsoleRequest request) {
    return new AchievementId(request.id("id"));
  }
}
