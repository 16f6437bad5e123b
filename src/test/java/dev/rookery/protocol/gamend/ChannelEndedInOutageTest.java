package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.DatabaseProxy;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What channels leave behind that end while the database is away ends when it is back. */
final class ChannelEndedInOutageTest {
  private static final Map<String, String> SETTINGS =
      Map.of("DB_QUERY_TIMEOUT", "2s", "DB_POOL_TIMEOUT", "2s");
  private static final JsonObject DUEL = JsonObject.of("mode", "duel", "region", "eu");

  private Databases.TestDatabase stored;
  private DatabaseProxy proxy;
  private TestNode node;
  private RestPlayer host;
  private RestPlayer other;
  private String lobby;

  @BeforeEach
  void start() throws Exception {
    stored = Databases.postgres();
    proxy = DatabaseProxy.start(stored);
    node = TestNode.start(proxy.testDatabase(), SETTINGS);
    host = RestPlayer.signIn(TestNode.client(), node.uri("/"), "host");
    other = RestPlayer.signIn(TestNode.client(), node.uri("/"), "other");
    RestPlayer.Response opened = host.post("/api/v1/lobbies", JsonObject.of("title", "Watched"));
    assertThat(opened.ok()).as("%s", opened).isTrue();
    lobby = String.valueOf(opened.body().getLong("id"));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    proxy.close();
    stored.close();
  }

  private int spectators() {
    try {
      RestPlayer.Response shown = host.get("/api/v1/lobbies/" + lobby);
      return shown.ok() ? shown.body().getInteger("spectator_count") : -1;
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void spectatorsAreNoLongerCountedAndSearchesAreCancelled() throws Exception {
    PhoenixClient client = PhoenixClient.connect(node.port(), other.token());
    client.joinAndAwait("lobby:" + lobby, "updated");
    assertThat(spectators()).isEqualTo(1);
    String user = "user:" + other.id();
    client.joinAndAwait(user, "updated");
    assertThat(client.call(user, "find_match", DUEL).isOk()).isTrue();

    proxy.cut();
    client.close();
    Eventually.holds(() -> node.gauge("rookery_undos_waiting") == 2);
    proxy.restore();

    Eventually.holds(() -> spectators() == 0);
    Eventually.holds(() -> node.gauge("rookery_undos_waiting") == 0);
    try (var again = PhoenixClient.connect(node.port(), other.token())) {
      again.joinAndAwait(user, "updated");
      assertThat(again.call(user, "find_match", DUEL).isOk()).isTrue();
    }
  }

  @Test
  void spectatorWhoseJoinFailedAfterItsCommitIsNotCounted() {
    try (var client = PhoenixClient.connect(node.port(), other.token())) {
      proxy.loseCommitAfter("INSERT INTO spectator");
      assertThat(client.join("lobby:" + lobby).isOk()).isFalse();
      proxy.restore();

      Eventually.holds(() -> spectators() == 0);
    }
  }
}
