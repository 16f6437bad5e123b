package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.game.TicTacToe;
import dev.rookery.game.script.ScriptEngine;
import dev.rookery.game.script.ScriptLimits;
import dev.rookery.loadtest.JavaScriptGame;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deployed games on several nodes of one database. */
final class GameDeploymentsTest {
  private static final String KEY = "my-game";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void staticFilesFollowTheirVersion(Databases.TestDatabase database) throws Exception {
    try (var store = TestStore.open(database);
        var engine = new ScriptEngine(ScriptLimits.DEFAULTS, new SimpleMeterRegistry())) {
      var first = node(store, engine);
      var second = node(store, engine);
      // In several parts.
      byte[] large = new byte[1 << 20];
      new Random(7).nextBytes(large);
      var page = new GameFile("index.html", new byte[] {'1'});
      storeFileOfDeletedVersion(store, "1", page);
      first.deploy(deploy("1"), List.of(new GameFile("assets/data.bin", large), page));
      assertThat(second.readFile(KEY, "1", "index.html")).isEmpty();

      second.follow();

      assertThat(second.readFile(KEY, "1", "assets/data.bin").orElseThrow().content())
          .isEqualTo(large);
      assertThat(second.readFile(KEY, null, "index.html").orElseThrow().content())
          .isEqualTo(page.content());
      var third = node(store, engine);
      third.follow();
      assertThat(readAtOnce(third, "assets/data.bin")).as("read once").hasSize(1);
      first.deploy(deploy("2"), List.of(new GameFile("index.html", new byte[] {'2'})));
      second.follow();
      assertThat(second.readFile(KEY, null, "index.html").orElseThrow().content())
          .containsOnly('2');
      assertThat(second.readFile(KEY, "1", "index.html")).isPresent();

      store.clock().advance(Duration.ofMinutes(1));
      first.remove(KEY, "1");
      second.follow();
      assertThat(second.readFile(KEY, "1", "index.html")).isEmpty();
      assertThat(new GameFileStore(store.database()).digests(KEY, "1")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void oneOfTheVersionsThatAreDeployedAtOnceIsActive(TestStore store) throws Exception {
    var games = new GameStore(store.database());
    List<Callable<Boolean>> deployments =
        IntStream.range(0, 8).mapToObj(i -> deployment(games, "1." + i / 2)).toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var deployed : threads.invokeAll(deployments)) {
        deployed.get();
      }
    }
    assertThat(games.all()).hasSize(4);
    assertThat(games.all().stream().filter(GameVersion::active)).hasSize(1);
  }

  private static Callable<Boolean> deployment(GameStore games, String version) {
    return () -> {
      games.deploy(new GameVersion(KEY, version, "1", "", null, true, 0), version, List.of());
      return true;
    };
  }

  /** As a node leaves it that deletes a version and does not know of static files. */
  private static void storeFileOfDeletedVersion(TestStore store, String version, GameFile file) {
    store
        .database()
        .write(
            tx -> {
              GameFileStore.insert(tx, KEY, version, file);
              return true;
            });
  }

  /** The arrays that several threads get. */
  private static Set<byte[]> readAtOnce(GameDeployments node, String path) throws Exception {
    Set<byte[]> contents = Collections.newSetFromMap(new IdentityHashMap<>());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<byte[]> read = () -> node.readFile(KEY, "1", path).orElseThrow().content();
      for (var content : threads.invokeAll(Collections.nCopies(20, read))) {
        contents.add(content.get());
      }
    }
    return contents;
  }

  private static GameDeployments node(TestStore store, ScriptEngine engine) {
    return new GameDeployments(store.database(), engine, new Games(List.of(TicTacToe.game())));
  }

  private static GameCommand.Deploy deploy(String version) {
    return new GameCommand.Deploy(KEY, version, "1", JavaScriptGame.ticTacToe(), null);
  }
}
