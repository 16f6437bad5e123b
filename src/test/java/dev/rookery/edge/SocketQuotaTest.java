package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How many sockets of console pages may be open. */
final class SocketQuotaTest {
  private static final PlayerId ANN = new PlayerId(1);
  private static final PlayerId BOB = new PlayerId(2);

  @Test
  void limitsTheSocketsOfOneAdmin() {
    var quota = new SocketQuota(10, 2);
    var first = Objects.requireNonNull(quota.reserve(ANN));
    assertThat(quota.reserve(ANN)).isNotNull();
    assertThat(quota.reserve(ANN)).isNull();
    assertThat(quota.reserve(BOB)).isNotNull();
    first.release();
    assertThat(quota.reserve(ANN)).isNotNull();
  }

  @Test
  void limitsTheSocketsOfAll() {
    var quota = new SocketQuota(2, 2);
    var first = Objects.requireNonNull(quota.reserve(ANN));
    assertThat(quota.isFull()).isFalse();
    assertThat(quota.reserve(BOB)).isNotNull();
    assertThat(quota.isFull()).isTrue();
    assertThat(quota.reserve(ANN)).isNull();
    first.release();
    first.release();
    assertThat(quota.reserve(ANN)).isNotNull();
    assertThat(quota.reserve(ANN)).isNull();
  }
}
