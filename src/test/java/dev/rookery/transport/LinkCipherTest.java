package dev.rookery.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The encryption of the connections between members. */
final class LinkCipherTest {
  private static final byte[] KEY = new byte[32];

  private final LinkCipher sender = new LinkCipher(KEY);
  private final LinkCipher receiver = new LinkCipher(KEY);

  @Test
  void carriesAnyAmountThroughSmallBuffers() throws GeneralSecurityException {
    byte[] sent = new byte[200_000];
    new Random(7).nextBytes(sent);
    ByteBuffer plain = ByteBuffer.wrap(sent);
    ByteBuffer wire = ByteBuffer.allocate(3 * LinkCipher.RECORD_MAX / 2);
    ByteBuffer received = ByteBuffer.allocate(sent.length);
    while (plain.hasRemaining()) {
      assertThat(sender.encrypt(plain, wire)).isTrue();
      sender.encrypt(plain, wire);
      wire.flip();
      while (LinkCipher.isComplete(wire)) {
        assertThat(receiver.decrypt(wire, received)).isTrue();
      }
      assertThat(wire.remaining()).isZero();
      wire.clear();
    }
    assertThat(received.array()).isEqualTo(sent);
  }

  @Test
  void waitsForRoomAndForTheRestOfARecord() throws GeneralSecurityException {
    ByteBuffer wire = record(100);
    assertThat(LinkCipher.isComplete(wire.slice(0, wire.limit() - 1))).isFalse();
    assertThat(LinkCipher.isComplete(wire.slice(0, 3))).isFalse();
    assertThat(receiver.decrypt(wire, ByteBuffer.allocate(99))).isFalse();
    assertThat(receiver.decrypt(wire, ByteBuffer.allocate(100))).isTrue();
    assertThat(sender.encrypt(ByteBuffer.allocate(9), ByteBuffer.allocate(LinkCipher.OVERHEAD)))
        .isFalse();
  }

  @Test
  void refusesRecordsThatWereChangedRepeatedOrLeftOut() throws GeneralSecurityException {
    ByteBuffer first = record(10);
    ByteBuffer second = record(10);
    assertThatThrownBy(
            () -> new LinkCipher(KEY).decrypt(second.duplicate(), ByteBuffer.allocate(99)))
        .isInstanceOf(GeneralSecurityException.class);
    for (int i = 0; i < first.limit(); i++) {
      ByteBuffer changed = ByteBuffer.allocate(first.limit()).put(first.duplicate()).flip();
      changed.put(i, (byte) (changed.get(i) ^ 1));
      assertThatThrownBy(
              () -> {
                if (!LinkCipher.isComplete(changed)) {
                  throw new GeneralSecurityException("incomplete");
                }
                new LinkCipher(KEY).decrypt(changed, ByteBuffer.allocate(99));
              })
          .as("byte %d", i)
          .isInstanceOf(GeneralSecurityException.class);
    }
    assertThat(receiver.decrypt(first.duplicate(), ByteBuffer.allocate(99))).isTrue();
    assertThatThrownBy(() -> receiver.decrypt(first.duplicate(), ByteBuffer.allocate(99)))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void refusesImpossibleLengths() {
    for (int length : new int[] {-1, 0, 16, LinkCipher.RECORD_MAX, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> LinkCipher.isComplete(ByteBuffer.allocate(9).putInt(0, length)))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  private ByteBuffer record(int length) throws GeneralSecurityException {
    ByteBuffer wire = ByteBuffer.allocate(length + LinkCipher.OVERHEAD);
    assertThat(sender.encrypt(ByteBuffer.allocate(length), wire)).isTrue();
    return wire.flip();
  }
}
