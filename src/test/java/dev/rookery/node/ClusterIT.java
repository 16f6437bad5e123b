package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestCluster;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class ClusterIT {
  @Test
  void nodesJoinAndReceiveEachOthersEvents() throws Exception {
    try (var cluster = TestCluster.start(2)) {
      assertThat(members(cluster.node(0).node())).hasSize(2);
      assertThat(cluster.node(1).get("/health/ready").statusCode()).isEqualTo(200);

      var heard = new CompletableFuture<String>();
      cluster
          .node(1)
          .node()
          .vertx()
          .eventBus()
          .<String>consumer("test", message -> heard.complete(message.body()))
          .completion()
          .await(120, TimeUnit.SECONDS);
      cluster.node(0).node().vertx().eventBus().publish("test", "hello");
      assertThat(heard.get(120, TimeUnit.SECONDS)).isEqualTo("hello");
    }
  }

  @Test
  void nodesJoinByDnsName() throws Exception {
    try (var cluster = TestCluster.startByName(2)) {
      assertThat(members(cluster.node(0).node())).hasSize(2);
      assertThat(cluster.node(1).get("/metrics").body()).contains("rookery_cluster_nodes 2");
    }
  }

  @Test
  void removesNodeThatShutDownInOrder() throws Exception {
    try (var cluster = TestCluster.start(2, Map.of("DRAIN_DELAY", "0"))) {
      cluster.node(1).node().drain();
      Eventually.holds(() -> members(cluster.node(0).node()).size() == 1);
      assertThat(cluster.node(0).get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private static java.util.List<String> members(Node node) {
    ClusterManager manager = ((VertxInternal) node.vertx()).clusterManager();
    return manager.getNodes();
  }
}
