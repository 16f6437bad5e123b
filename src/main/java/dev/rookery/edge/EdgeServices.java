package dev.rookery.edge;

import dev.rookery.base.Ids;
import dev.rookery.trace.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP servers of all event loops of a node share.
 *
 * @param rateLimits null if requests are not limited
 * @param requests the requests in flight, which a drain waits for
 * @param protocols mounted in this order
 * @param memory bounds what all connections together hold
 * @param admission counts connections
 * @param problems the requests that were refused lately
 * @param tracer traces some of the requests
 */
public record EdgeServices(
    ClientAddressResolver clientAddresses,
    AllowedOrigins origins,
    @Nullable RateLimits rateLimits,
    InFlightRequests requests,
    List<Protocol> protocols,
    MeterRegistry meters,
    Ids ids,
    MemoryBudget memory,
    SocketAdmission admission,
    ClientProblems problems,
    RequestDeadlines deadlines,
    Tracer tracer) {
  public EdgeServices {
    protocols = List.copyOf(protocols);
  }
}
