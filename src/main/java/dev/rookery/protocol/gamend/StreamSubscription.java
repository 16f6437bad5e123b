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
   * @param joined he came; what he is shown differs from what he was shown before
   * @param ended he left, was sent away, or the thing is no more: the channel ends after this event
   */
  record MembershipEvents(Predicate<Event> joined, Predicate<Event> ended) {
    static final MembershipEvents NONE = new MembershipEvents(_ -> false, _ -> false);
  }

  private final FanOut fanOut;
  private final String stream;
  private final EventEncoder<List<StreamPush>> wire;
  private final ResumeRequest resume;
  private final MembershipEvents membership;
  private final Subscription subscription;

  private Recovery.@Nullable Recovered recovered;
  private Position position = Position.START;
  private Position resumePosition = Position.START;
  private @Nullable ChannelConnection connection;
  private @Nullable Payload lastUpdated;

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
    this.membership = tenure;
    this.subscription = fanOut.subscribe(stream, this);
  }

  /**
   * The answer to a join that is granted; never fails.
   *
   * @param snapshot the place at which the thing was read and the client admitted
   */
  Future<JsonObject> onAdmitted(Position snapshot) {
    position = snapshot;
    Position clientPosition = resume.position();
    if (clientPosition == null) {
      return Future.succeededFuture(response());
    }
    return fanOut
        .recover(stream, clientPosition, snapshot, membership.joined.or(membership.ended))
        .map(
            recovery -> {
              if (recovery instanceof Recovery.Recovered found) {
                recovered = found;
                position = found.upto();
              }
              return response();
            });
  }

  private JsonObject response() {
    resumePosition = fanOut.resumePosition(position);
    return resume.response(recovered != null, resumePosition);
  }

  /**
   * Begins to show. Whether the client has been recovered; if not, {@link #pushSnapshot} is to be
   * called with the snapshot.
   */
  boolean start(ChannelConnection client) {
    this.connection = client;
    if (recovered == null) {
      return false;
    }
    Iterator<Delivery> missed = recovered.missed().iterator();
    recovered = null;
    pushPaced(client, missed, this::onEvent);
    return true;
  }

  /** What the thing was like at the place of {@link #onAdmitted}; at least one push. */
  void pushSnapshot(ChannelConnection client, Iterator<Push> snapshot) {
    pushPaced(
        client,
        snapshot,
        push -> {
          if (push.event().equals(UPDATED)) {
            lastUpdated = push.payload();
          }
          boolean last = !snapshot.hasNext();
          client.push(
              last && resume.requested()
                  ? new StreamPush(push, resumePosition).positioned()
                  : push);
        });
  }

  /** At the client's pace: it may be more than a socket's queue holds. */
  private <T> void pushPaced(ChannelConnection client, Iterator<T> remaining, Consumer<T> push) {
    while (remaining.hasNext()) {
      if (!client.isWritable()) {
        client.whenWritable(() -> pushPaced(client, remaining, push));
        return;
      }
      push.accept(remaining.next());
    }
    subscription.startAfter(position);
  }

  @Override
  public void onEvent(Delivery delivery) {
    ChannelConnection client = connection;
    if (client == null) {
      return;
    }
    for (StreamPush push : delivery.encodedBy(wire)) {
      push(client, push);
    }
    if (membership.ended.test(delivery.posted().event())) {
      client.close();
    }
  }

  private void push(ChannelConnection client, StreamPush push) {
    if (push.plain().event().equals(UPDATED)) {
      Payload payload = push.plain().payload();
      if (lastUpdated != null && payload.hasSameBytes(lastUpdated)) {
        return;
      }
      lastUpdated = payload;
    }
    client.push(resume.requested() ? push.positioned() : push.plain());
  }

  @Override
  public void onLost() {
    if (connection != null) {
      connection.requireRejoin();
    }
  }

  void cancel() {
    subscription.cancel();
  }
}
