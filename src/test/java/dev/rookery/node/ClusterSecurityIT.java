package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.rookery.bus.ClusterKeys;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestStore;
import dev.rookery.transport.SecureHazelcast;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may join a cluster: nodes that prove to have its key, and nobody else. */
@Timeout(300)
final class ClusterSecurityIT {
  private static final String NAME = "security-" + ProcessHandle.current().pid();
  private static final String SECRET =
      "the secret of the cluster in this test, 64 characters long...";
  private static final String NEXT =
      "the secret that comes after it, also sixty-four characters....";
  private static final int PORTS = 3;

  private final int[] ports = IntStream.range(0, PORTS).map(_ -> NodeProcess.freePort()).toArray();
  private Databases.TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = Databases.postgres();
  }

  @AfterEach
  void removeDatabase() {
    database.close();
  }

  @Test
  void refusesMembersAndClientsWithoutTheKey() {
    try (var node = start(0, Map.of())) {
      assertThat(joins(() -> Hazelcast.newHazelcastInstance(intruder(1)))).isFalse();
      var keys = ClusterKeys.derive(NAME, "another secret than that of the cluster", List.of());
      var meters = new SimpleMeterRegistry();
      assertThat(joins(() -> SecureHazelcast.start(intruder(1), keys, meters))).isFalse();
      assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(client()))
          .isInstanceOf(IllegalStateException.class);

      assertThat(members(node)).isEqualTo(1);
      assertThat(node.metric("rookery_cluster_connections_refused_total"))
          .isGreaterThanOrEqualTo(3);
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void closesConnectionsThatSendSomethingElse() throws IOException {
    try (var node = start(0, Map.of())) {
      for (String sent :
          List.of(
              "HZC",
              "GET / HTTP/1.1\r\n\r\n",
              "CP2",
              "x".repeat(4_000),
              "RKMEMBR1" + "\0".repeat(64))) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), ports[0])) {
          socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
          // A key exchange with a public key of zeros has no result.
          int read = sent.startsWith("RKM") ? socket.getInputStream().readNBytes(32).length : 0;
          assertThat(endOf(socket)).as(sent).isTrue();
          assertThat(read).isIn(0, 32);
        }
      }
      Eventually.holds(() -> node.metric("rookery_cluster_connections_refused_total") == 5);
    }
  }

  @Test
  void refusesToStartWithAnotherSecretOnTheDatabaseOfARunningCluster() {
    try (var node = start(0, Map.of())) {
      assertThatThrownBy(() -> start(1, Map.of("SECRET_KEY_BASE", NEXT)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("SECRET_KEY_BASE")
          .hasMessageContaining("127.0.0.1:" + ports[0])
          .message()
          .doesNotContain(NEXT)
          .doesNotContain(SECRET)
          .doesNotContain("\n");
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(aliveRuns()).isEqualTo(1);
    }
  }

  @Test
  void refusesToStartWithAnotherClusterNameOnTheDatabaseOfARunningCluster() {
    try (var node = start(0, Map.of())) {
      assertThatThrownBy(() -> start(1, Map.of("CLUSTER_NAME", "another")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the cluster \"another\"")
          .hasMessageContaining("the cluster \"" + NAME + "\"");
      assertThatThrownBy(() -> start(1, Map.of("CLUSTER_ENABLED", "false")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("CLUSTER_ENABLED is not true");
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void startsWithAnotherSecretWhenTheOthersAreDead() {
    start(0, Map.of()).close();
    insertRun("killed:1", "another cluster");
    try (var node = start(1, Map.of("SECRET_KEY_BASE", NEXT))) {
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void startsBesideANodeOfAVersionThatStoresNoKey() {
    try (var node = start(0, Map.of())) {
      insertRun("older:1", null);
      try (var other = start(1, Map.of())) {
        assertThat(members(other)).isEqualTo(2);
        assertThat(members(node)).isEqualTo(2);
      }
    }
  }

  @Test
  void startsBesideAMemberThatCannotProveToHaveTheKey() {
    var older = Hazelcast.newHazelcastInstance(intruder(1));
    try (var node = start(0, Map.of())) {
      assertThat(members(node)).isEqualTo(1);
      assertThat(older.getCluster().getMembers()).hasSize(1);
    } finally {
      older.shutdown();
    }
  }

  @Test
  void replacesTheSecretWithoutInterruption() {
    TestNode one = start(0, Map.of());
    TestNode two = start(1, Map.of());
    try {
      String token = signIn(one);

      // First every node accepts the next secret, then every node uses it, then the old one goes.
      var acceptsNext = Map.of("SECRET_KEY_BASE_PREVIOUS", NEXT);
      var usesNext = Map.of("SECRET_KEY_BASE", NEXT, "SECRET_KEY_BASE_PREVIOUS", SECRET);
      for (Map<String, String> round : List.of(acceptsNext, usesNext)) {
        one.close();
        one = start(0, round);
        assertJoined(one, two, token);
        two.close();
        two = start(1, round);
        assertJoined(two, one, token);
      }
      String nextToken = signIn(two);
      one.close();
      one = start(0, Map.of("SECRET_KEY_BASE", NEXT));
      assertJoined(one, two, nextToken);
      assertThat(one.get("/api/v1/me", "authorization", "Bearer " + token).statusCode())
          .isEqualTo(401);
    } finally {
      one.close();
      two.close();
    }
  }

  @Test
  void refusesToUseASecretThatOthersDoNotAcceptYet() {
    try (var _ = start(0, Map.of())) {
      var settings = Map.of("SECRET_KEY_BASE", NEXT, "SECRET_KEY_BASE_PREVIOUS", SECRET);
      assertThatThrownBy(() -> start(1, settings))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("does not accept the secret of this node");
    }
  }

  private static void assertJoined(TestNode one, TestNode other, String token) {
    assertThat(members(one)).isEqualTo(2);
    Eventually.holds(() -> members(other) == 2);
    for (TestNode node : List.of(one, other)) {
      assertThat(node.get("/api/v1/me", "authorization", "Bearer " + token).statusCode())
          .isEqualTo(200);
    }
    // Ended sessions are announced to the other node, whose clients are signed out at once.
    String ended = signIn(one);
    assertThat(other.get("/api/v1/me", "authorization", "Bearer " + ended).statusCode())
        .isEqualTo(200);
    assertThat(
            one.send("DELETE", "/api/v1/logout", null, "authorization", "Bearer " + ended)
                .statusCode())
        .isEqualTo(200);
    Eventually.holds(
        () -> other.get("/api/v1/me", "authorization", "Bearer " + ended).statusCode() == 401);
    for (TestNode node : List.of(one, other)) {
      assertThat(node.metric("rookery_cluster_messages_refused_total{reason=\"mac\"}")).isZero();
    }
  }

  private TestNode start(int index, Map<String, String> environment) {
    var settings = new HashMap<String, String>();
    settings.put("CLUSTER_ENABLED", "true");
    settings.put("CLUSTER_NAME", NAME);
    settings.put("CLUSTER_PORT", Integer.toString(ports[index]));
    settings.put(
        "CLUSTER_MEMBERS",
        IntStream.of(ports).mapToObj(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
    settings.put("SECRET_KEY_BASE", SECRET);
    settings.putAll(environment);
    return TestNode.start(database.shared(), settings);
  }

  /** What somebody configures who knows the address and the name of the cluster. */
  private Config intruder(int index) {
    var config = new Config().setClusterName(NAME);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.max.join.seconds", "3");
    config.getJetConfig().setEnabled(false);
    var network = config.getNetworkConfig().setPort(ports[index]).setPortAutoIncrement(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + ports[0]);
    return config;
  }

  private static boolean joins(Supplier<HazelcastInstance> start) {
    HazelcastInstance instance;
    try {
      instance = start.get();
    } catch (IllegalStateException _) {
      return false;
    }
    try {
      return instance.getCluster().getMembers().size() > 1;
    } finally {
      instance.shutdown();
    }
  }

  private ClientConfig client() {
    var config = new ClientConfig().setClusterName(NAME);
    config.getNetworkConfig().addAddress("127.0.0.1:" + ports[0]).setConnectionTimeout(5_000);
    config
        .getConnectionStrategyConfig()
        .getConnectionRetryConfig()
        .setClusterConnectTimeoutMillis(1_000);
    return config;
  }

  /** A row as a node leaves it behind that was killed. */
  private void insertRun(String name, String cluster) {
    try (var store = TestStore.open(database.shared())) {
      store
          .database()
          .write(
              tx ->
                  tx.run(
                          """
                          INSERT INTO node (name, version, started_ms, posted_upto, cluster,
                            key_fingerprint, keys_accepted)
                          VALUES ($1, 'other', 0, 0, $2, $2, $2) RETURNING id
                          """,
                          name,
                          cluster)
                      .size());
    }
  }

  private int aliveRuns() {
    try (var store = TestStore.open(database.shared())) {
      return store.database().read("SELECT id FROM node WHERE alive = 1").size();
    }
  }

  private static int members(TestNode node) {
    return ((VertxInternal) node.node().vertx()).clusterManager().getNodes().size();
  }

  private static String signIn(TestNode node) {
    var answer = node.post("/api/v1/login/device", JsonObject.of("device_id", "a device").encode());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getJsonObject("data").getString("access_token");
  }

  private static boolean endOf(Socket socket) throws IOException {
    socket.setSoTimeout(120_000);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException _) {
      return true;
    }
  }
}
