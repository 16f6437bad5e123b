package dev.rookery.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

final class NativeMemoryTest {
  private static final long ALLOCATED = 64 << 20;

  @Test
  void countsWhatIsAllocatedOutsideTheHeap() {
    assertThat(NativeMemory.isKnown()).isTrue();
    long before = NativeMemory.allocatedBytes();
    try (var arena = Arena.ofConfined()) {
      arena.allocate(ALLOCATED);
      assertThat(NativeMemory.allocatedBytes() - before).isGreaterThan(ALLOCATED / 2);
    }
    assertThat(NativeMemory.allocatedBytes() - before).isLessThan(ALLOCATED / 2);
  }
}
