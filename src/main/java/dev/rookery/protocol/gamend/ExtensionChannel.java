package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.extension.ChannelMember;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.CallOutcome.Failed;
import dev.rookery.extensionhost.CallOutcome.Failure;
import dev.rookery.extensionhost.CallOutcome.Rejected;
import dev.rookery.extensionhost.CallOutcome.Returned;
import dev.rookery.extensionhost.ChannelAdmission;
import dev.rookery.extensionhost.ClientCalls;
import dev.rookery.extensionhost.ExtensionChannelEvent.Broadcast;
import dev.rookery.extensionhost.ExtensionChannelEvent.Transient;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.ExtensionTopic;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A topic of an extension, {@code x:<extension>:<topic>}: the extension decides about the join and
 * answers messages. Its stored events can be resumed like those of other topics.
 */
final class ExtensionChannel implements Channel {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  static final EventEncoder<List<StreamPush>> STORED = StreamPush.encoder(ExtensionChannel::stored);
  static final EventEncoder<List<Push>> TRANSIENT = ExtensionChannel::notStored;

  private final ExtensionTopic topic;
  private final ChannelMember member;
  private final ClientCalls extensions;
  private final FanOut fanOut;
  private final int messagesMax;
  private @Nullable StreamSubscription subscription;
  private @Nullable Subscription live;
  private boolean onLane;
  private long windowStart;
  private int messages;

  /**
   * @param joinId identifies this join in the cluster
   */
  ExtensionChannel(
      ExtensionTopic topic,
      @Nullable Session session,
      ExtensionHost extensions,
      FanOut fanOut,
      String joinId) {
    PlayerId player = session == null ? null : session.player();
    this.topic = topic;
    this.extensions = extensions.clientCalls();
    this.member = this.extensions.member(joinId, topic, player);
    this.fanOut = fanOut;
    this.messagesMax = extensions.settings().channelMessagesPerSecond();
  }

  private static List<Push> stored(Delivery delivery) {
    return delivery.posted().event() instanceof Broadcast(var event, var payload)
        ? List.of(push(delivery.topic(), event, payload))
        : List.of();
  }

  private static List<Push> notStored(Delivery delivery) {
    return delivery.posted().event() instanceof Transient(var topic, var event, var payload)
        ? List.of(push(topic, event, payload))
        : List.of();
  }

  private static Push push(String topic, String event, String payload) {
    return new Push(topic, event, Payload.json(payload.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    var subscribed =
        new StreamSubscription(
            fanOut,
            topic.full(),
            delivery -> delivery.encodedBy(STORED),
            ResumeRequest.of(payload),
            MembershipEvents.NONE);
    subscription = subscribed;
    onLane = DataChannelRequest.isIn(payload);
    return extensions
        .join(topic.extension(), member, object(payload))
        .compose(
            outcome -> {
              if (outcome instanceof Returned(ChannelAdmission(var position, var response))) {
                return subscribed.onAdmitted(position).map(resumed -> response.mergeIn(resumed));
              }
              return Future.failedFuture(new JoinRefusedException(reason(outcome)));
            })
        .onFailure(_ -> subscribed.cancel());
  }

  private static String reason(CallOutcome outcome) {
    return switch (outcome) {
      case Rejected(var reason) -> reason;
      case Failed(var failure) ->
          switch (failure) {
            case EXTENSION_NOT_FOUND, MISSING_HOOKS_MODULE, NOT_IMPLEMENTED -> "unmatched topic";
            case TIMEOUT -> "timeout";
            case BUSY -> "busy";
            case EXCEPTION, UNENCODABLE -> "join crashed";
          };
      case Returned _ -> "join crashed";
    };
  }

  private static JsonObject object(Payload payload) {
    JsonObject object = payload.asObject();
    return object == null ? new JsonObject() : object;
  }

  @Override
  public void onJoined(ChannelConnection client) {
    live =
        fanOut.subscribe(
            ExtensionTopic.transientFeed(topic.full()), new Transients(client, onLane));
    live.startNow();
    StreamSubscription joined = Objects.requireNonNull(subscription);
    if (!joined.start(client)) {
      // The response has what the client needs to begin with.
      joined.pushSnapshot(client, Collections.emptyIterator());
    }
  }

  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
    if (isLimited()) {
      return Future.succeededFuture(ErrorReply.of("rate_limited"));
    }
    return extensions
        .message(topic.extension(), member, message.event(), object(message.payload()))
        .map(ExtensionChannel::reply);
  }

  private boolean isLimited() {
    long now = System.nanoTime();
    if (messages == 0 || now - windowStart >= WINDOW_NANOS) {
      windowStart = now;
      messages = 0;
    }
    messages++;
    return messages > messagesMax;
  }

  private static ChannelReply reply(CallOutcome outcome) {
    return switch (outcome) {
      case Returned(var value) -> ChannelReply.ok((JsonObject) Objects.requireNonNull(value));
      case Rejected(var reason) -> ErrorReply.of(reason);
      case Failed(Failure failure) ->
          switch (failure) {
            // The extension was removed, or its new version does not serve the topic.
            case EXTENSION_NOT_FOUND, MISSING_HOOKS_MODULE, NOT_IMPLEMENTED ->
                ChannelReply.errorAndClose(JsonObject.of("error", "not_found"));
            case TIMEOUT -> ErrorReply.of("timeout");
            case BUSY -> ErrorReply.of("busy");
            case EXCEPTION, UNENCODABLE -> ErrorReply.of("unexpected_error");
          };
    };
  }

  @Override
  public Future<?> onEnd() {
    if (live != null) {
      live.cancel();
    }
    if (subscription != null) {
      subscription.cancel();
    }
    return extensions.leave(topic.extension(), member);
  }

  /** Pushes events that are not stored, and none that a slow client would get too late. */
  private record Transients(ChannelConnection client, boolean onLane) implements Subscriber {
    @Override
    public void onEvent(Delivery delivery) {
      if (onLane) {
        delivery.encodedBy(TRANSIENT).forEach(client::pushOnLane);
      } else if (client.isWritable()) {
        delivery.encodedBy(TRANSIENT).forEach(client::push);
      }
    }

    @Override
    public void onLost() {
      client.requireRejoin();
    }

    @Override
    public String wire() {
      return GamendPreview.WIRE;
    }
  }
}
