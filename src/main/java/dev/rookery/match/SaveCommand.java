package dev.rookery.match;

import dev.rookery.bus.Command;
import dev.rookery.game.MatchSetup;
import java.util.List;

/**
 * Saved games (openturn contract, 2.7 and 5). What a wire stores is encrypted by it; this domain
 * does not look into it.
 */
public sealed interface SaveCommand<R> extends Command<R> {
  String ADDRESS = "match.save";

  /** Maximum size of a stored save. */
  int BYTES_MAX = 512 << 10;

  /** How many saves of a user are kept; a further one replaces their oldest. */
  int SAVES_MAX = 100;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * The whole match as it is stored now. {@code Missing("unknown_room")}, {@code
   * Conflict("room_not_started")}, {@code Conflict("replay_differs")}.
   */
  record Capture(String room) implements SaveCommand<CapturedMatch> {}

  /**
   * Stores a save and returns its id. {@code Invalid} {@code save} if it is larger than {@link
   * #BYTES_MAX}.
   */
  record StoreSave(String user, String gameKey, String gameVersion, byte[] content)
      implements SaveCommand<String> {}

  /** {@code Missing("unknown_save")}. */
  record Read(String id) implements SaveCommand<StoredSave> {}

  /**
   * Opens a room whose match goes on with a saved one, with the user as its host. {@code
   * Missing("unknown_game")}, {@code Limited("too_many_rooms")}, {@code Conflict("version")} if the
   * game has another version now, {@code Conflict("replay_differs")} if its log cannot be repeated.
   */
  record OpenRoom(String user, CapturedMatch match) implements SaveCommand<RoomInfo> {}

  /**
   * A match that can be continued elsewhere.
   *
   * @param checkpoint the whole state as JSON text, without the log
   * @param log the records of all accepted actions, as JSON texts
   */
  record CapturedMatch(
      String room,
      String gameKey,
      String gameVersion,
      String schemaVersion,
      MatchSetup setup,
      long revision,
      String checkpoint,
      List<String> log) {
    public CapturedMatch {
      log = List.copyOf(log);
    }
  }

  record StoredSave(
      String id, String gameKey, String gameVersion, String user, byte[] content, long createdMs) {}
}
