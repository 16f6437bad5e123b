package dev.rookery.transport;

import dev.rookery.bus.ClusterKey;
import dev.rookery.bus.ClusterKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.JksOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What the connections of the event bus need for TLS 1.3 with certificates on both sides.
 *
 * <p>Every node derives the same key pair and certificate from the cluster's key, and trusts the
 * certificates of the accepted keys alone. So only a node that has an accepted key can send
 * messages or receive them, and a stranger reaches no code that reads messages.
 *
 * @param identity the key pair and certificate of this node
 * @param trusted the certificates of the accepted keys
 */
public record BusTls(JksOptions identity, JksOptions trusted) {
  /** The only version in use: there is no older software to talk to. */
  public static final Set<String> PROTOCOLS = Set.of("TLSv1.3");

  /** A connection whose handshake takes longer is closed. */
  public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

  // Not PKCS12, which stretches the password at every access: that took a third of the start of a
  // node, and protects nothing in memory.
  private static final String STORE_TYPE = "JKS";
  private static final String ALIAS = "node";
  private static final int PASSWORD_BYTES = 16;

  public static BusTls derive(ClusterKeys keys) {
    ClusterKey current = keys.current();
    // The stores stay in memory. A key store needs a password all the same.
    String password = HexFormat.of().formatHex(current.derive("key store", PASSWORD_BYTES));
    var trusted = keys.accepted().stream().map(NodeCertificate::derive).toList();
    return new BusTls(store(trusted.getFirst(), password), trustStore(trusted, password));
  }

  private static JksOptions store(NodeCertificate identity, String password) {
    PrivateKey key = identity.privateKey();
    return options(
        password,
        store ->
            store.setKeyEntry(
                ALIAS, key, password.toCharArray(), new Certificate[] {identity.certificate()}));
  }

  private static JksOptions trustStore(List<NodeCertificate> trusted, String password) {
    return options(
        password,
        store -> {
          for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry(ALIAS + i, trusted.get(i).certificate());
          }
        });
  }

  private interface Filling {
    void fill(KeyStore store) throws GeneralSecurityException;
  }

  private static JksOptions options(String password, Filling filling) {
    try {
      var store = KeyStore.getInstance(STORE_TYPE);
      store.load(null, null);
      filling.fill(store);
      var bytes = new ByteArrayOutputStream();
      store.store(bytes, password.toCharArray());
      return new JksOptions().setPassword(password).setValue(Buffer.buffer(bytes.toByteArray()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK has key stores in memory", e);
    }
  }
}
