package dev.rookery.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OfferFilterTest {
  private static final String SESSION = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
  private static final String DATA =
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n";

  private static String candidate(String address) {
    return "a=candidate:1 1 udp 2122194687 " + address + " 43547 typ host\r\n";
  }

  @Test
  void keepsADescriptionOfDataChannels() {
    String sdp = SESSION + DATA + candidate("192.0.2.2") + candidate("fd00::2");
    assertThat(OfferFilter.filter(sdp)).isEqualTo(sdp);
  }

  @Test
  void dropsCandidatesThatWouldBeLookedUpAndThoseThatAreTooMany() {
    String sdp = SESSION + DATA;
    assertThat(OfferFilter.filter(sdp + candidate("evil.example") + candidate("a.local")))
        .isEqualTo(sdp);
    assertThat(OfferFilter.filter(sdp + candidate("192.0.2.2").repeat(100)))
        .isEqualTo(sdp + candidate("192.0.2.2").repeat(OfferFilter.CANDIDATES_MAX));
    assertThat(OfferFilter.hasAddress("candidate:1 1 udp 1 face 9 typ host")).isFalse();
    assertThat(OfferFilter.hasAddress("candidate:1")).isFalse();
    assertThat(OfferFilter.hasAddress("")).isFalse();
  }

  @Test
  void refusesOtherDescriptions() {
    assertThat(OfferFilter.filter("")).isNull();
    assertThat(OfferFilter.filter(SESSION)).isNull();
    assertThat(OfferFilter.filter(SESSION + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")).isNull();
    assertThat(OfferFilter.filter(SESSION + DATA + DATA)).isNull();
    assertThat(OfferFilter.filter(SESSION + DATA + "a=x\r\n".repeat(20_000))).isNull();
  }
}
