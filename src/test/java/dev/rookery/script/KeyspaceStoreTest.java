package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.script.KeyspaceStore.LogRow;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of a keyspace's log, on both databases. */
final class KeyspaceStoreTest {
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void refusesAnotherRowWithANumberThatIsTaken(TestStore store) {
    var member = TestClusterMember.join(store, "ann", () -> 7);
    Lease lease = member.leases().acquire("keyspace/test").orElseThrow();
    var keyspace = new KeyspaceStore(store.database(), "test");
    keyspace.append(lease, row("first"));
    keyspace.append(lease, row("first"));

    assertThatThrownBy(() -> keyspace.append(lease, row("other")))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal().code()).isEqualTo(Leases.NOT_OWNER));
    assertThat(keyspace.logAfter(0))
        .extracting(LogRow::content)
        .containsExactly(row("first").content());
    member.membership().leave();
  }

  private static LogRow row(String content) {
    return new LogRow(1, content.getBytes(StandardCharsets.UTF_8));
  }
}
