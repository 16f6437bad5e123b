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
 * The file that a player gets of himself: an object with a list for each section. Made piece by
 * piece, each of a bounded number of rows, so that it may be as long as it likes.
 */
final class DataExporter {
  private static final List<String> SECTIONS =
      List.of(
          "profile",
          "devices",
          "linked_providers",
          "bans",
          "sessions",
          "letters",
          "provider_sign_ins",
          "notifications",
          "notifications_sent",
          "lobbies",
          "chat_messages",
          "read_positions",
          "last_written",
          "matchmaking_tickets");

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

  ExportChunk nextChunk(ExportData asked) {
    ExportCursor place = asked.from();
    return place == null ? firstChunk(asked.player()) : readChunk(asked.player(), place);
  }

  private ExportChunk firstChunk(PlayerId player) {
    long waitMs = limits == null ? 0 : limits.attempt("export:" + player, LIMIT).await();
    if (waitMs > 0) {
      throw new Refused(new Refusal.Limited("too_many_exports", Duration.ofMillis(waitMs)));
    }
    ExportChunk profile = readChunk(player, new ExportCursor(0, null));
    return new ExportChunk(
        "{\"exported_at\":\"" + clock.instant() + "\"" + profile.json(), profile.next());
  }

  private ExportChunk readChunk(PlayerId player, ExportCursor place) {
    String section = SECTIONS.get(place.section());
    String after = place.after();
    Export.Part part = bus.ask(new Export(section, player, after)).await();
    String rows = part.rows().stream().map(JsonObject::encode).collect(Collectors.joining(",\n"));
    String begun = after == null ? ",\n\"" + section + "\":[" : rows.isEmpty() ? "" : ",\n";
    if (part.next() != null) {
      return new ExportChunk(begun + rows, new ExportCursor(place.section(), part.next()));
    }
    boolean last = place.section() == SECTIONS.size() - 1;
    return last
        ? new ExportChunk(begun + rows + "]}\n", null)
        : new ExportChunk(begun + rows + "]", new ExportCursor(place.section() + 1, null));
  }
}
