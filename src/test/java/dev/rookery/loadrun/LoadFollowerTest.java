package dev.rookery.loadrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Database;
import dev.rookery.testkit.TestStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the process of a run prints as rows, on both databases. */
final class LoadFollowerTest {
  private static final String SECOND =
      """
      {"answered":4,"errors":0,"requests_per_second":4,"p99_ms":1.5,"players":[5,6]}\
      """;

  private static final String RESULT =
      """
      {"answered":9,"errors":0,"players":[7],\
      "result":{"unit":"calls","per_second":3.5,"p50_ms":1.0,"p99_ms":2.0}}\
      """;

  private final LoadStore runs = new LoadStore();

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void storesTheResultWithThePlayersOfItsLine(TestStore store) throws Exception {
    LoadRun run = running(store.database());

    assertThat(follow(store.database(), run, SECOND, RESULT)).isEqualTo("done");

    LoadRun followed = runs.find(store.database(), run.id()).orElseThrow();
    assertThat(followed.perSecond()).isEqualTo(3.5);
    assertThat(followed.answered()).isEqualTo(9);
    assertThat(players(store.database(), run)).containsExactly(5L, 6L, 7L);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void storesThePlayersOfARunThatFailed(TestStore store) throws Exception {
    LoadRun run = running(store.database());

    assertThat(follow(store.database(), run, SECOND, "failed: the server is away"))
        .isEqualTo("generator_ended");

    LoadRun followed = runs.find(store.database(), run.id()).orElseThrow();
    assertThat(followed.problem()).isEqualTo("failed: the server is away");
    assertThat(players(store.database(), run)).containsExactly(5L, 6L);
  }

  private LoadRun running(Database database) {
    var plan =
        new LoadPlan(LoadScenario.ME, "one", 3, Duration.ZERO, Duration.ofSeconds(10), 1_000, true);
    long id =
        database.write(
            tx -> {
              long inserted = runs.insert(tx, plan, new PlayerId(1)).orElseThrow();
              assertThat(runs.claim(tx, inserted)).isTrue();
              return inserted;
            });
    return runs.find(database, id).orElseThrow();
  }

  /** Follows a process that prints these lines and ends. */
  private String follow(Database database, LoadRun run, String... lines)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", "printf '%s\\n' \"$@\"", "sh"));
    command.addAll(List.of(lines));
    var follower = new LoadFollower(database, runs, Map::of, run);
    try (var process = GeneratorProcess.start(command)) {
      String outcome = follower.follow(process, () -> false);
      process.end();
      follower.finish(process);
      return outcome;
    }
  }

  private List<Long> players(Database database, LoadRun run) {
    return runs.players(database, run.id(), 10).stream().map(PlayerId::value).toList();
  }
}
