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
  private final Databases.TestDatabase testDatabase;
  private final DatabaseLocation.Server target;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile @Nullable String trigger;

  private DatabaseProxy(Databases.TestDatabase testDatabase, ServerSocket listening) {
    this.testDatabase = testDatabase;
    this.target = (DatabaseLocation.Server) testDatabase.location();
    this.listening = listening;
  }

  public static DatabaseProxy start(Databases.TestDatabase testDatabase) throws IOException {
    return start(testDatabase, InetAddress.getLoopbackAddress());
  }

  /** Listens on another address of this machine. */
  public static DatabaseProxy start(Databases.TestDatabase testDatabase, InetAddress from)
      throws IOException {
    var proxy = new DatabaseProxy(testDatabase, new ServerSocket(0, 50, from));
    Thread.startVirtualThread(proxy::accept);
    return proxy;
  }

  /** The same database, reached through this proxy. */
  public Databases.TestDatabase testDatabase() {
    return new Databases.TestDatabase(
        testDatabase.kind(),
        new DatabaseLocation.Server(
            listening.getInetAddress().getHostAddress(),
            listening.getLocalPort(),
            target.database(),
            target.user(),
            target.password(),
            false),
        () -> {});
  }

  public void cut() {
    cut = true;
    open.forEach(DatabaseProxy::close);
  }

  public void restore() {
    trigger = null;
    cut = false;
  }

  /** Cuts the connection on which this text is sent before the response to its COMMIT arrives. */
  public void loseCommitAfter(String text) {
    this.trigger = text;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (cut) {
          client.close();
          continue;
        }
        Socket server = new Socket(target.host(), target.port());
        open.add(client);
        open.add(server);
        var triggered = new AtomicBoolean();
        Thread.startVirtualThread(() -> forward(client, server, triggered, false));
        Thread.startVirtualThread(() -> forward(server, client, triggered, true));
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
        String currentTrigger = trigger;
        String sent =
            currentTrigger == null ? "" : new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (!fromServer && currentTrigger != null && sent.contains(currentTrigger)) {
          triggered.set(true);
        }
        if (fromServer && triggered.get() && sent.contains("COMMIT")) {
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
