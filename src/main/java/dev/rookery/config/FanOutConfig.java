package dev.rookery.config;

/** Delivery of events to the sockets of this node. */
public record FanOutConfig(@Setting(max = 1_024) int shards) {
  static final FanOutConfig DEFAULTS = new FanOutConfig(64);
}
