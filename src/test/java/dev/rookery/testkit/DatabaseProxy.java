package dev.rookery.testkit;

import dev.rookery.store.DatabaseLocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A TCP proxy in front of a database server, whose connections a test can cut. */
public final class DatabaseProxy implements AutoCloseable {
  private final Databases.TestDatabase target;
  private volatile DatabaseLocation.Server server;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile @Nullable String trigger;

  private DatabaseProxy(Databases.TestDatabase target, ServerSocket listening) {
    this.target = target;
    this.server = (DatabaseLocation.Server) target.location();
    this.listening = listening;
  }

  public static DatabaseProxy start(Databases.TestDatabase target) throws IOException {
    return start(target, InetAddress.getLoopbackAddress());
  }

  /** Starts a proxy that listens at another address of this machine. */
  public static DatabaseProxy start(Databases.TestDatabase target, InetAddress from)
      throws IOException {
    var proxy = new DatabaseProxy(target, new ServerSocket(0, 50, from));
    Thread.startVirtualThread(proxy::accept);
    return proxy;
  }

  /** The same database, reached through this proxy. */
  public Databases.TestDatabase testDatabase() {
    return new Databases.TestDatabase(
        target.kind(),
        new DatabaseLocation.Server(
            listening.getInetAddress().getHostAddress(),
            listening.getLocalPort(),
            server.database(),
            server.user(),
            server.password()),
        () -> {});
  }

  /** Leads new connections to another server; those that are open stay where they are. */
  public void redirect(Databases.TestDatabase other) {
    server = (DatabaseLocation.Server) other.location();
  }

  public void cut() {
    cut = true;
    open.forEach(DatabaseProxy::close);
  }

  public void restore() {
    trigger = null;
    cut = false;
  }

  /**
   * Loses the reply to the COMMIT that follows these words on the same connection, and cuts all
   * connections.
   */
  public void loseCommitAfter(String words) {
    this.trigger = words;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (cut) {
          client.close();
          continue;
        }
        Socket upstream = new Socket(server.host(), server.port());
        open.add(client);
        open.add(upstream);
        var triggered = new AtomicBoolean();
        Thread.startVirtualThread(() -> forward(client, upstream, triggered, false));
        Thread.startVirtualThread(() -> forward(upstream, client, triggered, true));
      } catch (IOException _) {
        // The test has ended, or the server refuses the connection.
      }
    }
  }

  private void forward(Socket from, Socket to, AtomicBoolean triggered, boolean fromServer) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[64 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String words = trigger;
        String text = words == null ? "" : new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (!fromServer && words != null && text.contains(words)) {
          triggered.set(true);
        }
        if (fromServer && triggered.get() && text.contains("COMMIT")) {
          cut();
          return;
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException _) {
      // The connection was cut.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed anyway.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    open.forEach(DatabaseProxy::close);
  }
}
