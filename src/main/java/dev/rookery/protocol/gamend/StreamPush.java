package dev.rookery.protocol.gamend;

import dev.rookery.base.Position;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A push on a stream: as the contract has it, and with its place for those who asked for it. Each
 * is written once for all followers of the node, the second only when somebody wants it.
 *
 * <p>Of the pushes that tell one event only the last has the place: who was cut off between them is
 * told all of them when he comes back.
 */
final class StreamPush {
  /** In the payload; no object of the contract has such a field. */
  private static final String POSITION = "_position";

  private final Push plain;
  private final @Nullable Position position;
  private @Nullable Push positioned;

  /**
   * @param position null for one that is not the last of its event
   */
  StreamPush(Push plain, @Nullable Position position) {
    this.plain = plain;
    this.position = position;
  }

  /** A wire of pushes, in their order; none for events that are not for it. */
  static EventEncoder<List<StreamPush>> wire(Function<Delivery, List<Push>> pushes) {
    return delivery -> {
      List<Push> all = pushes.apply(delivery);
      var encoded = new ArrayList<StreamPush>(all.size());
      for (Push push : all) {
        boolean last = encoded.size() == all.size() - 1;
        encoded.add(new StreamPush(push, last ? delivery.position() : null));
      }
      return List.copyOf(encoded);
    };
  }

  /** Of an event that is told with one push, or not at all. */
  static List<Push> oneOrNone(@Nullable Push push) {
    return push == null ? List.of() : List.of(push);
  }

  Push plain() {
    return plain;
  }

  /** With the place, if it has one. */
  synchronized Push positioned() {
    if (position == null) {
      return plain;
    }
    if (positioned == null) {
      Payload payload = plain.payload().withField(POSITION, ResumeRequest.json(position));
      positioned = new Push(plain.topic(), plain.event(), payload);
    }
    return positioned;
  }
}
