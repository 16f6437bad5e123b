package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The first player of a new installation becomes admin, on several nodes at once. */
final class FirstPlayerTest {
  private static final Duration YEAR = Duration.ofDays(365);

  @Test
  void concurrentFirstPlayersOnSeveralNodesYieldOneAdmin() {
    for (int round = 0; round < 5; round++) {
      try (var store = TestStore.open(Databases.postgres());
          var other = store.openSecondNode();
          var one = new AuthNode(store, 2 * round, 100, YEAR);
          var two = new AuthNode(other, 2 * round + 1, 100, YEAR)) {
        var all = new ArrayList<Future<?>>();
        for (int i = 0; i < 40; i++) {
          AuthNode node = i % 2 == 0 ? one : two;
          String name = "player " + i;
          AuthCommand<?> command =
              i % 10 == 9
                  ? new AuthCommand.Register(
                      i + "@example.org", "correct horse", null, name, null, AuthNode.CLIENT)
                  : new AuthCommand.SignInByDevice(name, AuthNode.CLIENT);
          all.add(node.bus().bus().ask(command));
        }
        TestBus.await(Future.all(all));

        assertThat(
                store
                    .database()
                    .read("SELECT COUNT(*) AS n FROM player WHERE admin = 1")
                    .row(0)
                    .number("n"))
            .isEqualTo(1);
      }
    }
  }
}
