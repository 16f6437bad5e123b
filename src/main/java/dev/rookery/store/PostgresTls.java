package dev.rookery.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How connections to PostgreSQL are encrypted, in the words of libpq.
 *
 * <p>Where {@code rootCert} is given, the server's certificate is checked against it in every mode,
 * so that {@link Mode#REQUIRE} with it is {@link Mode#VERIFY_CA}. The server's name is checked in
 * {@link Mode#VERIFY_FULL} alone. Unlike libpq, no files of the home directory are read. A Unix
 * socket is never encrypted.
 *
 * @param rootCert a PEM file with the certificates of the authorities to trust, or {@link #SYSTEM};
 *     null to trust any
 * @param cert a PEM file with the certificate that this node shows, or null
 * @param key a PEM file with the private key of that certificate, or null
 */
public record PostgresTls(
    Mode mode, @Nullable String rootCert, @Nullable String cert, @Nullable String key) {
  /** In place of a file: the authorities that the Java runtime trusts. */
  public static final String SYSTEM = "system";

  public static final PostgresTls DISABLE = new PostgresTls(Mode.DISABLE, null, null, null);
  public static final PostgresTls PREFER = new PostgresTls(Mode.PREFER, null, null, null);

  /**
   * @throws IllegalArgumentException if the parts do not fit together
   */
  public PostgresTls {
    boolean verifies = mode == Mode.VERIFY_CA || mode == Mode.VERIFY_FULL;
    if (verifies && rootCert == null) {
      throw new IllegalArgumentException(
          "sslmode=" + mode + " needs sslrootcert: a file with certificates, or " + SYSTEM);
    }
    if (SYSTEM.equals(rootCert) && mode != Mode.VERIFY_FULL) {
      throw new IllegalArgumentException(
          "sslrootcert=" + SYSTEM + " needs sslmode=" + Mode.VERIFY_FULL);
    }
    if ((cert == null) != (key == null)) {
      throw new IllegalArgumentException(
          cert == null ? "sslkey needs sslcert" : "sslcert needs sslkey");
    }
  }

  /**
   * Combines the settings.
   *
   * @param mode as libpq spells it; null for the default, {@code prefer}
   * @throws IllegalArgumentException if the mode is unknown, or the parts do not fit together
   */
  public static PostgresTls of(
      @Nullable String mode,
      @Nullable String rootCert,
      @Nullable String cert,
      @Nullable String key) {
    Mode standard = SYSTEM.equals(rootCert) ? Mode.VERIFY_FULL : Mode.PREFER;
    return new PostgresTls(mode == null ? standard : Mode.parse(mode), rootCert, cert, key);
  }

  /** The modes of libpq. */
  public enum Mode {
    /** Never encrypted. */
    DISABLE,
    /** Encrypted if the server refuses a connection that is not. */
    ALLOW,
    /** Encrypted if the server can; the default. */
    PREFER,
    /** Encrypted. */
    REQUIRE,
    /** Encrypted, with a certificate of a trusted authority. */
    VERIFY_CA,
    /** Encrypted, with a certificate of a trusted authority for the server's name. */
    VERIFY_FULL;

    static Mode parse(String text) {
      return Arrays.stream(values())
          .filter(mode -> mode.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "sslmode is not one of "
                          + Arrays.stream(values())
                              .map(Mode::toString)
                              .collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
