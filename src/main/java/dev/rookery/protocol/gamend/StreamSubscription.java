package dev.rookery.protocol.gamend;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Recovery;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What every channel on a stream does alike: follow, recover who comes back, show what he missed or
 * a snapshot at the pace of his line, then what happens.
 *
 * <p>A client remembers the position of the last push that carried one. Of a snapshot only the last
 * push does: who was cut off in the middle of it has no place to come back to. Whatever is at that
 * position or before it never comes again. An {@code updated} that says what the last one said is
 * dropped, as the contract wants it; then no position is told, and one that comes back from before
 * it may be told it.
 */
final class StreamSubscription implements Subscriber {
  static final String UPDATED = "updated";

  /**
   * Which events concern the client's own place in the thing.
   *
   * @param begins he came; what he is shown differs from what he was shown before
   * @param ends he left, was sent away, or the thing is no more: the channel ends after this event
   */
  record MembershipEvents(Predicate<Event> begins, Predicate<Event> ends) {
    static final MembershipEvents NONE = new MembershipEvents(_ -> false, _ -> false);
  }

  private final FanOut fanOut;
  private final String stream;
  private final EventEncoder<List<StreamPush>> wire;
  private final ResumeRequest resume;
  private final MembershipEvents tenure;
  private final Subscription following;

  private Recovery.@Nullable Recovered recovered;
  private Position position = Position.START;
  private Position told = Position.START;
  private @Nullable ChannelConnection line;
  private @Nullable Payload shown;

  /** Follows from now on; nothing is heard before the client has been shown what was before. */
  StreamSubscription(
      FanOut fanOut,
      String stream,
      EventEncoder<List<StreamPush>> wire,
      ResumeRequest resume,
      MembershipEvents tenure) {
    this.fanOut = fanOut;
    this.stream = stream;
    this.wire = wire;
    this.resume = resume;
    this.tenure = tenure;
    this.following = fanOut.subscribe(stream, this);
  }

  /**
   * The answer to a join that is granted; never fails.
   *
   * @param snapshot the place at which the thing was read and the client admitted
   */
  Future<JsonObject> admitted(Position snapshot) {
    position = snapshot;
    Position left = resume.position();
    if (left == null) {
      return Future.succeededFuture(answer());
    }
    return fanOut
        .recover(stream, left, snapshot, tenure.begins.or(tenure.ends))
        .map(
            recovery -> {
              if (recovery instanceof Recovery.Recovered found) {
                recovered = found;
                position = found.upto();
              }
              return answer();
            });
  }

  private JsonObject answer() {
    told = fanOut.resumePosition(position);
    return resume.answer(recovered != null, told);
  }

  /**
   * Begins to show. Whether the client has been recovered; if not, {@link #show} is to be called
   * with the snapshot.
   */
  boolean open(ChannelConnection line) {
    this.line = line;
    if (recovered == null) {
      return false;
    }
    Iterator<Delivery> missed = recovered.missed().iterator();
    recovered = null;
    play(line, missed, this::onEvent);
    return true;
  }

  /** What the thing was like at the place of {@link #admitted}; at least one push. */
  void show(ChannelConnection line, Iterator<Push> snapshot) {
    play(
        line,
        snapshot,
        push -> {
          if (push.event().equals(UPDATED)) {
            shown = push.payload();
          }
          boolean last = !snapshot.hasNext();
          line.push(last && resume.asked() ? new StreamPush(push, told).positioned() : push);
        });
  }

  /** At the client's pace: it may be more than a socket's queue holds. */
  private <T> void play(ChannelConnection line, Iterator<T> rest, Consumer<T> push) {
    while (rest.hasNext()) {
      if (!line.isWritable()) {
        line.whenWritable(() -> play(line, rest, push));
        return;
      }
      push.accept(rest.next());
    }
    following.startAfter(position);
  }

  @Override
  public void onEvent(Delivery delivery) {
    ChannelConnection to = line;
    if (to == null) {
      return;
    }
    for (StreamPush push : delivery.encodedBy(wire)) {
      tell(to, push);
    }
    if (tenure.ends.test(delivery.posted().event())) {
      to.close();
    }
  }

  private void tell(ChannelConnection to, StreamPush push) {
    if (push.plain().event().equals(UPDATED)) {
      Payload now = push.plain().payload();
      if (shown != null && now.hasSameBytes(shown)) {
        return;
      }
      shown = now;
    }
    to.push(resume.asked() ? push.positioned() : push.plain());
  }

  @Override
  public void onLost() {
    if (line != null) {
      line.requireRejoin();
    }
  }

  void end() {
    following.cancel();
  }
}
