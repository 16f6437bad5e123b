package dev.rookery.edge;

import dev.rookery.base.Ids;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the event loops of one node share at the edge.
 *
 * @param limits null if requests are not limited
 * @param protocols mounted in this order
 */
public record Edge(
    ClientAddress clients,
    Origins origins,
    @Nullable RateLimits limits,
    Requests requests,
    List<Protocol> protocols,
    MeterRegistry meters,
    Ids ids) {
  public Edge {
    protocols = List.copyOf(protocols);
  }
}
