package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.SeededIds;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class IdsTest {
  private static final long NOON = 0x0198_7654_3210L;

  private final Ids ids = new SeededIds(1);

  @Test
  void anIdWithATimeIsAVersion7UuidThatBeginsWithIt() {
    String id = ids.uuidAt(NOON);

    assertThat(id).startsWith("01987654-3210-7");
    assertThat(UUID.fromString(id)).hasToString(id);
    assertThat(UUID.fromString(id).version()).isEqualTo(7);
  }

  @Test
  void idsWithATimeAreInItsOrderAndDifferent() {
    assertThat(ids.uuidAt(NOON)).isLessThan(ids.uuidAt(NOON + 1));
    assertThat(ids.uuidAt(NOON)).isNotEqualTo(ids.uuidAt(NOON));
  }
}
