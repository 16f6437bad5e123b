package dev.rookery.protocol.console;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.Permission;
import dev.rookery.notification.NotificationCommand;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the list of players offers to do with all that match. */
final class PlayerOffers {
  private static final String AREA = "users";
  private static final String THINGS = "players";
  private static final String REASON = "reason";
  private static final String HOURS = "hours";
  private static final String UNTIL = "until";
  private static final String TITLE = "title";
  private static final String CONTENT = "content";
  private static final int HOURS_MAX = 24 * 3_650;

  /** How long what cannot be taken back can be cancelled before it begins. */
  private static final Duration DELAY = Duration.ofSeconds(60);

  private PlayerOffers() {}

  static BulkOffer[] all(InstantSource clock) {
    return new BulkOffer[] {ban(clock), unban(), endSessions(), send(), delete()};
  }

  private static BulkOffer ban(InstantSource clock) {
    return BulkOffer.of(
            "Ban",
            THINGS,
            "They are signed out everywhere and cannot sign in.",
            new BulkAction(
                Permission.PLAYERS_BAN,
                "admin_ban_user",
                AREA,
                false,
                (player, admin, input, _) ->
                    new AccountCommand.Ban(
                        new PlayerId(player),
                        admin,
                        String.valueOf(input.get(REASON)),
                        input.get(UNTIL) instanceof Number until ? until.longValue() : null)))
        .asking(
            List.of(
                FormView.Field.of(REASON, "Reason, shown to the players", "text", "").needed(),
                FormView.Field.of(HOURS, "For how many hours", "number", "24")
                    .hinted("Empty for a permanent ban. Moderators ban for at most 30 days.")),
            given -> banInput(given, clock));
  }

  private static Map<String, Object> banInput(UnaryOperator<String> given, InstantSource clock) {
    String typed = given.apply(HOURS).strip();
    @Nullable Long hours = typed.isEmpty() ? null : SearchQuery.parse(typed);
    if (hours == null && !typed.isEmpty()) {
      throw Refused.invalid(HOURS, "is not a number");
    }
    if (hours != null && (hours < 1 || hours > HOURS_MAX)) {
      throw Refused.invalid(HOURS, "must be from 1 to " + HOURS_MAX);
    }
    var input = new HashMap<String, Object>();
    input.put(REASON, needed(given, REASON));
    if (hours != null) {
      input.put(UNTIL, clock.millis() + Duration.ofHours(hours).toMillis());
    }
    return input;
  }

  private static String needed(UnaryOperator<String> given, String field) {
    String text = given.apply(field);
    if (text.isBlank()) {
      throw Refused.invalid(field, "can't be blank");
    }
    return text;
  }

  private static BulkOffer unban() {
    return BulkOffer.of(
        "Unban",
        THINGS,
        "They can sign in again.",
        new BulkAction(
            Permission.PLAYERS_BAN,
            "admin_unban_user",
            AREA,
            false,
            (player, _, _, _) -> new AuthCommand.LiftBan(new PlayerId(player))));
  }

  private static BulkOffer endSessions() {
    return BulkOffer.of(
        "Sign out",
        THINGS,
        "All their sessions end on all nodes, and their sockets close.",
        new BulkAction(
            Permission.SESSIONS_END,
            "admin_delete_user_sessions",
            AREA,
            false,
            (player, _, _, _) -> new AuthCommand.SignOutAll(new PlayerId(player), null)));
  }

  private static BulkOffer send() {
    return BulkOffer.of(
            "Notify",
            THINGS,
            "They see it at once, as a notification from you.",
            new BulkAction(
                Permission.NOTIFICATIONS_BROADCAST,
                "admin_create_notification",
                AREA,
                false,
                (player, admin, input, key) ->
                    new NotificationCommand.Create(
                        admin,
                        admin,
                        new PlayerId(player),
                        String.valueOf(input.get(TITLE)),
                        String.valueOf(input.get(CONTENT)),
                        Map.of(),
                        key)))
        .asking(
            List.of(
                FormView.Field.of(TITLE, "Title", "text", "").needed(),
                FormView.Field.of(CONTENT, "Content", "textarea", "")),
            given -> Map.of(TITLE, needed(given, TITLE), CONTENT, given.apply(CONTENT)))
        .delayed(DELAY);
  }

  private static BulkOffer delete() {
    return BulkOffer.of(
            "Delete",
            THINGS,
            "The accounts and everything stored about the players are deleted. This cannot be"
                + " undone.",
            new BulkAction(
                Permission.PLAYERS_DELETE,
                "admin_delete_user",
                AREA,
                true,
                (player, _, _, _) -> new AccountCommand.Delete(new PlayerId(player))))
        .delayed(DELAY);
  }
}
