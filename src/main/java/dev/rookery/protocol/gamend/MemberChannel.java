package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel with the events of what players are members of, such as a lobby. The join is decided by
 * the domain; then come the missed events or a snapshot, and the events that follow. The channel is
 * closed after the event that ends the membership.
 *
 * @param <S> what the domain answers the join with
 */
abstract class MemberChannel<S> implements ListenOnlyChannel {
  /** The topic as clients name it. */
  final String topic;

  final FanOut fanOut;
  private final String prefix;
  private final String invalid;
  private final @Nullable Session session;
  private @Nullable StreamSubscription subscription;
  private @Nullable S admission;

  /**
   * @param prefix of the topic, before the id
   * @param invalid the reason of refusing a topic without a valid id, or a client without a session
   */
  MemberChannel(
      String topic, String prefix, String invalid, @Nullable Session session, FanOut fanOut) {
    this.topic = topic;
    this.prefix = prefix;
    this.invalid = invalid;
    this.session = session;
    this.fanOut = fanOut;
  }

  abstract String stream(long id);

  /** Shared by all channels of the kind, so that each event is encoded once. */
  abstract EventEncoder<List<StreamPush>> encoder();

  /** The event with which the player became a member, and the last one that they receive. */
  abstract MembershipEvents membership(PlayerId own);

  /** Asks the domain whether the player may follow the events. */
  abstract Future<S> admit(long id, PlayerId player);

  /** The reason that the contract has for a refusal; null if it has none. */
  abstract @Nullable String reason(Refusal refusal);

  abstract Position position(S admission);

  /** Whether a client that sends a position receives what it has missed. */
  boolean seesHistory(S admission) {
    return true;
  }

  /** The payload of the first {@code updated}. */
  abstract JsonObject snapshot(S admission);

  @Override
  public Future<JsonObject> join(Payload payload) {
    Long id = TopicId.of(topic, prefix);
    if (id == null || session == null) {
      return Future.failedFuture(new JoinRefusedException(invalid));
    }
    PlayerId player = session.player();
    EventEncoder<List<StreamPush>> encoder = encoder();
    var subscribed =
        new StreamSubscription(
            fanOut,
            stream(id),
            delivery -> delivery.encodedBy(encoder),
            ResumeRequest.of(payload),
            membership(player));
    subscription = subscribed;
    return admit(id, player)
        .onFailure(_ -> subscribed.cancel())
        .recover(this::joinRefusal)
        .compose(
            admitted -> {
              admission = admitted;
              return seesHistory(admitted)
                  ? subscribed.onAdmitted(position(admitted))
                  : Future.succeededFuture(subscribed.onAdmittedWithoutHistory(position(admitted)));
            });
  }

  private Future<S> joinRefusal(Throwable cause) {
    String reason = cause instanceof Refused refused ? reason(refused.refusal()) : null;
    return Future.failedFuture(reason == null ? cause : new JoinRefusedException(reason));
  }

  @Override
  public void onJoined(ChannelConnection client) {
    S admitted = Objects.requireNonNull(admission);
    // Not needed any more; a channel may stay open for hours.
    admission = null;
    StreamSubscription joined = Objects.requireNonNull(subscription);
    if (!joined.start(client)) {
      var updated = new Push(topic, StreamSubscription.UPDATED, snapshot(admitted));
      joined.pushSnapshot(client, List.of(updated).iterator());
    }
  }

  @Override
  public Future<?> onEnd() {
    if (subscription != null) {
      subscription.cancel();
    }
    return Future.succeededFuture();
  }
}
