package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.protocol.openturn.SaveDecodeException.Code;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The vectors of the contract. */
final class SaveEnvelopeTest {
  private static final String SECRET = "openturn-test-secret-0123456789";
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] NONCE = HEX.parseHex("000102030405060708090a0b");

  private static final String JSON =
      "{\"saveFormatVersion\":1,\"savedAt\":1700000000000,\"savedByUserID\":\"user_1\",\"roomIDOrigi"
          + "n\":\"room_123\",\"gameKey\":\"tic-tac-toe\",\"deploymentVersion\":\"dev\",\"schemaVersion\":\"1\","
          + "\"seed\":\"room_123:seed\",\"initialNow\":1700000000000,\"match\":{\"players\":[\"0\",\"1\"],\"host"
          + "PlayerID\":\"0\"},\"branch\":{\"branchID\":\"main\",\"createdAtActionID\":null,\"createdAtRevisi"
          + "on\":0,\"headActionID\":null,\"parentBranchID\":null},\"revision\":0,\"checkpoint\":{\"G\":{\"bo"
          + "ard\":[[null,null,null],[null,null,null],[null,null,null]]},\"meta\":{\"log\":[]}}}";
  private static final String FIRST =
      "T1RTVgEBAQEAAAAAAQIDBAUGBwgJCgtAnlW9kxe6Fzr2ArpWJAtTfTHI6G64bZuENYwKlKnrn62HaRuUjyUT"
          + "T0y20JOrUSUUgQveADaS+rBc/xx3gYrZEHHn2QbTpI/a+H2bZhCYun5u/h7AcjvyAT1ZjA28UGlYx+ZKHXg3"
          + "AsQA3gIGsNzW9vJ+K2qt/zVo1IBR/NeadxGX/FHXVSA6IvQjEzXBceOapS8pPOCeUMSSrn/5uvPIKV4ZMbnW"
          + "7MOqK7Vy/FkggBohCE5oYuL6VHGa645OECcHqyiDeGuWuC+lViItmwsvsLn2Y7jK18wDWxKnEJzBeo4REq61"
          + "jqnAVj/yhnAsWfLTUbdJKVC0L9s+AIGqqoftr6tHrN3u8Ff6i5F9lBb+tBCeP4qNHS1PIAdQjA==";
  private static final String SECOND =
      "T1RTVgEBAgEAAAAAAQIDBAUGBwgJCgvNvyOA/99z+bgojkZdDfKR7H6v5dlZwK+Tf8RccuSCab2wxYEQmwDm"
          + "RoNjT3lQmCvMwkGDJIocCdevj+QkLu3DZJncAo2HN1WdGTT0l3K32AiHpcul6FrgAmhRikHAbB3VgJfYsuuw"
          + "rzb4i3f3A4JDCt+jEue/baIyr8C3AqVvAw/0WNUpEusFOVZo7Thd2ycR11XLTjo393cMuW0QttwWiijUflza"
          + "4Z9qP6Ml5XNd5Rqxa+iY8zztal5M9BgTFMtXamFtbwI6ncodpNdWvMRJbNH4eMng/qbcm1b/lxYBxbHVD1BE"
          + "tdt6fuIlzbmK9oK2/IrEwhlvwPYMbzdFBfJAzSdEnIBgka/C1WmaUdJzUBb8kPRz4RoWqf0ER0gDlvzTxqHv"
          + "BWBv";
  private static final String PLAIN =
      "4f54535601010100000000000102030405060708090a0bbe2c67972142ecfdb750580142ea7e01a303b0"
          + "af45dd450474e2708f4bddb0b38a41141b0f83db1a44357892f9efd4baa55177f4f89f3b0172d9de6199"
          + "765b3a79";

  private static JsonObject second() {
    return new JsonObject(JSON)
        .put("savedByUserID", "użytkownik")
        .put("deploymentVersion", "v1.2.3");
  }

  @Test
  void derivesTheKeysOfTheContract() {
    assertThat(HEX.formatHex(SaveEnvelope.deriveKey(SECRET, "dev", 1).getEncoded()))
        .isEqualTo("d622953a6f63ddb52012a3d9177a2bac3b3a4790fd346b1e8f98b68a7fbc2778");
    assertThat(HEX.formatHex(SaveEnvelope.deriveKey(SECRET, "v1.2.3", 2).getEncoded()))
        .isEqualTo("644063f15189e9967be703d591aa946dd6a73c2d3a74a0f5ea36bde352b38ab5");
  }

  @Test
  void decodesTheSavesOfTheContract() throws SaveDecodeException {
    var decoder = Base64.getDecoder();
    assertThat(SaveEnvelope.decode(decoder.decode(FIRST), SECRET, "dev").encode()).isEqualTo(JSON);
    assertThat(SaveEnvelope.decode(decoder.decode(SECOND), SECRET, "v1.2.3")).isEqualTo(second());
    assertThat(SaveEnvelope.decode(HEX.parseHex(PLAIN), SECRET, "dev").encode())
        .isEqualTo("{\"saveFormatVersion\":1,\"deploymentVersion\":\"dev\"}");
  }

  @Test
  void decodesWhatItEncodes() throws SaveDecodeException {
    byte[] encoded = SaveEnvelope.encode(second(), SECRET, 2, NONCE);

    assertThat(SaveEnvelope.decode(encoded, SECRET, "v1.2.3")).isEqualTo(second());
    assertThat(Arrays.copyOf(encoded, 23))
        .isEqualTo(Arrays.copyOf(Base64.getDecoder().decode(SECOND), 23));
  }

  @Test
  void saysWhyASaveCannotBeDecoded() {
    byte[] plain = HEX.parseHex(PLAIN);
    assertThat(code(changed(plain, 0, 0))).isEqualTo(Code.MAGIC);
    assertThat(code(Arrays.copyOf(plain, 38))).isEqualTo(Code.MAGIC);
    assertThat(code(changed(changed(plain, 6, 0), 4, 2))).isEqualTo(Code.VERSION);
    assertThat(code(changed(plain, 5, 2))).isEqualTo(Code.VERSION);
    assertThat(code(changed(plain, 6, 0))).isEqualTo(Code.KEY);
    assertThat(code(changed(plain, 6, 2))).isEqualTo(Code.AUTH);
    assertThat(code(changed(plain, 7, 1))).isEqualTo(Code.AUTH);
    assertThat(code(changed(plain, 9, 1))).isEqualTo(Code.AUTH);
    var otherFormat = new JsonObject(JSON).put("saveFormatVersion", 2);
    assertThat(code(SaveEnvelope.encode(otherFormat, SECRET, 1, NONCE))).isEqualTo(Code.VERSION);
  }

  @Test
  void refusesAKeyIdOrNonceThatIsNone() {
    var payload = new JsonObject(JSON);
    assertThatThrownBy(() -> SaveEnvelope.encode(payload, SECRET, 0, NONCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SaveEnvelope.encode(payload, SECRET, 256, NONCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SaveEnvelope.encode(payload, SECRET, 1, new byte[11]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] changed(byte[] save, int index, int value) {
    byte[] copy = save.clone();
    copy[index] = (byte) value;
    return copy;
  }

  private static Code code(byte[] save) {
    try {
      throw new AssertionError(SaveEnvelope.decode(save, SECRET, "dev").encode());
    } catch (SaveDecodeException refused) {
      return refused.code();
    }
  }
}
