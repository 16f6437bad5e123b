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

/** A line to a database server that a test can cut. */
public final class DatabaseProxy implements AutoCloseable {
  private final Databases.TestDatabase place;
  private final DatabaseLocation.Server target;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile @Nullable String trigger;

  private DatabaseProxy(Databases.TestDatabase place, ServerSocket listening) {
    this.place = place;
    this.target = (DatabaseLocation.Server) place.location();
    this.listening = listening;
  }

  public static DatabaseProxy start(Databases.TestDatabase place) throws IOException {
    return start(place, InetAddress.getLoopbackAddress());
  }

  /** One that begins at another address of this machine. */
  public static DatabaseProxy start(Databases.TestDatabase place, InetAddress from)
      throws IOException {
    var line = new DatabaseProxy(place, new ServerSocket(0, 50, from));
    Thread.startVirtualThread(line::accept);
    return line;
  }

  /** The same database, by way of this line. */
  public Databases.TestDatabase place() {
    return new Databases.TestDatabase(
        place.kind(),
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

  /** On the connection that says these words, the answer to the COMMIT behind them is lost. */
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
        Socket server = new Socket(target.host(), target.port());
        open.add(client);
        open.add(server);
        var said = new AtomicBoolean();
        Thread.startVirtualThread(() -> forward(client, server, said, false));
        Thread.startVirtualThread(() -> forward(server, client, said, true));
      } catch (IOException _) {
        // The test is over, or the server will not have it.
      }
    }
  }

  private void forward(Socket from, Socket to, AtomicBoolean said, boolean answers) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[64 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String wanted = trigger;
        String text =
            wanted == null ? "" : new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (!answers && wanted != null && text.contains(wanted)) {
          said.set(true);
        }
        if (answers && said.get() && text.contains("COMMIT")) {
          cut();
          return;
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException _) {
      // Cut.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    open.forEach(DatabaseProxy::close);
  }
}
