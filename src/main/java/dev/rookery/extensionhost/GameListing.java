package dev.rookery.extensionhost;

import dev.rookery.game.Game;
import dev.rookery.game.OfferedGame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/** The games of all versions that are loaded on this node, and who hears when they are others. */
final class GameListing {
  private final Set<ExtensionInstance> instances;
  private final ActiveVersions active;
  private final ReentrantLock telling = new ReentrantLock();
  private volatile BiConsumer<Set<String>, List<OfferedGame>> listener = (_, _) -> {};

  /**
   * @param instances all versions that are loaded; may change at any time
   */
  GameListing(Set<ExtensionInstance> instances, ActiveVersions active) {
    this.instances = instances;
    this.active = active;
  }

  /**
   * Checks that the games of a version belong to no other extension.
   *
   * @throws ExtensionException if one does
   */
  void requireFreeKeys(ExtensionInstance instance) throws ExtensionException {
    for (Game game : instance.games().all()) {
      String key = game.info().gameKey();
      for (ExtensionInstance other : instances) {
        boolean taken =
            !other.jar().name().equals(instance.jar().name())
                && other.games().all().stream().anyMatch(each -> each.info().gameKey().equals(key));
        if (taken) {
          throw new ExtensionException(
              "the game " + key + " belongs to the extension " + other.jar().name());
        }
      }
    }
  }

  /**
   * @param told as in {@link ExtensionHost#onGames}
   */
  void setListener(BiConsumer<Set<String>, List<OfferedGame>> told) {
    listener = told;
  }

  /** Tells the listener what there is now; of two changes it hears of the later one last. */
  void tell() {
    telling.lock();
    try {
      var extensions = new HashSet<String>();
      var games = new ArrayList<OfferedGame>();
      for (ExtensionInstance instance : instances) {
        String name = instance.jar().name();
        boolean serving = active.find(name) == instance;
        if (serving) {
          extensions.add(name);
        }
        instance.games().all().forEach(game -> games.add(new OfferedGame(name, game, serving)));
      }
      listener.accept(extensions, games);
    } finally {
      telling.unlock();
    }
  }
}
