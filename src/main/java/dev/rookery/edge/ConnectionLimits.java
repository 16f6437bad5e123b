package dev.rookery.edge;

/**
 * How many connections a node holds at the same time.
 *
 * @param connectionsMax all TCP connections of clients, idle ones and WebSockets included
 * @param reserve further connections that are accepted for health checks alone
 * @param strangersMax WebSockets that are not signed in, all together
 * @param perAddressMax WebSockets of one address that are not signed in; an IPv6 network of /64
 *     counts as one address
 * @param perPlayerMax WebSockets of one player
 */
public record ConnectionLimits(
    int connectionsMax, int reserve, int strangersMax, int perAddressMax, int perPlayerMax) {
  /** For tests and tools: no limit. */
  public static final ConnectionLimits NONE =
      new ConnectionLimits(
          Integer.MAX_VALUE - 1, 1, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  public ConnectionLimits {
    if (connectionsMax < 1
        || reserve < 0
        || strangersMax < 1
        || perAddressMax < 1
        || perPlayerMax < 1) {
      throw new IllegalArgumentException("connection limits must be positive");
    }
  }
}
