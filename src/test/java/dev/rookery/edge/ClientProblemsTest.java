package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The refused requests that a node remembers. */
final class ClientProblemsTest {
  private final ManualClock clock = new ManualClock();
  private final ClientProblems problems = new ClientProblems(clock);

  private void add(String address, String path, String route, int status, String code) {
    clock.advance(Duration.ofMillis(1));
    problems.add(address, "GET", path, route, status, code);
  }

  @Test
  void keepsTheRouteOfARequestAndOnlyWithoutOneItsPath() {
    add("a", "/api/v1/users/7", "/api/v1/users/:id", 403, "forbidden");
    add("a", "/api/v1/nothing", "none", 404, null);
    add("a", "/api/v1/health", "/api/v1/health", 200, null);
    add("a", "/admin/users", "/admin/users", 403, null);

    assertThat(problems.latest(10))
        .extracting(ClientProblems.Problem::target)
        .containsExactly("/api/v1/nothing", "/api/v1/users/:id");
  }

  @Test
  void keepsNoCodesOfLinks() {
    add("a", "/users/log-in/2Hq0vT8yUuZkq7m5yW1cXnF3aB9dE6gJ4kL0pR2sT8U", "none", 429, null);

    assertThat(problems.latest(10))
        .extracting(ClientProblems.Problem::target)
        .containsExactly("/users/log-in/…");
  }

  @Test
  void keepsFewOfEachAddressAndOfTheLatestAddresses() {
    for (int i = 0; i < 3 * ClientProblems.PER_ADDRESS_MAX; i++) {
      add("loud", "/" + i, "none", 404, null);
    }
    assertThat(problems.latest(1_000)).hasSize(ClientProblems.PER_ADDRESS_MAX);

    for (int i = 0; i < ClientProblems.ADDRESSES_MAX; i++) {
      add("other " + i, "/x", "none", 404, null);
    }
    assertThat(problems.latest(1_000))
        .hasSize(ClientProblems.ADDRESSES_MAX)
        .noneMatch(problem -> problem.address().equals("loud"));
    assertThat(problems.latest(5)).hasSize(5);
  }

  @Test
  void forgetsThemAfterAWhile() {
    add("a", "/early", "none", 404, null);
    clock.advance(ClientProblems.KEPT_FOR.dividedBy(2));
    add("a", "/late", "none", 404, null);
    clock.advance(ClientProblems.KEPT_FOR.dividedBy(2).plusSeconds(1));
    assertThat(problems.latest(10))
        .extracting(ClientProblems.Problem::target)
        .containsExactly("/late");
    clock.advance(ClientProblems.KEPT_FOR);
    assertThat(problems.latest(10)).isEmpty();
  }
}
