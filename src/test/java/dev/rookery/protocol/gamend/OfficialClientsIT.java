package dev.rookery.protocol.gamend;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the published clients against a node. The scripts contain the assertions. */
final class OfficialClientsIT {
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void twoPlayersMeetChatAndLeave(Databases.TestDatabase database) {
    try (var node = TestNode.start(database);
        var script = NodeScript.start("play.mjs", base(node))) {
      script.assertSuccess();
    }
  }

  @Test
  void playersOnTwoNodesReceiveAllEvents() {
    try (var cluster = TestCluster.start(2);
        var script = NodeScript.start("play.mjs", base(cluster.node(0)), base(cluster.node(1)))) {
      script.assertSuccess();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void resumesAfterTheConnectionWasCut(Databases.TestDatabase database) {
    try (var node = TestNode.start(database);
        var script = NodeScript.start("resume.mjs", base(node))) {
      script.assertSuccess();
    }
  }

  @Test
  void resumesOnAnotherNode() {
    try (var cluster = TestCluster.start(2);
        var script = NodeScript.start("resume.mjs", base(cluster.node(0)), base(cluster.node(1)))) {
      script.assertSuccess();
    }
  }

  @Test
  void acceptsTheTokenThatTheClientSendsAsASubprotocol() {
    try (var node = TestNode.start();
        var script = NodeScript.start("auth-token.mjs", base(node))) {
      script.assertSuccess();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void supportsClientsOfProtocolVersionOne(Databases.TestDatabase database) {
    try (var node = TestNode.start(database);
        var script = NodeScript.start("godot.mjs", base(node))) {
      script.assertSuccess();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void reconnectsAfterARestartOfTheServer(Databases.TestDatabase database) {
    NodeScript script = null;
    try {
      Map<String, String> samePort;
      try (var before = TestNode.start(database.shared())) {
        samePort = Map.of("PORT", Integer.toString(before.port()));
        script = NodeScript.start("reconnect.mjs", base(before));
        script.awaitLine("ready");
        before.node().drain();
      }
      try (var _ = TestNode.start(database, samePort)) {
        script.assertSuccess();
      }
    } finally {
      if (script != null) {
        script.close();
      }
    }
  }

  private static String base(TestNode node) {
    return "http://127.0.0.1:" + node.port();
  }
}
