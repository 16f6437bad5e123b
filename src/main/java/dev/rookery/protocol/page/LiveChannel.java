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
  private boolean checking;
  private boolean checkAgain;

  /** Why the page was lost before the join was answered; null if it was not. */
  private @Nullable Throwable revoked;

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

  /** Follows the stream before it asks whether the player may, so that no revocation is missed. */
  @Override
  public Future<JsonObject> join(Payload payload) {
    return fanOut
        .subscribeFromNow(stream, this)
        .compose(
            started -> {
              subscription = started;
              return admission.get().map(_ -> new JsonObject());
            })
        .recover(
            failure -> {
              cancel();
              return Future.failedFuture(
                  failure instanceof Refused ? new JoinRefusedException("forbidden") : failure);
            });
  }

  @Override
  public void onJoined(ChannelConnection joined) {
    connection = joined;
    Throwable before = revoked;
    if (before == null) {
      notice.begin(joined);
    } else {
      end(before);
    }
  }

  @Override
  public void onEvent(Delivery delivery) {
    Event event = delivery.posted().event();
    if (changes.test(event)) {
      notice.send();
    }
    if (revocations.test(event)) {
      check();
    }
  }

  /** One question at a time, however fast the events are. */
  private void check() {
    if (checking) {
      checkAgain = true;
      return;
    }
    checking = true;
    checkAgain = false;
    admission
        .get()
        .onComplete(
            admitted -> {
              checking = false;
              if (admitted.failed()) {
                end(admitted.cause());
              } else if (checkAgain) {
                check();
              }
            });
  }

  private void end(Throwable failure) {
    ChannelConnection ended = connection;
    if (ended == null) {
      revoked = failure;
    } else if (failure instanceof Refused) {
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
    cancel();
    return Future.succeededFuture();
  }

  private void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
