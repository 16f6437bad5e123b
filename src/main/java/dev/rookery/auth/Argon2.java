package dev.rookery.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Computes and verifies Argon2id hashes in the PHC string format, {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. Each hash carries its own parameters, so the defaults
 * can be raised without changing stored hashes.
 */
final class Argon2 {
  static final int SALT_BYTES = 16;

  private static final int LANES = 1;
  private static final int HASH_BYTES = 32;
  private static final int VERSION = Argon2Parameters.ARGON2_VERSION_13;

  // Each hashing thread reuses its memory: allocating 19 MiB per hash would cause long garbage
  // collections. The generator clears the blocks before it uses them; a block is 1 KiB.
  private static final int EXTRA_BLOCKS = 16;
  private static final ThreadLocal<FixedBlockPool> BLOCKS =
      ThreadLocal.withInitial(
          () -> new FixedBlockPool(PasswordCost.RECOMMENDED.memoryKib() + EXTRA_BLOCKS));

  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=(\\d{1,3})\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]{8,128})\\$([A-Za-z0-9+/]{8,128})");

  private Argon2() {}

  static String hash(String password, byte[] salt, PasswordCost cost) {
    return phc(
        salt,
        cost,
        compute(password, salt, VERSION, cost.memoryKib(), cost.passes(), LANES, HASH_BYTES));
  }

  /**
   * Returns a hash that no known password matches and that costs as much to verify as a hash of
   * this cost.
   */
  static String unmatchable(byte[] salt, byte[] random, PasswordCost cost) {
    return phc(salt, cost, Arrays.copyOf(random, HASH_BYTES));
  }

  private static String phc(byte[] salt, PasswordCost cost, byte[] hash) {
    var base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            VERSION,
            cost.memoryKib(),
            cost.passes(),
            LANES,
            base64.encodeToString(salt),
            base64.encodeToString(hash));
  }

  /**
   * Returns whether the password matches the hash; false if the text is not a valid PHC string.
   * Takes equally long for right and wrong passwords.
   */
  static boolean matches(String password, String phc) {
    Matcher parts = PHC.matcher(phc);
    if (!parts.matches()) {
      return false;
    }
    byte[] expected = Base64.getDecoder().decode(parts.group(6));
    byte[] computed =
        compute(
            password,
            Base64.getDecoder().decode(parts.group(5)),
            Integer.parseInt(parts.group(1)),
            Integer.parseInt(parts.group(2)),
            Integer.parseInt(parts.group(3)),
            Integer.parseInt(parts.group(4)),
            expected.length);
    return MessageDigest.isEqual(expected, computed);
  }

  private static byte[] compute(
      String password, byte[] salt, int version, int memory, int passes, int lanes, int bytes) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(version)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .withBlockPool(BLOCKS.get())
            .build());
    byte[] hash = new byte[bytes];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}
