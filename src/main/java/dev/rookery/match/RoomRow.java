package dev.rookery.match;

import dev.rookery.game.MatchSetup;
import org.jspecify.annotations.Nullable;

/**
 * A room as stored.
 *
 * @param initialNow null until the match has started
 * @param startSetup of a match that goes on with a saved one; null for a new match
 * @param config JSON text: the options of the game; null if it has none
 * @param profiles JSON text: the profiles at the start of the match, by player; null before it
 * @param wake when the room needs its owner again; null for never
 * @param requests as {@link RoomRequests} has them; null for none
 */
record RoomRow(
    String room,
    String gameKey,
    String gameVersion,
    String hostUser,
    Phase phase,
    int targetCapacity,
    String seed,
    @Nullable Long initialNow,
    long revision,
    long actions,
    @Nullable String startSetup,
    @Nullable String config,
    @Nullable String profiles,
    @Nullable Long wake,
    @Nullable String requests) {
  /** A new room. */
  static RoomRow opened(String room, LobbyRules lobby, String seed) {
    return new RoomRow(
        room,
        lobby.game().gameKey(),
        lobby.game().deploymentVersion(),
        lobby.hostUser(),
        lobby.phase(),
        lobby.targetCapacity(),
        seed,
        null,
        0,
        0,
        null,
        lobby.config(),
        null,
        null,
        null);
  }

  /** The same room with its match begun. */
  RoomRow begun(Start start) {
    return with(start, revision, actions, startSetup);
  }

  /** The same room with another match, or with none. */
  RoomRow restarted(Start start) {
    return with(start, 0, 0, null);
  }

  private RoomRow with(
      Start start, long nowRevision, long nowActions, @Nullable String nowStartSetup) {
    return new RoomRow(
        room,
        gameKey,
        gameVersion,
        hostUser,
        start.phase,
        targetCapacity,
        start.seed,
        start.initialNow,
        nowRevision,
        nowActions,
        nowStartSetup,
        config,
        start.profiles,
        start.wake,
        requests);
  }

  /** The room, with a match that goes on with a saved one. */
  RoomRow continuing(String savedSeed, String setup, long savedRevision, long savedActions) {
    return new RoomRow(
        room,
        gameKey,
        gameVersion,
        hostUser,
        phase,
        targetCapacity,
        savedSeed,
        initialNow,
        savedRevision,
        savedActions,
        setup,
        config,
        profiles,
        wake,
        requests);
  }

  /** What the match was started with. */
  MatchSetup setup(LobbyRules lobby) {
    return StartSetup.of(this, lobby, initialNow == null ? 0 : initialNow);
  }

  /** What a room begins a match with, or offers its seats again with; as in {@link RoomRow}. */
  record Start(
      Phase phase,
      String seed,
      @Nullable Long initialNow,
      @Nullable String profiles,
      @Nullable Long wake) {}
}
