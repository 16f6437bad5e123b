package dev.rookery.game;

import java.util.List;

/**
 * The versions of games of extensions that are stored with their jars, because rooms may have begun
 * with them. Thread-safe; blocks.
 */
public interface StoredGames {
  /** How many versions of a game that others have replaced are kept, at most. */
  int REPLACED_MAX = 20;

  /** None at all. */
  StoredGames NONE =
      new StoredGames() {
        @Override
        public List<OfferedGame> load(String gameKey, String version) {
          return List.of();
        }

        @Override
        public List<StoredGame> replaced() {
          return List.of();
        }

        @Override
        public void forget(StoredGame game) {}
      };

  /** Names a version of a game. */
  record StoredGame(String gameKey, String version) {}

  /**
   * Loads a version that another one has replaced, with the other games of its jar. Empty if it is
   * not stored, cannot be loaded, or its extension was removed.
   */
  List<OfferedGame> load(String gameKey, String version);

  /** The versions on which no node starts rooms any more. */
  List<StoredGame> replaced();

  /** No room uses a version any more. */
  void forget(StoredGame game);
}
