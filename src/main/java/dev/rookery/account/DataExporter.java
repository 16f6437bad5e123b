package dev.rookery.account;

import dev.rookery.account.AccountCommand.ExportChunk;
import dev.rookery.account.AccountCommand.ExportCursor;
import dev.rookery.account.AccountCommand.ExportData;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cache.SharedCounters;
import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.player.Export;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds the JSON file of a player's data export: an object with one array per section. It is read
 * in chunks of at most {@link Export#ROWS_MAX} rows, so a file of any length uses bounded memory.
 */
final class DataExporter {
  private static final List<String> SECTIONS =
      List.of(
          "profile",
          "devices",
          "linked_providers",
          "bans",
          "console",
          "sessions",
          "letters",
          "provider_sign_ins",
          "notifications",
          "notifications_sent",
          "muted_notifications",
          "personal_mutes",
          "friendships",
          "groups",
          "group_invites",
          "party",
          "party_invites",
          "lobbies",
          "chat_messages",
          "read_positions",
          "last_written",
          "chat_reports",
          "chat_cases",
          "chat_mutes",
          "achievements",
          "stored_objects",
          "matches",
          "game_profiles",
          "matchmaking_tickets",
          "leaderboard_records");

  private static final BackOff LIMIT =
      new BackOff(3, Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(1));

  private final Bus bus;
  private final InstantSource clock;
  private final @Nullable SharedCounters limits;

  DataExporter(Bus bus, InstantSource clock, @Nullable SharedCounters limits) {
    this.bus = bus;
    this.clock = clock;
    this.limits = limits;
  }

  ExportChunk nextChunk(ExportData command) {
    ExportCursor cursor = command.from();
    return cursor == null ? firstChunk(command.player()) : readChunk(command.player(), cursor);
  }

  private ExportChunk firstChunk(PlayerId player) {
    long waitMs = limits == null ? 0 : limits.tryAttempt("export:" + player, LIMIT).await();
    if (waitMs > 0) {
      throw new Refused(new Refusal.Limited("too_many_exports", Duration.ofMillis(waitMs)));
    }
    ExportChunk profile = readChunk(player, new ExportCursor(0, null));
    return new ExportChunk(
        "{\"exported_at\":\"" + clock.instant() + "\"" + profile.json(), profile.next());
  }

  private ExportChunk readChunk(PlayerId player, ExportCursor cursor) {
    String section = SECTIONS.get(cursor.section());
    String after = cursor.after();
    Export.Part part = bus.ask(new Export(section, player, after)).await();
    String rows = part.rows().stream().map(JsonObject::encode).collect(Collectors.joining(",\n"));
    String opening = after == null ? ",\n\"" + section + "\":[" : rows.isEmpty() ? "" : ",\n";
    if (part.next() != null) {
      return new ExportChunk(opening + rows, new ExportCursor(cursor.section(), part.next()));
    }
    boolean last = cursor.section() == SECTIONS.size() - 1;
    return last
        ? new ExportChunk(opening + rows + "]}\n", null)
        : new ExportChunk(opening + rows + "]", new ExportCursor(cursor.section() + 1, null));
  }
}
