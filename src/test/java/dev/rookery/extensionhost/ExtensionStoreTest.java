package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
    assertThat(store.readJar(bad)).isEmpty();
    assertThat(store.readJar(good)).isPresent();
    decide(store, "game", "good", "fails now");
    assertThat(store.readJar(good)).isPresent();
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
    assertThat(store.readJar(shared)).isPresent();
    for (int i = 0; i < ExtensionStore.VERSIONS_KEPT; i++) {
      decide(store, "one", "later " + i, null);
    }
    assertThat(store.readJar(shared)).isEmpty();
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
    assertThat(store.readJar(first)).isPresent();
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
    assertThat(store.remove("extension", _ -> {})).isTrue();
    for (int i = 0; i < ExtensionStore.IDLE_JARS_KEPT; i++) {
      decide(store, "extension" + i, "version " + i, null);
      assertThat(store.readJar(oldest)).isPresent();
      assertThat(store.remove("extension" + i, _ -> {})).isTrue();
    }
    String running = decide(store, "other", "running", null);
    assertThat(store.readJar(oldest)).isEmpty();
    assertThat(store.readJar(running)).isPresent();
  }

  /** Saves a jar and decides its deployment; returns its digest. */
  private static String decide(
      ExtensionStore store, String name, String content, @Nullable String rejection) {
    byte[] jar = content.getBytes(StandardCharsets.UTF_8);
    String digest = ExtensionJar.digest(jar);
    store.saveJar(digest, jar);
    var begun = store.insert(name, content, digest, "upload", Duration.ofMinutes(1));
    assertThat(store.decide(begun, rejection)).isTrue();
    return digest;
  }
}
