package dev.rookery.protocol.gamend;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.fanout.Delivery;
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
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The subscription of a channel to a stream, with resume: subscribes, pushes the missed events or a
 * snapshot no faster than the client reads, then pushes the events that follow.
 *
 * <p>A client keeps the position of the last push that carried one; no push at or before that
 * position is sent to it again. In a snapshot only the last push carries a position, so a client
 * that is cut off within it starts over. An {@code updated} that equals the previous one is not
 * pushed (Gamend realtime contract, section 2.6), nor its position; a client that resumes from
 * before it may receive it.
 */
final class StreamSubscription implements Subscriber {
  static final String UPDATED = "updated";

  /**
   * Recognizes the events that change the client's own membership in the subject of the stream. A
   * client is not recovered across such an event but gets a snapshot.
   *
   * @param joined matches the event with which the player became a member
   * @param ended matches the events after which the channel ends: the player left or was removed,
   *     or the subject is gone
   */
  record MembershipEvents(Predicate<Event> joined, Predicate<Event> ended) {
    static final MembershipEvents NONE = new MembershipEvents(_ -> false, _ -> false);

    /** Whether a client that resumes across the event gets a snapshot. */
    boolean readmits(Event event) {
      return joined.test(event) || ended.test(event);
    }
  }

  private final FanOut fanOut;
  private final String stream;
  private final Function<Delivery, List<StreamPush>> pushes;
  private final ResumeRequest resume;
  private final MembershipEvents membership;
  private final Subscription subscription;

  private Recovery.@Nullable Recovered recovered;
  private Position position = Position.START;
  private Position resumePosition = Position.START;
  private @Nullable ChannelConnection connection;
  private @Nullable Payload lastUpdated;

  /**
   * Subscribes. Events are buffered until the missed events or the snapshot have been pushed.
   *
   * @param pushes returns what is pushed for an event, from an encoder that is shared with the
   *     other subscribers; called once for each event, in their order
   */
  StreamSubscription(
      FanOut fanOut,
      String stream,
      Function<Delivery, List<StreamPush>> pushes,
      ResumeRequest resume,
      MembershipEvents membership) {
    this.fanOut = fanOut;
    this.stream = stream;
    this.pushes = pushes;
    this.resume = resume;
    this.membership = membership;
    this.subscription = fanOut.subscribe(stream, this);
  }

  /**
   * Recovers the missed events, if the client resumes, and returns the response to its join. Never
   * fails.
   *
   * @param snapshot the position at which the snapshot was read and the client admitted
   */
  Future<JsonObject> onAdmitted(Position snapshot) {
    position = snapshot;
    Position clientPosition = resume.position();
    if (clientPosition == null) {
      return Future.succeededFuture(response());
    }
    return fanOut
        .recover(stream, clientPosition, snapshot, membership::readmits)
        .map(
            recovery -> {
              if (recovery instanceof Recovery.Recovered found) {
                recovered = found;
                position = found.upto();
              }
              return response();
            });
  }

  /**
   * As {@link #onAdmitted}, for a client that may see only what happens from now on: it gets the
   * snapshot, whatever position it sends.
   */
  JsonObject onAdmittedWithoutHistory(Position snapshot) {
    position = snapshot;
    return response();
  }

  private JsonObject response() {
    resumePosition = fanOut.resumePosition(position);
    return resume.response(recovered != null, resumePosition);
  }

  /**
   * Starts pushing. Returns whether the client is served by the missed events; if not, the caller
   * must call {@link #pushSnapshot}.
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

  /** Pushes the snapshot of the position passed to {@link #onAdmitted}; at least one push. */
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
                  ? new StreamPush(push, resumePosition).withPosition()
                  : push);
        });
  }

  /** Pushes no faster than the client reads, because a socket's queue may not hold all of it. */
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
    for (StreamPush push : pushes.apply(delivery)) {
      push(client, push);
    }
    if (membership.ended.test(delivery.posted().event())) {
      client.close();
    }
  }

  private void push(ChannelConnection client, StreamPush push) {
    if (push.withoutPosition().event().equals(UPDATED)) {
      Payload payload = push.withoutPosition().payload();
      if (lastUpdated != null && payload.hasSameBytes(lastUpdated)) {
        return;
      }
      lastUpdated = payload;
    }
    client.push(resume.requested() ? push.withPosition() : push.withoutPosition());
  }

  @Override
  public void onLost() {
    if (connection != null) {
      connection.requireRejoin();
    }
  }

  @Override
  public String wire() {
    return GamendPreview.WIRE;
  }

  void cancel() {
    subscription.cancel();
  }
}
