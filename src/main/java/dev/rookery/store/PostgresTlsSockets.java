package dev.rookery.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLS sockets of the JDBC driver, which makes this from its properties. The driver's own reads
 * keys in other formats than libpq, and files of the home directory.
 */
public final class PostgresTlsSockets extends SSLSocketFactory {
  private static final String MODE = "rookery.sslmode";
  private static final String ROOT_CERT = "sslrootcert";
  private static final String CERT = "sslcert";
  private static final String KEY = "sslkey";

  private final TlsMaterial tls;
  private final SSLSocketFactory sockets;

  /** Called by the driver. */
  public PostgresTlsSockets(Properties properties) {
    this.tls =
        TlsMaterial.read(
            PostgresTls.of(
                properties.getProperty(MODE),
                properties.getProperty(ROOT_CERT),
                properties.getProperty(CERT),
                properties.getProperty(KEY)));
    this.sockets = tls.socketFactory();
  }

  static void put(PostgresTls tls, Map<String, String> properties) {
    boolean verifies = tls.mode().compareTo(PostgresTls.Mode.REQUIRE) > 0;
    // This factory does what the driver would do in the two modes that verify.
    properties.put("sslmode", (verifies ? PostgresTls.Mode.REQUIRE : tls.mode()).toString());
    properties.put("sslfactory", PostgresTlsSockets.class.getName());
    properties.put(MODE, tls.mode().toString());
    putIfSet(properties, ROOT_CERT, tls.rootCert());
    putIfSet(properties, CERT, tls.cert());
    putIfSet(properties, KEY, tls.key());
  }

  private static void putIfSet(
      Map<String, String> properties, String name, @Nullable String value) {
    if (value != null) {
      properties.put(name, value);
    }
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return checking(sockets.createSocket(socket, host, port, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return checking(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return checking(sockets.createSocket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return checking(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return checking(sockets.createSocket(host, port, local, localPort));
  }

  private Socket checking(Socket socket) {
    if (socket instanceof SSLSocket secured) {
      tls.check(secured);
    }
    return socket;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }
}
