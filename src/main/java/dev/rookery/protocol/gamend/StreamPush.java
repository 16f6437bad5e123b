package dev.rookery.protocol.gamend;

import dev.rookery.base.Position;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.Wire;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A push on a stream: as the contract has it, and with its place for those who asked for it. Each
 * is written once for all followers of the node, the second only when somebody wants it.
 */
final class StreamPush {
  /** In the payload; no object of the contract has such a field. */
  private static final String POSITION = "_position";

  private final Push plain;
  private final Position position;
  private @Nullable Push positioned;

  StreamPush(Push plain, Position position) {
    this.plain = plain;
    this.position = position;
  }

  /** A wire of pushes; {@code null} for events that are not for it. */
  static Wire<Optional<StreamPush>> wire(Function<Delivery, @Nullable Push> pushes) {
    return delivery ->
        Optional.ofNullable(pushes.apply(delivery))
            .map(push -> new StreamPush(push, delivery.position()));
  }

  Push plain() {
    return plain;
  }

  synchronized Push positioned() {
    if (positioned == null) {
      Payload payload = plain.payload().with(POSITION, Resume.text(position));
      positioned = new Push(plain.topic(), plain.event(), payload);
    }
    return positioned;
  }
}
