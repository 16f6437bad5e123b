package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.game.Game;
import dev.rookery.game.GameInfo;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.StoredGames;
import dev.rookery.game.StoredGames.StoredGame;
import dev.rookery.store.Transaction;
import dev.rookery.testkit.TestStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which jars and deployments are kept. */
final class ExtensionStoreTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void deletesTheJarOfARejectedDeployment(TestStore database) {
    var store = new ExtensionStore(database.database());
    String good = decide(store, "game", "good", null);
    String bad = decide(store, "game", "bad", "fails");
    assertThat(store.jars().read(bad)).isEmpty();
    assertThat(store.jars().read(good)).isPresent();
    decide(store, "game", "good", "fails now");
    assertThat(store.jars().read(good)).isPresent();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsAJarThatAnotherExtensionCanBeRolledBackTo(TestStore database) {
    var store = new ExtensionStore(database.database());
    String shared = decide(store, "one", "shared", null);
    decide(store, "one", "next", null);
    decide(store, "two", "shared", null);
    for (int i = 0; i < ExtensionStore.VERSIONS_KEPT; i++) {
      decide(store, "two", "version " + i, null);
    }
    assertThat(store.jars().read(shared)).isPresent();
    for (int i = 0; i < ExtensionStore.VERSIONS_KEPT; i++) {
      decide(store, "one", "later " + i, null);
    }
    assertThat(store.jars().read(shared)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void canBeRolledBackAfterManyRejectedDeployments(TestStore database) {
    var store = new ExtensionStore(database.database());
    String first = decide(store, "game", "first", null);
    String second = decide(store, "game", "second", null);
    for (int i = 0; i < 60; i++) {
      decide(store, "game", "bad " + i, "fails");
    }
    assertThat(store.usable("game"))
        .extracting(ExtensionDeployment::digest)
        .containsExactly(second, first);
    assertThat(store.jars().read(first)).isPresent();
    long rows =
        database
            .database()
            .read("SELECT COUNT(*) AS n FROM extension_deployment")
            .row(0)
            .number("n");
    assertThat(rows).isEqualTo(52);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void boundsTheJarsThatNoNodeRuns(TestStore database) {
    var store = new ExtensionStore(database.database());
    String oldest = decide(store, "extension", "oldest", null);
    store.remove("extension", _ -> {});
    for (int i = 0; i < ExtensionJarStore.IDLE_KEPT; i++) {
      decide(store, "extension" + i, "version " + i, null);
      assertThat(store.jars().read(oldest)).isPresent();
      store.remove("extension" + i, _ -> {});
    }
    String running = decide(store, "other", "running", null);
    assertThat(store.jars().read(oldest)).isEmpty();
    assertThat(store.jars().read(running)).isPresent();
  }

  /** A game that nobody plays. */
  private record Named(GameInfo info) implements Game {
    static List<Game> version(String version) {
      return List.of(new Named(new GameInfo("sums", version, "1", List.of("0", "1"), 2)));
    }

    @Override
    public GameSession start(MatchSetup setup) {
      throw new IllegalStateException("nobody plays it");
    }

    @Override
    public GameSession restore(MatchSetup setup, String state) {
      throw new IllegalStateException("nobody plays it");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsTheJarOfAGameUntilNoRoomPlaysIt(TestStore database) {
    var store = new ExtensionStore(database.database());
    var games = new ExtensionGameStore(database.database(), database.clock());
    var first = new StoredGame("sums", "first");
    String jar = decide(store, "game", "first", null);
    games.activated("game", jar, Named.version("first"));
    for (int i = 0; i < ExtensionStore.VERSIONS_KEPT; i++) {
      String next = decide(store, "game", "version " + i, null);
      games.activated("game", next, Named.version("version " + i));
    }
    assertThat(games.replaced()).isEmpty();
    database.clock().advance(Duration.ofMinutes(2));
    assertThat(games.replaced()).hasSize(ExtensionStore.VERSIONS_KEPT).contains(first);
    assertThat(store.jars().read(jar)).isPresent();
    assertThat(games.find("sums", "first")).contains(new ExtensionGameStore.GameJar("game", jar));

    games.forget(first);

    assertThat(games.find("sums", "first")).isEmpty();
    decide(store, "game", "last", null);
    assertThat(store.jars().read(jar)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void boundsTheReplacedVersionsOfAGame(TestStore database) {
    var games = new ExtensionGameStore(database.database(), database.clock());
    for (int i = 0; i <= StoredGames.REPLACED_MAX + 1; i++) {
      games.activated("game", "jar " + i, Named.version("version " + i));
      database.clock().advance(Duration.ofMinutes(2));
    }
    String last = "version " + (StoredGames.REPLACED_MAX + 1);

    assertThat(games.replaced())
        .hasSize(StoredGames.REPLACED_MAX)
        .doesNotContain(new StoredGame("sums", "version 0"), new StoredGame("sums", last));
    games.forget(new StoredGame("sums", last));
    assertThat(games.find("sums", last)).as("rooms start on it").isPresent();
    database.database().write(tx -> removed(tx, "game"));
    database.clock().advance(Duration.ofMinutes(2));
    assertThat(games.replaced()).contains(new StoredGame("sums", last));
  }

  private static boolean removed(Transaction tx, String extension) {
    ExtensionGameStore.removed(tx, extension);
    return true;
  }

  /** Saves a jar and decides its deployment; returns its digest. */
  private static String decide(
      ExtensionStore store, String name, String content, @Nullable String rejection) {
    byte[] jar = content.getBytes(StandardCharsets.UTF_8);
    String digest = ExtensionJar.digest(jar);
    store.jars().save(digest, jar);
    var begun = store.insert(name, content, digest, "upload", Duration.ofMinutes(1));
    assertThat(store.decide(begun, rejection)).isTrue();
    return digest;
  }
}
