package dev.rookery.game;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What players see of a match at one moment; every text is JSON.
 *
 * @param derived who may act, and what the game shows beside its state
 * @param position the node, its path and the number of the turn
 * @param result {@code null} as long as the match goes on
 * @param publicView what spectators see
 * @param views what each player sees, by player
 */
public record Snapshot(
    String derived, String position, String result, String publicView, Map<String, String> views) {
  private static final String NONE = "null";

  // Quotation marks within a text of JSON are escaped, so this is the name of a field, or a value.
  private static final String DEADLINE = "\"deadline\"";
  private static final String NO_VALUE = ":null";

  public Snapshot {
    views = Map.copyOf(views);
  }

  public boolean hasResult() {
    return !result.equals(NONE);
  }

  /** The players who may act now. */
  public List<String> activePlayers() {
    var active = new JsonObject(derived).getJsonArray("activePlayers");
    return active == null ? List.of() : active.stream().map(Objects::toString).toList();
  }

  /**
   * When {@link GameSession#fireTimeout} is due, in milliseconds since the epoch; null if never.
   */
  public @Nullable Long deadline() {
    if (!hasDeadline()) {
      return null;
    }
    var control = new JsonObject(derived).getJsonObject("controlMeta");
    Number at = control == null ? null : control.getNumber("deadline");
    return at == null ? null : (Long) (long) Math.ceil(at.doubleValue());
  }

  /** Whether there may be one: most games have none, and their texts need not be parsed for it. */
  private boolean hasDeadline() {
    for (int at = derived.indexOf(DEADLINE); at >= 0; at = derived.indexOf(DEADLINE, at + 1)) {
      if (!derived.startsWith(NO_VALUE, at + DEADLINE.length())) {
        return true;
      }
    }
    return false;
  }
}
