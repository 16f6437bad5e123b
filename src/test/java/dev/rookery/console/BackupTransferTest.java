package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.FileDownload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of backups that one node reads from another, and sends to a client. */
final class BackupTransferTest {
  private static final String FILE = "backup-20261130-010203-7.dump";

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, new SimpleMeterRegistry());

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private BackupTransfer node(String name, Path files) {
    var transfer = new BackupTransfer(vertx, bus, name, new BackupFiles(files));
    transfer.start().await();
    return transfer;
  }

  private BackupTransfer nodeBesideTheOneWith(byte[] content) throws IOException {
    Files.write(folder.resolve(FILE), content);
    node("bob", folder);
    return node("ann", folder.resolve("none"));
  }

  @Test
  void sendsFileOfOtherNodeInParts() throws Exception {
    var content = new byte[600_001];
    new Random(1).nextBytes(content);
    BackupTransfer ann = nodeBesideTheOneWith(content);
    long bytes = ann.read("bob", FILE, 0, 0).await().total();
    assertThat(bytes).isEqualTo(content.length);
    var parts = new AtomicInteger();
    var response =
        download(
            bytes,
            from -> {
              parts.incrementAndGet();
              return ann.read("bob", FILE, from);
            });

    assertThat(response.body()).isEqualTo(content);
    assertThat(response.headers().firstValue("content-disposition").orElseThrow()).contains(FILE);
    assertThat(parts).hasValue(3);
  }

  @Test
  void breaksOffWhenFileIsRemovedMeanwhile() throws Exception {
    BackupTransfer ann = nodeBesideTheOneWith(new byte[600_001]);
    assertThatThrownBy(
            () ->
                download(
                    600_001,
                    from ->
                        ann.read("bob", FILE, from)
                            .onSuccess(_ -> folder.resolve(FILE).toFile().delete())))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsNothingButFinishedBackups() throws Exception {
    BackupTransfer ann = nodeBesideTheOneWith(new byte[1]);
    Files.writeString(folder.resolve("secrets.txt"), "secret");
    Files.writeString(folder.resolve(FILE + ".part"), "half");
    for (String name :
        new String[] {"secrets.txt", FILE + ".part", "../" + FILE, "backup-20261130-010203-8.db"}) {
      assertThatThrownBy(() -> ann.read("bob", name, 0).await())
          .isInstanceOf(Refused.class)
          .hasMessage("backup_not_found");
    }
  }

  private HttpResponse<byte[]> download(long bytes, LongFunction<Future<Buffer>> parts)
      throws IOException, InterruptedException {
    var router = Router.router(vertx);
    router.get("/").handler(context -> FileDownload.send(context, FILE, bytes, parts));
    var server = vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/")).build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofByteArray());
    }
  }
}
