package dev.rookery.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates and keys of a {@link PostgresTls}, read once. Both clients use the same: the one
 * that migrates the schema and the one that serves.
 */
final class TlsMaterial {
  private static final String NAME_CHECK = "HTTPS";

  private final boolean checksName;
  private final boolean trustsAll;
  private final TrustManager trust;
  private final @Nullable X509KeyManager key;

  private TlsMaterial(
      boolean checksName, boolean trustsAll, TrustManager trust, @Nullable X509KeyManager key) {
    this.checksName = checksName;
    this.trustsAll = trustsAll;
    this.trust = trust;
    this.key = key;
  }

  /**
   * Reads the files.
   *
   * @throws IllegalStateException if one cannot be used; the message names the parameter and file
   */
  static TlsMaterial read(PostgresTls tls) {
    return new TlsMaterial(
        tls.mode() == PostgresTls.Mode.VERIFY_FULL,
        tls.rootCert() == null,
        trust(tls.rootCert()),
        tls.cert() == null || tls.key() == null ? null : key(tls.cert(), tls.key()));
  }

  ClientSSLOptions clientOptions() {
    var options =
        new ClientSSLOptions().setHostnameVerificationAlgorithm(checksName ? NAME_CHECK : "");
    if (trustsAll) {
      options.setTrustAll(true);
    } else {
      options.setTrustOptions(TrustOptions.wrap(trust));
    }
    return key == null ? options : options.setKeyCertOptions(KeyCertOptions.wrap(key));
  }

  /** The same for blocking sockets, which must be {@linkplain #check told to check} the name. */
  SSLSocketFactory socketFactory() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          key == null ? new KeyManager[0] : new KeyManager[] {key},
          new TrustManager[] {trust},
          null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("TLS is not available: " + failure.getMessage(), failure);
    }
  }

  /** Has a socket check the server's name, where the mode says so. */
  void check(SSLSocket socket) {
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(checksName ? NAME_CHECK : "");
    socket.setSSLParameters(parameters);
  }

  private static TrustManager trust(@Nullable String file) {
    if (file == null) {
      return new TrustAny();
    }
    try {
      KeyStore authorities = null;
      if (!file.equals(PostgresTls.SYSTEM)) {
        authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        int number = 0;
        var certificates = CertificateFactory.getInstance("X.509");
        for (Certificate authority :
            certificates.generateCertificates(
                new ByteArrayInputStream(content("sslrootcert", file)))) {
          authorities.setCertificateEntry("authority-" + number++, authority);
        }
        if (number == 0) {
          throw unusable("sslrootcert", file, "has no certificate");
        }
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities);
      return factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException _) {
      throw unusable("sslrootcert", file, "is not a PEM file with certificates");
    }
  }

  private static X509KeyManager key(String cert, String key) {
    byte[] certificates = content("sslcert", cert);
    byte[] secret = content("sslkey", key);
    try {
      var factory =
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(certificates))
              .addKeyValue(Buffer.buffer(secret))
              .getKeyManagerFactory(null);
      return (X509KeyManager) factory.getKeyManagers()[0];
    } catch (Exception _) {
      // The failure may quote the key.
      throw new IllegalStateException(
          "sslcert "
              + cert
              + " and sslkey "
              + key
              + " are not PEM files with a certificate and its"
              + " private key without a passphrase");
    }
  }

  private static byte[] content(String parameter, String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (InvalidPathException | IOException _) {
      throw unusable(parameter, file, "cannot be read");
    }
  }

  private static IllegalStateException unusable(String parameter, String file, String why) {
    return new IllegalStateException(parameter + " " + file + " " + why);
  }

  /** Trusts every server, as libpq does where it has no certificates to compare with. */
  private static final class TrustAny extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
