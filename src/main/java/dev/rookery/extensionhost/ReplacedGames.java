package dev.rookery.extensionhost;

import dev.rookery.extensionhost.ExtensionDeployment.State;
import dev.rookery.extensionhost.ExtensionGameStore.GameJar;
import dev.rookery.game.OfferedGame;
import dev.rookery.game.StoredGames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads versions of games that others have replaced, for the rooms that began with them. The jar is
 * started beside the version that takes calls, and stopped when it has given its games; what else
 * it offers serves nobody.
 */
final class ReplacedGames implements StoredGames {
  private static final Logger LOG = LoggerFactory.getLogger(ReplacedGames.class);
  private static final long RETRY_AFTER_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final ExtensionHost host;
  private final ExtensionStore store;
  private final ExtensionGameStore games;
  private final ExtensionFolder folder;
  private final ReentrantLock loading = new ReentrantLock();

  /** When a jar could not be loaded, so that not every command tries it again. */
  private final Map<String, Long> failed = new HashMap<>();

  /**
   * @param folder has the configuration of each extension
   */
  ReplacedGames(
      ExtensionHost host, ExtensionStore store, ExtensionGameStore games, ExtensionFolder folder) {
    this.host = host;
    this.store = store;
    this.games = games;
    this.folder = folder;
  }

  @Override
  public List<OfferedGame> load(String gameKey, String version) {
    GameJar jar = games.find(gameKey, version).orElse(null);
    if (jar == null || !isReplaced(jar)) {
      return List.of();
    }
    loading.lock();
    try {
      Long before = failed.get(jar.digest());
      return before != null && System.nanoTime() - before < RETRY_AFTER_NANOS
          ? List.of()
          : load(jar);
    } finally {
      loading.unlock();
    }
  }

  /** Not without a version that takes calls; and that one is not started twice. */
  private boolean isReplaced(GameJar jar) {
    List<ExtensionDeployment> current =
        store.current().stream().filter(each -> each.name().equals(jar.extension())).toList();
    return current.stream().anyMatch(each -> each.state() == State.ACTIVE)
        && current.stream().noneMatch(each -> each.digest().equals(jar.digest()));
  }

  private List<OfferedGame> load(GameJar stored) {
    String name = stored.extension();
    try {
      byte[] bytes =
          store
              .jars()
              .read(stored.digest())
              .orElseThrow(() -> new ExtensionException("the jar is not stored any more"));
      List<OfferedGame> loaded =
          host.loadGames(ExtensionJar.read(name, bytes), folder.config(name));
      failed.remove(stored.digest());
      LOG.info("a replaced version of extension {} is loaded for its rooms", name);
      return loaded;
    } catch (ExtensionException failure) {
      LOG.error(
          "a replaced version of extension {} cannot be loaded, its rooms sleep: {}",
          name,
          failure.getMessage());
      failed.put(stored.digest(), System.nanoTime());
      return List.of();
    }
  }

  @Override
  public List<StoredGame> replaced() {
    return games.replaced();
  }

  @Override
  public void forget(StoredGame game) {
    games.forget(game);
  }
}
