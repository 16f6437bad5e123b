package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a domain keeps of a player, for himself. Every domain serves sections of its own, each at
 * the {@link #address} of its name, and nobody reads the tables of another. A row has all that is
 * kept of him but what opens something: no password, no hash, no token, no device id.
 *
 * @param after where the part before ended; null for the first
 */
public record Export(String section, PlayerId player, @Nullable String after)
    implements Command<Export.Part> {
  /** So many rows a part has at most. */
  public static final int ROWS_MAX = 100;

  public static String address(String section) {
    return "export/" + section;
  }

  @Override
  public String address() {
    return address(section);
  }

  /** For sections that are read in the order of ids: the last one of the part before. */
  public long afterId() {
    return after == null ? 0 : Long.parseLong(after);
  }

  /** A time as exports have it. */
  public static @Nullable String time(@Nullable Long ms) {
    return ms == null || ms == 0 ? null : Instant.ofEpochMilli(ms).toString();
  }

  /**
   * Rows of a section, and where the next part begins.
   *
   * @param next null for the last part
   */
  public record Part(List<JsonObject> rows, @Nullable String next) {
    public Part {
      rows = List.copyOf(rows);
    }

    /** Of a section that is small by its nature. */
    public static Part whole(List<JsonObject> rows) {
      return new Part(rows, null);
    }

    /** Of one that was read with {@link #ROWS_MAX} as its limit. */
    public static Part of(List<JsonObject> rows, Function<JsonObject, Object> key) {
      boolean more = rows.size() == ROWS_MAX;
      return new Part(rows, more ? key.apply(rows.getLast()).toString() : null);
    }
  }
}
