package dev.rookery.relay;

import io.vertx.core.buffer.Buffer;

/** Sends relay frames to another node: at most once, and in order for frames sent by one thread. */
@FunctionalInterface
interface FrameSender {
  void send(String node, Buffer frame);
}
