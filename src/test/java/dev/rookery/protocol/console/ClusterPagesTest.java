package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.NodeReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which nodes may be drained. */
final class ClusterPagesTest {
  @Test
  void drainsANodeOnlyWhileAnotherOneIsReady() {
    var ready = node("a", true, "ready");
    assertThat(NodeReport.hasOtherReady(List.of(ready), "a")).isFalse();
    assertThat(NodeReport.hasOtherReady(List.of(ready, node("b", true, "ready")), "a")).isTrue();
    assertThat(NodeReport.hasOtherReady(List.of(ready, node("b", true, "draining")), "a"))
        .isFalse();
    assertThat(NodeReport.hasOtherReady(List.of(ready, node("b", true, "draining")), "b")).isTrue();
    assertThat(NodeReport.hasOtherReady(List.of(ready, node("b", true, "starting")), "a"))
        .isFalse();
    assertThat(NodeReport.hasOtherReady(List.of(ready, node("b", true, null)), "a")).isFalse();
    assertThat(NodeReport.hasOtherReady(List.of(ready, node("b", false, "ready")), "a")).isFalse();
  }

  /**
   * @param phase null if the node does not answer
   */
  private static NodeReport node(String name, boolean alive, @Nullable String phase) {
    var answer = phase == null ? null : new NodeReport.Answer(phase, true, 1, Map.of(), List.of());
    return new NodeReport(name, 1, "1", 1, alive, false, 0, 0, answer, 1);
  }
}
