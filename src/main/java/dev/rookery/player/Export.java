package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a section of a player's data export. Each domain serves its own sections, each at the
 * {@link #address} of its name, so no domain reads the tables of another.
 *
 * <p>A row contains all stored data of the player except what could be used to sign in: no password
 * hash, no token, no device id.
 *
 * @param after the end of the previous part; null for the first
 */
public record Export(String section, PlayerId player, @Nullable String after)
    implements Command<Export.Part> {
  /** The maximum number of rows in a part. */
  public static final int ROWS_MAX = 100;

  /** Returns the bus address of a section. */
  public static String address(String section) {
    return "export/" + section;
  }

  @Override
  public String address() {
    return address(section);
  }

  /** Returns the last id of the previous part, for sections that are read in the order of ids. */
  public long afterId() {
    return after == null ? 0 : Long.parseLong(after);
  }

  /** Formats a time in ISO 8601; null for null or 0. */
  public static @Nullable String time(@Nullable Long ms) {
    return ms == null || ms == 0 ? null : Instant.ofEpochMilli(ms).toString();
  }

  /**
   * Rows of a section.
   *
   * @param next where the next part begins; null for the last part
   */
  public record Part(List<JsonObject> rows, @Nullable String next) {
    public Part {
      rows = List.copyOf(rows);
    }

    /** Creates the only part of a section that is always small. */
    public static Part whole(List<JsonObject> rows) {
      return new Part(rows, null);
    }

    /** Creates a part from rows that were read with {@link #ROWS_MAX} as the limit. */
    public static Part of(List<JsonObject> rows, Function<JsonObject, Object> key) {
      boolean more = rows.size() == ROWS_MAX;
      return new Part(rows, more ? key.apply(rows.getLast()).toString() : null);
    }
  }
}
