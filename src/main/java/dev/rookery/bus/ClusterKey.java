package dev.rookery.bus;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * A key that the nodes of a cluster derive from a secret they share. It is bound to the name of the
 * cluster, so that two clusters with one secret do not accept each other.
 *
 * <p>Each use has a key of its own, derived by HKDF (RFC 5869) with a label; none of them tells
 * anything about another, nor about the secret. It is never printed.
 */
public final class ClusterKey {
  private static final String CONTEXT = "rookery cluster 1 ";
  private static final int FINGERPRINT_BYTES = 16;

  private final String secret;
  private final String cluster;
  private final String fingerprint;

  ClusterKey(String cluster, String secret) {
    this.cluster = cluster;
    this.secret = secret;
    this.fingerprint = HexFormat.of().formatHex(derive("fingerprint", FINGERPRINT_BYTES));
  }

  /** Identifies the key and does not reveal it: nodes compare their fingerprints. */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * Derives the key for one use.
   *
   * @param use a label; each use has its own
   * @param bytes the length of the result
   */
  public byte[] derive(String use, int bytes) {
    try {
      // Lengths first, so that no two pairs of label and name give the same input.
      String info = CONTEXT + use.length() + ' ' + use + ' ' + cluster;
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(secret.getBytes(StandardCharsets.UTF_8))
                  .addSalt(CONTEXT.getBytes(StandardCharsets.UTF_8))
                  .thenExpand(info.getBytes(StandardCharsets.UTF_8), bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HKDF-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "ClusterKey[" + fingerprint + "]";
  }
}
