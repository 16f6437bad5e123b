package dev.rookery.party;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PartyGaugeTest {
  private static final String INSERT =
      """
      INSERT INTO party
        (leader_id, max_size, metadata, members, revision, created_ms, updated_ms, closed_ms)
      VALUES ($1, 4, '{}', 1, 1, 1, 1, $2)
      """;

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void countsOpenPartiesOnOneNode(TestStore store) {
    store
        .database()
        .write(
            tx -> {
              tx.run(INSERT, 1L, null);
              tx.run(INSERT, 2L, null);
              tx.run(INSERT, 3L, 5L);
              return null;
            });
    var member = TestClusterMember.join(store, "node");
    assertThat(store.meters().find("rookery.parties.open").gauge()).isNull();

    PartyGauge.schedule(member.scheduler(), store.database());

    Eventually.holds(() -> store.meters().get("rookery.parties.open").gauge().value() == 2);
  }
}
