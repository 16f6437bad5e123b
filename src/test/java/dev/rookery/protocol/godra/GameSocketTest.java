package dev.rookery.protocol.godra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.script.ScriptResult;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SocketServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
final class GameSocketTest {
  @Test
  void socketEndsAfterTheUpdateThatWasUnderWayWhenItClosed(Vertx vertx) {
    List<String> log = new CopyOnWriteArrayList<>();
    Promise<ScriptResult> update = Promise.promise();
    var server =
        SocketServer.start(
            vertx,
            connection ->
                new GameSocket(
                    connection,
                    new GodraMeters(new SimpleMeterRegistry()),
                    10,
                    _ -> {
                      log.add("begun");
                      return update.future().onSuccess(_ -> log.add("updated"));
                    },
                    () -> {},
                    () -> {
                      log.add("ended");
                      return Future.succeededFuture();
                    }));
    var client = server.open();
    client.sendText("first").sendText("second");
    Eventually.holds(() -> log.contains("begun"));

    client.close();
    server.awaitNoSockets();
    vertx.runOnContext(_ -> update.complete(new ScriptResult.Null()));

    Eventually.holds(() -> log.contains("ended") && log.contains("updated"));
    // The data of a guest is deleted at the end, and nothing of it is written again.
    assertThat(log).containsExactly("begun", "updated", "ended");
  }
}
