package dev.rookery.match;

import dev.rookery.game.Game;
import dev.rookery.game.OfferedGame;
import dev.rookery.game.StoredGames;
import dev.rookery.match.Games.Version;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The games in Java of extensions. A version that another one has replaced is kept for the rooms
 * that began with it, at most {@link StoredGames#REPLACED_MAX} of a game; when an extension is
 * removed its games go with it. Reading takes no lock.
 */
final class ExtensionGames {
  private volatile Map<String, Game> active = Map.of();
  private volatile Map<Version, Game> loaded = Map.of();

  /** Versions on which rooms may have begun, and that are still loaded. */
  private final Map<Version, OfferedGame> begun = new HashMap<>();

  /** Such versions of which nothing but the game is left, oldest first. */
  private final LinkedHashMap<Version, OfferedGame> replaced = new LinkedHashMap<>();

  /**
   * From now on extensions have these games.
   *
   * @param extensions those that take calls
   */
  synchronized void set(Set<String> extensions, List<OfferedGame> games) {
    var present = new HashMap<Version, Game>();
    var nowActive = new HashMap<String, Game>();
    for (OfferedGame each : games) {
      Version version = Version.of(each.game());
      // Of two instances of the same version the one that takes calls counts.
      if (each.active() || !present.containsKey(version)) {
        present.put(version, each.game());
      }
      replaced.remove(version);
      if (each.active()) {
        nowActive.put(version.gameKey(), each.game());
        begun.put(version, each);
      }
    }
    begun.forEach(
        (version, game) -> {
          if (!present.containsKey(version)) {
            keep(version, game);
          }
        });
    begun.keySet().retainAll(present.keySet());
    replaced.values().removeIf(game -> !extensions.contains(game.extension()));
    replaced.forEach((version, game) -> present.put(version, game.game()));
    loaded = Map.copyOf(present);
    active = Map.copyOf(nowActive);
  }

  private void keep(Version version, OfferedGame game) {
    replaced.put(version, game);
    List<Version> ofGame =
        replaced.keySet().stream()
            .filter(each -> each.gameKey().equals(version.gameKey()))
            .toList();
    if (ofGame.size() > StoredGames.REPLACED_MAX) {
      replaced.remove(ofGame.getFirst());
    }
  }

  /** Keeps replaced versions that were loaded again for their rooms. */
  synchronized void keep(List<OfferedGame> games) {
    var present = new HashMap<>(loaded);
    for (OfferedGame each : games) {
      Version version = Version.of(each.game());
      if (present.putIfAbsent(version, each.game()) == null) {
        keep(version, each);
      }
    }
    loaded = Map.copyOf(present);
  }

  /** Versions that were replaced and are kept for their rooms. */
  synchronized List<Version> replaced() {
    return List.copyOf(replaced.keySet());
  }

  /** Forgets a version that no room uses any more. */
  synchronized void forget(Version version) {
    if (replaced.remove(version) != null) {
      var present = new HashMap<>(loaded);
      present.remove(version);
      loaded = Map.copyOf(present);
    }
  }

  /** The versions on which new rooms start, by the keys of their games. */
  Map<String, Game> active() {
    return active;
  }

  /** The versions that are loaded, first those on which new rooms start; some occur twice. */
  Stream<String> versions() {
    return Stream.concat(active.values().stream(), loaded.values().stream())
        .map(game -> game.info().deploymentVersion());
  }

  @Nullable Game find(Version version) {
    return loaded.get(version);
  }
}
