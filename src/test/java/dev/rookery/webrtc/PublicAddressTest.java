package dev.rookery.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PublicAddressTest {
  private static final String HOST =
      "candidate:992159161 1 udp 2122194687 10.0.0.2 43547 typ host generation 0 ufrag U+pW";

  @Test
  void replacesTheAddressOfAnInterface() {
    assertThat(PublicAddress.replace(HOST, "203.0.113.9"))
        .isEqualTo(HOST.replace("10.0.0.2", "203.0.113.9"));
  }

  @Test
  void leavesOtherCandidatesAlone() {
    assertThat(PublicAddress.replace(HOST, null)).isEqualTo(HOST);
    for (String other :
        new String[] {
          HOST.replace("10.0.0.2", "fd00::2"), HOST.replace("typ host", "typ srflx"), "candidate:1"
        }) {
      assertThat(PublicAddress.replace(other, "203.0.113.9")).isEqualTo(other);
    }
  }
}
