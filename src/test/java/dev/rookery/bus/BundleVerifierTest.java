package dev.rookery.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Signing and verifying messages between nodes. */
final class BundleVerifierTest {
  private static final String ADDRESS = "fanout/3";
  private static final Buffer CONTENT = Buffer.buffer("an event");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ClusterKeys keys = ClusterKeys.derive("one", "a secret", List.of());
  private final BundleSigner signer = signer(keys);
  private final BundleVerifier verifier = verifier(keys);

  @Test
  void opensWhatAnAcceptedKeySigned() {
    assertThat(verifier.open(signer.sign(ADDRESS, CONTENT))).isEqualTo(CONTENT);
    assertThat(verifier.open(signer.sign(ADDRESS, Buffer.buffer()))).isEqualTo(Buffer.buffer());

    var next = ClusterKeys.derive("one", "the next secret", List.of("a secret"));
    var before = ClusterKeys.derive("one", "a secret", List.of("the next secret"));
    assertThat(verifier(before).open(signer(next).sign(ADDRESS, CONTENT))).isEqualTo(CONTENT);
    assertThat(verifier(next).open(signer(before).sign(ADDRESS, CONTENT))).isEqualTo(CONTENT);
    assertThat(verifier.open(signer(next).sign(ADDRESS, CONTENT))).isNull();
  }

  @Test
  void refusesTheKeyOfAClusterWithAnotherName() {
    var other = ClusterKeys.derive("two", "a secret", List.of());

    assertThat(verifier.open(signer(other).sign(ADDRESS, CONTENT))).isNull();
    assertThat(refused("mac")).isEqualTo(1);
  }

  @Test
  void refusesAMessageWithAnyByteChangedOrMissing() {
    Buffer message = signer.sign(ADDRESS, CONTENT);
    for (int i = 0; i < message.length(); i++) {
      Buffer changed = message.copy().setByte(i, (byte) (message.getByte(i) ^ 1));
      assertThat(verifier.open(changed)).as("byte %d", i).isNull();
      assertThat(verifier.open(message.getBuffer(0, i))).as("%d bytes", i).isNull();
    }
    assertThat(verifier.open("text")).isNull();
    assertThat(verifier.open(message)).isEqualTo(CONTENT);
  }

  @Test
  void refusesAMessageOfAnotherAddress() {
    assertThat(verifier.open(signer.sign("fanout/4", CONTENT))).isNull();
  }

  @Test
  void acceptsOvertakingMessagesOnceAndNoVeryLateOnes() {
    List<Buffer> messages =
        IntStream.rangeClosed(0, 3 * ReplayWindow.SIZE)
            .mapToObj(_ -> signer.sign(ADDRESS, CONTENT))
            .toList();
    for (int i = 100; i >= 1; i--) {
      assertThat(verifier.open(messages.get(i))).isNotNull();
      assertThat(verifier.open(messages.get(i))).isNull();
    }
    assertThat(verifier.open(messages.get(2 * ReplayWindow.SIZE))).isNotNull();
    assertThat(verifier.open(messages.get(ReplayWindow.SIZE + 1))).isNotNull();
    assertThat(verifier.open(messages.get(ReplayWindow.SIZE))).isNull();
    assertThat(verifier.open(messages.get(0))).isNull();
    assertThat(verifier.open(messages.get(3 * ReplayWindow.SIZE))).isNotNull();
    assertThat(verifier.open(messages.get(2 * ReplayWindow.SIZE))).isNull();
    assertThat(refused("replay")).isEqualTo(103);
  }

  @Test
  void countsEachSenderByItself() {
    assertThat(verifier.open(signer.sign(ADDRESS, CONTENT))).isNotNull();
    assertThat(verifier.open(signer(keys).sign(ADDRESS, CONTENT))).isNotNull();
  }

  private double refused(String reason) {
    return meters.counter("rookery.cluster.messages.refused", "reason", reason).count();
  }

  private static BundleSigner signer(ClusterKeys keys) {
    return new BundleSigner(keys.current(), new SecureRandom());
  }

  private BundleVerifier verifier(ClusterKeys accepted) {
    return new BundleVerifier(
        ADDRESS,
        accepted.accepted().stream().map(BundleMac::new).toList(),
        new BundleRefusals(meters));
  }
}
