package dev.rookery.storage;

import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * In whose name a command is carried out.
 *
 * @param player null for the server itself
 * @param admin whether everything may be read and written
 */
public record Asker(@Nullable PlayerId player, boolean admin) {
  /** The server itself, which may do everything. */
  public static final Asker SERVER = new Asker(null, true);
}
