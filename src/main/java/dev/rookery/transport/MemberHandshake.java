package dev.rookery.transport;

import com.hazelcast.nio.MemberSocketInterceptor;
import dev.rookery.bus.ClusterKey;
import dev.rookery.bus.ClusterKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handshake of every connection to the port of Hazelcast, before Hazelcast reads a byte. Both
 * sides prove that they have an accepted key of the cluster, and agree on keys for this connection:
 *
 * <pre>
 * initiator → acceptor   {@value #MAGIC}, public key (X25519, new for each connection)
 * acceptor  → initiator  public key
 * initiator → acceptor   HMAC-SHA256 of "initiator" and both public keys, with the cluster's key
 * acceptor  → initiator  HMAC-SHA256 of "acceptor" and both public keys, with the same key
 * </pre>
 *
 * <p>The acceptor proves itself last, so a stranger who connects gets nothing to guess the secret
 * with. The connection is then encrypted with keys that follow from the shared secret of the public
 * keys and the cluster's key, so recorded traffic stays unreadable even if the key becomes known.
 *
 * <p>A handshake takes at most {@value #TIMEOUT_MS} ms, and at most {@value #ACCEPTING_MAX} that
 * others have begun run at a time. Refused connections are counted, and logged once for each of
 * {@value #LOGGED_MAX} addresses.
 */
final class MemberHandshake implements MemberSocketInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(MemberHandshake.class);

  static final String MAGIC = "RKMEMBR1";
  static final int TIMEOUT_MS = 3_000;
  static final int ACCEPTING_MAX = 8;
  static final int LOGGED_MAX = 100;

  private static final int PUBLIC_BYTES = 32;
  private static final int PROOF_BYTES = 32;
  private static final int LINK_KEY_BYTES = 32;
  private static final String HMAC = "HmacSHA256";
  private static final String INITIATOR = "initiator";
  private static final String ACCEPTOR = "acceptor";

  private final List<AuthKey> accepted;
  private final SecureRandom random = new SecureRandom();
  private final Semaphore accepting = new Semaphore(ACCEPTING_MAX);
  private final Map<Socket, LinkKeys> established =
      Collections.synchronizedMap(new WeakHashMap<>());
  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private final Counter refused;

  /** A cluster key as this handshake uses it. */
  private record AuthKey(byte[] bytes) {
    static AuthKey of(ClusterKey key) {
      return new AuthKey(key.derive("member handshake", PROOF_BYTES));
    }
  }

  MemberHandshake(ClusterKeys keys, MeterRegistry meters) {
    this.accepted = keys.accepted().stream().map(AuthKey::of).toList();
    this.refused =
        Counter.builder("rookery.cluster.connections.refused")
            .description("Connections to the cluster port that did not prove to have the key")
            .register(meters);
  }

  @Override
  public void init(Properties properties) {}

  /** The keys of a connection whose handshake is complete; null if there was none. */
  @Nullable LinkKeys keys(Socket socket) {
    return established.get(socket);
  }

  @Override
  public void onConnect(Socket socket) throws IOException {
    try {
      established.put(socket, initiate(new Wire(socket)));
    } catch (IOException | RuntimeException | GeneralSecurityException e) {
      throw refuse(socket, e);
    }
  }

  @Override
  public void onAccept(Socket socket) throws IOException {
    boolean permitted = false;
    try {
      permitted = accepting.tryAcquire(TIMEOUT_MS / 4, TimeUnit.MILLISECONDS);
      if (!permitted) {
        throw new IOException("too many handshakes at a time");
      }
      established.put(socket, accept(new Wire(socket)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the node is closing", e);
    } catch (IOException | RuntimeException | GeneralSecurityException e) {
      throw refuse(socket, e);
    } finally {
      if (permitted) {
        accepting.release();
      }
    }
  }

  private LinkKeys initiate(Wire wire) throws IOException, GeneralSecurityException {
    var own = new X25519PrivateKeyParameters(random);
    byte[] ownPublic = own.generatePublicKey().getEncoded();
    wire.write(MAGIC.getBytes(StandardCharsets.US_ASCII), ownPublic);
    byte[] otherPublic = wire.read(PUBLIC_BYTES);
    AuthKey key = accepted.getFirst();
    wire.write(proof(key, INITIATOR, ownPublic, otherPublic));
    byte[] proof = wire.read(PROOF_BYTES);
    if (!MessageDigest.isEqual(proof, proof(key, ACCEPTOR, ownPublic, otherPublic))) {
      throw new IOException("it does not have the key");
    }
    wire.end();
    byte[] keys = linkKeys(key, own, otherPublic, ownPublic, otherPublic);
    return new LinkKeys(
        Arrays.copyOf(keys, LINK_KEY_BYTES),
        Arrays.copyOfRange(keys, LINK_KEY_BYTES, 2 * LINK_KEY_BYTES));
  }

  private LinkKeys accept(Wire wire) throws IOException, GeneralSecurityException {
    if (!MAGIC.equals(new String(wire.read(MAGIC.length()), StandardCharsets.ISO_8859_1))) {
      throw new IOException("it does not speak this protocol");
    }
    byte[] otherPublic = wire.read(PUBLIC_BYTES);
    var own = new X25519PrivateKeyParameters(random);
    byte[] ownPublic = own.generatePublicKey().getEncoded();
    wire.write(ownPublic);
    byte[] proof = wire.read(PROOF_BYTES);
    AuthKey key = null;
    for (AuthKey candidate : accepted) {
      if (MessageDigest.isEqual(proof, proof(candidate, INITIATOR, otherPublic, ownPublic))) {
        key = candidate;
      }
    }
    if (key == null) {
      throw new IOException("it does not have the key");
    }
    byte[] keys = linkKeys(key, own, otherPublic, otherPublic, ownPublic);
    wire.write(proof(key, ACCEPTOR, otherPublic, ownPublic));
    wire.end();
    return new LinkKeys(
        Arrays.copyOfRange(keys, LINK_KEY_BYTES, 2 * LINK_KEY_BYTES),
        Arrays.copyOf(keys, LINK_KEY_BYTES));
  }

  private static byte[] proof(AuthKey key, String role, byte[] initiator, byte[] acceptor)
      throws GeneralSecurityException {
    var mac = Mac.getInstance(HMAC);
    mac.init(new SecretKeySpec(key.bytes, HMAC));
    mac.update(role.getBytes(StandardCharsets.US_ASCII));
    mac.update(initiator);
    return mac.doFinal(acceptor);
  }

  /** The key from the initiator to the acceptor, and then that of the other direction. */
  private static byte[] linkKeys(
      AuthKey key,
      X25519PrivateKeyParameters own,
      byte[] otherPublic,
      byte[] initiator,
      byte[] acceptor)
      throws GeneralSecurityException {
    byte[] shared = new byte[X25519PrivateKeyParameters.SECRET_SIZE];
    own.generateSecret(new X25519PublicKeyParameters(otherPublic), shared, 0);
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract()
                .addIKM(shared)
                .addIKM(key.bytes)
                .addSalt(initiator)
                .addSalt(acceptor)
                .thenExpand(
                    "rookery member link 1".getBytes(StandardCharsets.US_ASCII),
                    2 * LINK_KEY_BYTES));
  }

  private IOException refuse(Socket socket, Exception cause) {
    refused.increment();
    String address =
        socket.getRemoteSocketAddress() instanceof InetSocketAddress remote
            ? remote.getAddress().getHostAddress()
            : "unknown";
    String reason = cause.getMessage();
    if (logged.size() < LOGGED_MAX && logged.add(address)) {
      LOG.warn(
          "refused a connection between nodes with {}: {}; nodes of an older version and those with"
              + " another secret or cluster name are refused (further ones are only counted)",
          address,
          reason);
    }
    return new HandshakeException("the handshake failed: " + reason);
  }

  /** Without a stack trace: strangers cause it, and Hazelcast may log it. */
  private static final class HandshakeException extends IOException {
    private static final long serialVersionUID = 1L;

    HandshakeException(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** Reads and writes with one deadline for the whole handshake. */
  private static final class Wire {
    private final Socket socket;
    private final InputStream in;
    private final long startedNanos = System.nanoTime();

    Wire(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
    }

    void write(byte[]... parts) throws IOException {
      for (byte[] part : parts) {
        socket.getOutputStream().write(part);
      }
    }

    byte[] read(int length) throws IOException {
      byte[] bytes = new byte[length];
      for (int from = 0; from < length; ) {
        socket.setSoTimeout(remainingMs());
        int count = in.read(bytes, from, length - from);
        if (count < 0) {
          throw new IOException("it closed the connection");
        }
        from += count;
      }
      return bytes;
    }

    private int remainingMs() throws SocketTimeoutException {
      long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
      if (passed >= TIMEOUT_MS) {
        throw new SocketTimeoutException("the handshake took more than " + TIMEOUT_MS + " ms");
      }
      return (int) (TIMEOUT_MS - passed);
    }

    void end() throws IOException {
      socket.setSoTimeout(0);
    }
  }
}
