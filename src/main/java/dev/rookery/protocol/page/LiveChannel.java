package dev.rookery.protocol.page;

import dev.rookery.base.Event;
import dev.rookery.base.Refused;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a page that what it shows has changed. The message has no content: the page asks for its
 * part again, so that nobody sees more than the page would show them, and a reader who is slow gets
 * one message for many changes. It ends when the player may not see the page any more.
 */
final class LiveChannel implements Channel, Subscriber {
  private final FanOut fanOut;
  private final String stream;
  private final Predicate<Event> changes;
  private final Predicate<Event> revocations;
  private final Supplier<? extends Future<?>> admission;
  private final ChangeNotice notice;
  private @Nullable Subscription subscription;
  private @Nullable ChannelConnection connection;

  /**
   * @param stream whose events may change the page
   * @param changes whether an event does
   * @param revocations whether the player may have lost the page with an event: then the admission
   *     is asked again
   * @param admission fails if the player may not see the page
   */
  LiveChannel(
      String topic,
      FanOut fanOut,
      String stream,
      Predicate<Event> changes,
      Predicate<Event> revocations,
      Supplier<? extends Future<?>> admission) {
    this.fanOut = fanOut;
    this.stream = stream;
    this.changes = changes;
    this.revocations = revocations;
    this.admission = admission;
    this.notice = new ChangeNotice(topic);
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    return admission
        .get()
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof Refused ? new JoinRefusedException("forbidden") : failure))
        .compose(_ -> fanOut.subscribeFromNow(stream, this))
        .map(
            started -> {
              subscription = started;
              return new JsonObject();
            });
  }

  @Override
  public void onJoined(ChannelConnection joined) {
    connection = joined;
    notice.begin(joined);
  }

  @Override
  public void onEvent(Delivery delivery) {
    Event event = delivery.posted().event();
    if (changes.test(event)) {
      notice.send();
    }
    if (revocations.test(event)) {
      admission.get().onFailure(this::end);
    }
  }

  private void end(Throwable failure) {
    ChannelConnection ended = connection;
    if (ended == null) {
      return;
    }
    if (failure instanceof Refused) {
      ended.close();
    } else {
      ended.requireRejoin();
    }
  }

  @Override
  public void onLost() {
    if (connection != null) {
      connection.requireRejoin();
    }
  }

  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
    return Future.succeededFuture(ChannelReply.error(JsonObject.of("reason", "unknown_event")));
  }

  @Override
  public Future<?> onEnd() {
    connection = null;
    notice.end();
    if (subscription != null) {
      subscription.cancel();
    }
    return Future.succeededFuture();
  }
}
