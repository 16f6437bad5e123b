package dev.rookery.relay;

import io.vertx.core.buffer.Buffer;

/** Brings letters to another node, in the order in which one thread gives them; at most once. */
@FunctionalInterface
interface FrameSender {
  void send(String node, Buffer letter);
}
