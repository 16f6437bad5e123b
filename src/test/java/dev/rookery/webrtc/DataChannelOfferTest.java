package dev.rookery.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DataChannelOfferTest {
  private static final String SESSION = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
  private static final String FINGERPRINT = "a=fingerprint:sha-256 " + "AB:".repeat(31) + "CD\r\n";
  private static final String MEDIA =
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n";
  private static final String ICE = "a=ice-ufrag:4ZcD\r\na=ice-pwd:2/1muCWoOi3uLifh0NuRHlIC\r\n";
  private static final String REST =
      "a=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n"
          + "a=ice-options:trickle\r\n";
  private static final String WRITTEN =
      SESSION + "a=group:BUNDLE 0\r\n" + MEDIA + ICE + FINGERPRINT + REST;

  private static String candidate(String address) {
    return "a=candidate:1 1 udp 2122194687 " + address + " 43547 typ host\r\n";
  }

  @Test
  void keepsAnOfferOfDataChannels() {
    String sdp = WRITTEN + candidate("192.0.2.2") + candidate("fd00:0:0:0:0:0:0:2");
    assertThat(DataChannelOffer.rewrite(sdp)).isEqualTo(sdp);
    assertThat(DataChannelOffer.rewrite(sdp.replace("\r\n", "\n"))).isEqualTo(sdp);
  }

  @Test
  void keepsWhatIsSaidForTheWholeSession() {
    String bundle = "a=group:BUNDLE 0\r\n";
    assertThat(DataChannelOffer.rewrite(SESSION + bundle + FINGERPRINT + ICE + MEDIA + REST))
        .isEqualTo(WRITTEN);
  }

  @Test
  void groupsOnlyWhatTheClientHasGrouped() {
    String alone = WRITTEN.replace("a=group:BUNDLE 0\r\n", "");
    assertThat(DataChannelOffer.rewrite(alone)).isEqualTo(alone);
    assertThat(DataChannelOffer.rewrite(WRITTEN.replace("BUNDLE 0", "BUNDLE 1"))).isEqualTo(alone);
    assertThat(DataChannelOffer.rewrite(WRITTEN.replace("BUNDLE 0", "LS 0"))).isEqualTo(alone);
  }

  @Test
  void keepsThatTheClientLeavesTheChoiceOfCandidatesToTheServer() {
    String lite = WRITTEN.replace("BUNDLE 0\r\n", "BUNDLE 0\r\na=ice-lite\r\n");
    assertThat(DataChannelOffer.rewrite(lite)).isEqualTo(lite);
  }

  @Test
  void choosesOneOfSeveralFingerprints() {
    String sha1 = "a=fingerprint:sha-1 " + "12:".repeat(19) + "34\r\n";
    String sha512 = "a=fingerprint:SHA-512 " + "56:".repeat(63) + "78\r\n";
    assertThat(
            DataChannelOffer.rewrite(
                WRITTEN.replace(FINGERPRINT, sha1 + FINGERPRINT + sha512 + sha1)))
        .isEqualTo(WRITTEN);
    assertThat(DataChannelOffer.rewrite(WRITTEN.replace(FINGERPRINT, sha1 + sha512)))
        .isEqualTo(WRITTEN.replace(FINGERPRINT, sha512));
    assertThat(DataChannelOffer.rewrite(SESSION + sha512 + MEDIA + ICE + sha1 + REST))
        .contains(sha1)
        .doesNotContain(sha512);
  }

  @Test
  void keepsOffersInTheFormBefore() {
    String sdp =
        WRITTEN
            .replace("UDP/DTLS/SCTP webrtc-datachannel", "DTLS/SCTP 5000")
            .replace("sctp-port:5000", "sctpmap:5000 webrtc-datachannel 1024");
    assertThat(DataChannelOffer.rewrite(sdp)).isEqualTo(sdp);
  }

  @Test
  void dropsWhatIsNotUsed() {
    String others =
        "a=msid-semantic: WMS %n%s\r\na=%n%s%n\r\nx=%n\r\na=end-of-candidates\r\n\0\r\n";
    assertThat(DataChannelOffer.rewrite(WRITTEN + others)).isEqualTo(WRITTEN);
    assertThat(DataChannelOffer.rewrite(WRITTEN.replace("o=- 1", "o=%n%s") + others))
        .isEqualTo(WRITTEN);
  }

  @Test
  void dropsCandidatesThatWouldBeLookedUpAndThoseThatAreTooMany() {
    assertThat(DataChannelOffer.rewrite(WRITTEN + candidate("evil.example") + candidate("a.local")))
        .isEqualTo(WRITTEN);
    assertThat(DataChannelOffer.rewrite(WRITTEN + candidate("192.0.2.2").repeat(100)))
        .isEqualTo(WRITTEN + candidate("192.0.2.2").repeat(DataChannelOffer.CANDIDATES_MAX));
  }

  @Test
  void refusesOtherDescriptions() {
    assertThat(DataChannelOffer.rewrite("")).isNull();
    assertThat(DataChannelOffer.rewrite(SESSION)).isNull();
    assertThat(DataChannelOffer.rewrite(SESSION + MEDIA + REST)).isNull();
    assertThat(DataChannelOffer.rewrite(SESSION + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")).isNull();
    assertThat(DataChannelOffer.rewrite(WRITTEN + MEDIA)).isNull();
    assertThat(DataChannelOffer.rewrite(WRITTEN + "a=x\r\n".repeat(20_000))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ice-ufrag:%n%s",
        "ice-pwd:%n",
        "fingerprint:sha-256 %n",
        "setup:%s",
        "mid:%n",
        "mid:",
        "sctp-port:-1",
        "sctpmap:%n",
        "max-message-size:1e9",
        "mid",
        "ice-ufrag:\u00e9\u00e9\u00e9\u00e9"
      })
  void refusesValuesOfAnotherForm(String attribute) {
    assertThat(DataChannelOffer.rewrite(WRITTEN + "a=" + attribute + "\r\n")).isNull();
  }

  @Test
  void writesCandidatesAnew() {
    assertThat(
            CandidateText.rewrite(
                "candidate:842163049 1 UDP 1677729535 2001:db8::1 3478 typ srflx raddr 0.0.0.0"
                    + " rport 0 generation 0 ufrag 4ZcD network-cost 999"))
        .isEqualTo("candidate:842163049 1 udp 1677729535 2001:db8:0:0:0:0:0:1 3478 typ srflx");
    assertThat(
            CandidateText.rewrite(
                "candidate:1 1 tcp 1518280447 192.0.2.2 9 typ host tcptype active generation 0"))
        .isEqualTo("candidate:1 1 tcp 1518280447 192.0.2.2 9 typ host tcptype active");
  }

  @Test
  void readsLinesOfCandidatesAndExtensionsOfAnyForm() {
    String written = "candidate:1 1 udp 1 192.0.2.2 9 typ host";
    assertThat(CandidateText.rewrite("a=" + written + "\r\n")).isEqualTo(written);
    assertThat(CandidateText.rewrite(written + " generation 0 end ")).isEqualTo(written);
    assertThat(
            DataChannelOffer.rewrite((WRITTEN + candidate("192.0.2.2")).replace("\r\n", " \r\n")))
        .isEqualTo(WRITTEN + candidate("192.0.2.2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "candidate:1",
        "candidate:1 1 udp 1 face 9 typ host",
        "candidate:1 1 udp 1 1 9 typ host",
        "candidate:1 1 udp 1 192.0.2.999 9 typ host",
        "candidate:1 1 udp 1 fe80::1%n 9 typ host",
        "candidate:%n%s 1 udp 1 192.0.2.2 9 typ host",
        "candidate:1 1 udp 4294967296 192.0.2.2 9 typ host",
        "candidate:1 1 udp 1 192.0.2.2 65536 typ host",
        "candidate:1 1 udp 1 192.0.2.2 9 typ %n",
        "candidate:1 1 udp 1 192.0.2.2 9 typ host\r\na=x"
      })
  void refusesOtherCandidates(String candidate) {
    assertThat(CandidateText.rewrite(candidate)).isNull();
  }
}
