package dev.rookery.match;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.game.GameInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Management of the games in JavaScript that the cluster runs, by admins. */
public sealed interface GameCommand<R> extends Command<R> {
  String ADDRESS = "games";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Stores a version and makes it active. {@code Denied("game_rejected")} with the reason if the
   * script or the archive is unusable, which changes nothing; {@code Conflict("version_exists")} if
   * the version has another script or other files; {@code Conflict("too_many_versions")}, {@code
   * Conflict("too_many_games")}.
   *
   * @param archive ZIP archive of its static files; null for none
   */
  record Deploy(
      String gameKey,
      String version,
      String schemaVersion,
      String script,
      byte @Nullable [] archive)
      implements GameCommand<GameInfo> {}

  /**
   * Reads a static file of a version.
   *
   * @param gameKey null for the default game
   * @param version null for the active one
   */
  record ReadFile(@Nullable String gameKey, @Nullable String version, String path)
      implements GameCommand<Optional<StaticFile>> {}

  /** Lists the games for which rooms can be opened on this node, by key. */
  record ListPlayable() implements GameCommand<List<PlayableGame>> {}

  /**
   * New rooms start on a version from now on; rooms that exist keep theirs. A version that is part
   * of the server can be named too. {@code Missing("not_found")}.
   */
  record Activate(String gameKey, String version) implements GameCommand<Done> {}

  /**
   * Deletes a version. {@code Conflict("version_active")} while new rooms start on it, {@code
   * Conflict("version_in_use")} while there are rooms that are not closed, or there may be.
   */
  record Remove(String gameKey, String version) implements GameCommand<Done> {}

  /** Lists deployed versions, and what is wrong in the watched folder of this node. */
  record ListAll() implements GameCommand<GameListing> {}
}
