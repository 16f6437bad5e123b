package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.chat.ModerationCommand;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The form that mutes a player for a time. */
final class MuteForm {
  private static final String TIME = "time";
  private static final String REASON = "reason";
  private static final String FOR_EVER = "for ever";
  private static final Map<String, Duration> TIMES = times();

  private final Changes changes;
  private final InstantSource clock;

  MuteForm(Changes changes, InstantSource clock) {
    this.changes = changes;
    this.clock = clock;
  }

  private static Map<String, Duration> times() {
    var times = new LinkedHashMap<String, Duration>();
    times.put("1 hour", Duration.ofHours(1));
    times.put("1 day", Duration.ofDays(1));
    times.put("7 days", Duration.ofDays(7));
    times.put("30 days", Duration.ofDays(30));
    return times;
  }

  private static List<FormView.Field> fields() {
    var options = new ArrayList<>(TIMES.keySet());
    options.add(FOR_EVER);
    return List.of(
        FormView.Field.select(TIME, "For", "1 day", options),
        FormView.Field.of(REASON, "Reason", "text", "")
            .hinted("For admins; the player is not told.")
            .needed());
  }

  FormView view(String action) {
    return new FormView(action, "", fields(), "Mute the player", 1, "", List.of());
  }

  /**
   * Mutes the player, or shows the form again.
   *
   * @param closes whether all open cases of the player are closed with it
   */
  Future<ConsoleView> submit(
      ConsoleRequest request,
      PlayerId player,
      boolean closes,
      String action,
      Function<FormView, ConsoleView> page,
      ConsoleView done) {
    return new EditForm(request, "", fields())
        .submit(view(action), page, typed -> confirm(request, player, closes, typed, done));
  }

  private Future<ConsoleView> confirm(
      ConsoleRequest request, PlayerId player, boolean closes, EditForm typed, ConsoleView done) {
    String time = typed.value(TIME);
    Duration length = TIMES.get(time);
    if (length == null && !time.equals(FOR_EVER)) {
      throw Refused.invalid(TIME, "is none of the choices");
    }
    String reason = typed.value(REASON);
    if (reason.isBlank()) {
      throw Refused.invalid(REASON, "can't be blank");
    }
    @Nullable Long until = length == null ? null : Long.valueOf(clock.millis() + length.toMillis());
    String named = "player " + player;
    return Confirmation.level1(
            "Mute " + named + "?",
            (until == null ? "For ever, or until an admin lifts it" : "For " + time)
                + ", they can write no message anywhere.",
            "Mute " + named)
        .ask(
            request,
            "/admin/users/" + player,
            done,
            () ->
                changes.make(
                    request,
                    new ModerationCommand.Mute(
                        request.admin().player(), player, reason, until, closes),
                    "admin_mute_user",
                    "users/" + player,
                    Changes.values("until", until, REASON, reason)));
  }
}
