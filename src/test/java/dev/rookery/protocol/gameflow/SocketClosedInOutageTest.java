package dev.rookery.protocol.gameflow;

import static dev.rookery.testkit.GameFlowClient.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.DatabaseProxy;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.TestNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What sockets leave behind that close while the database is away ends when it is back. */
final class SocketClosedInOutageTest {
  private static final Map<String, String> SETTINGS =
      Map.of("DB_QUERY_TIMEOUT", "2s", "DB_POOL_TIMEOUT", "2s");

  @Test
  void lobbiesAreLeftAndSearchesCancelledOnceTheDatabaseIsBack() throws Exception {
    try (var stored = Databases.postgres();
        var proxy = DatabaseProxy.start(stored);
        var node = TestNode.start(proxy.testDatabase(), SETTINGS);
        var cid = connect(node, "Cid")) {
      GameFlowClient ann = connect(node, "Ann");
      GameFlowClient bob = connect(node, "Bob");
      ann.createLobby();
      bob.send("matchmaking:find").receive("matchmaking:searching");

      proxy.cut();
      ann.close();
      bob.close();
      Eventually.holds(() -> node.gauge("rookery_undos_waiting") == 2);
      proxy.restore();

      Eventually.holds(
          () -> node.gauge("rookery_undos_waiting") == 0 && lobbies(node, cid).equals("[]"));
      try (var again = connect(node, bob.token(), bob.id())) {
        assertThat(again.send("matchmaking:why").receiveError())
            .isEqualTo("Not searching for a match");
      }
    }
  }

  @Test
  void lobbyWhoseCreationFailedAfterItsCommitIsLeft() throws Exception {
    try (var stored = Databases.postgres();
        var proxy = DatabaseProxy.start(stored);
        var node = TestNode.start(proxy.testDatabase(), SETTINGS);
        var cid = connect(node, "Cid")) {
      GameFlowClient ann = connect(node, "Ann");
      proxy.loseCommitAfter("INSERT INTO lobby");
      assertThat(ann.send("lobby:create").receiveError()).isEqualTo("Internal Server Error");
      proxy.restore();
      ann.receive("lobby:updated");
      ann.close();

      Eventually.holds(() -> lobbies(node, cid).equals("[]"));
    }
  }

  @Test
  void lobbyWhoseJoinFailedAfterItsCommitIsLeftOnceTheDatabaseIsBack() throws Exception {
    try (var stored = Databases.postgres();
        var proxy = DatabaseProxy.start(stored);
        var node = TestNode.start(proxy.testDatabase(), SETTINGS);
        var cid = connect(node, "Cid")) {
      String lobby = cid.createLobby().getString("id");
      GameFlowClient ann = connect(node, "Ann");
      // In the events of the join: its statements may be prepared on the connection already.
      proxy.loseCommitAfter(ann.id());
      assertThat(ann.send("lobby:join", "lobbyId", lobby).receiveError())
          .isEqualTo("Internal Server Error");
      ann.close();
      Eventually.holds(() -> node.gauge("rookery_undos_waiting") == 1);
      proxy.restore();

      Eventually.holds(
          () -> node.gauge("rookery_undos_waiting") == 0 && !lobbies(node, cid).contains(ann.id()));
    }
  }

  @Test
  void searchThatFailedAfterItsCommitIsCancelled() throws Exception {
    try (var stored = Databases.postgres();
        var proxy = DatabaseProxy.start(stored);
        var node = TestNode.start(proxy.testDatabase(), SETTINGS);
        var ann = connect(node, "Ann")) {
      proxy.loseCommitAfter("INSERT INTO match_ticket");
      ann.send("matchmaking:find").receive("matchmaking:error");
      proxy.restore();

      Eventually.holds(() -> node.gauge("rookery_undos_waiting") == 0);
      Eventually.holds(
          () -> {
            ann.send("matchmaking:why");
            return ann.socket().receiveText().contains("Not searching for a match");
          });
    }
  }

  private static String lobbies(TestNode node, GameFlowClient asking) {
    return node.get("/lobbies", "authorization", "Bearer " + asking.token()).body();
  }
}
