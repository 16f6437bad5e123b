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
 * A push of a stream in two forms: as the contract has it, and with its position for clients that
 * asked to resume. Each form is encoded once for all subscribers of the node, the second on demand.
 *
 * <p>If one event makes several pushes, only the last has the position: a client that was cut off
 * between them gets all of them again.
 */
final class StreamPush {
  /** The field of the payload; no object of the contract has a field of this name. */
  private static final String POSITION = "_position";

  private final Push withoutPosition;
  private final @Nullable Position position;
  private @Nullable Push withPosition;

  /**
   * @param position null if the push is not the last of its event
   */
  StreamPush(Push plain, @Nullable Position position) {
    this.withoutPosition = plain;
    this.position = position;
  }

  /** Returns an encoder that makes an event into pushes, in order; none for unrelated events. */
  static EventEncoder<List<StreamPush>> encoder(Function<Delivery, List<Push>> pushes) {
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

  /** Wraps the push of an event that makes at most one. */
  static List<Push> oneOrNone(@Nullable Push push) {
    return push == null ? List.of() : List.of(push);
  }

  Push withoutPosition() {
    return withoutPosition;
  }

  /** Returns the push with its position, if it has one. */
  synchronized Push withPosition() {
    if (position == null) {
      return withoutPosition;
    }
    if (withPosition == null) {
      Payload payload = withoutPosition.payload().withField(POSITION, ResumeRequest.json(position));
      withPosition = new Push(withoutPosition.topic(), withoutPosition.event(), payload);
    }
    return withPosition;
  }
}
