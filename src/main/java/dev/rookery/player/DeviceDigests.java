package dev.rookery.player;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keyed digests of device ids. A device id alone opens its player's account, so the database stores
 * its HMAC: a reader of the database can neither use it nor try ids without the node's secret.
 *
 * <p>Rows of earlier releases have the id itself. They sign in as before, and {@link
 * DeviceMigration} replaces the ids once no node of an earlier release is left; until then new rows
 * have both.
 */
public final class DeviceDigests {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PURPOSE = "rookery device ids 1";
  private static final int HINT_LENGTH = 4;

  private final SecretKeySpec key;
  private final List<SecretKeySpec> otherKeys;
  private volatile boolean keepsIds;

  /**
   * @param secret the secret of the server, from which the key is derived
   * @param otherSecrets those before, and during a rotation the next, whose digests sign in too
   */
  public DeviceDigests(String secret, List<String> otherSecrets) {
    this.key = derive(secret);
    this.otherKeys =
        otherSecrets.stream()
            .filter(other -> !other.equals(secret))
            .distinct()
            .map(DeviceDigests::derive)
            .toList();
  }

  private static SecretKeySpec derive(String secret) {
    var purpose = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    return new SecretKeySpec(mac(purpose, PURPOSE), ALGORITHM);
  }

  private static byte[] mac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, missing);
    }
  }

  private static String digest(SecretKeySpec key, String deviceId) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(mac(key, deviceId));
  }

  /** Whether new rows also have the device id itself, for nodes of earlier releases. */
  boolean keepsIds() {
    return keepsIds;
  }

  /** Sets whether nodes of earlier releases are alive, which find players by the id alone. */
  public void setKeepsIds(boolean earlierNodes) {
    keepsIds = earlierNodes;
  }

  Device device(String id) {
    return new Device(
        id,
        digest(key, id),
        otherKeys.stream().map(other -> digest(other, id)).toList(),
        hint(id),
        keepsIds ? id : null);
  }

  /** The first characters, which a player may see in the data export; null of a short id. */
  private static @Nullable String hint(String id) {
    return id.codePointCount(0, id.length()) < 2 * HINT_LENGTH
        ? null
        : id.substring(0, id.offsetByCodePoints(0, HINT_LENGTH));
  }

  /**
   * A device id as it is looked up and stored.
   *
   * @param otherDigests its digests with the other keys
   * @param hint stored beside the digest
   * @param storedId the id where it has to be stored too
   */
  record Device(
      String id,
      String digest,
      List<String> otherDigests,
      @Nullable String hint,
      @Nullable String storedId) {
    @Override
    public String toString() {
      return "Device";
    }
  }
}
