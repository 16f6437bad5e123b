package dev.rookery.protocol.gamend;

import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscription;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel with the events of a feed, for anyone, signed in or not. A feed has no positions and
 * cannot be resumed; a client that reconnects reads the list again.
 */
final class FeedChannel implements ListenOnlyChannel {
  private final FanOut fanOut;
  private final String feed;
  private final EventEncoder<List<Push>> encoder;
  private @Nullable Subscription subscription;

  /**
   * @param encoder shared by all channels of the feed, so that each event is encoded once
   */
  FeedChannel(FanOut fanOut, String feed, EventEncoder<List<Push>> encoder) {
    this.fanOut = fanOut;
    this.feed = feed;
    this.encoder = encoder;
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    return Future.succeededFuture(new JsonObject());
  }

  @Override
  public void onJoined(ChannelConnection client) {
    subscription = fanOut.subscribe(feed, new FeedSubscriber(client, encoder));
    subscription.startNow();
  }

  @Override
  public Future<?> onEnd() {
    if (subscription != null) {
      subscription.cancel();
    }
    return Future.succeededFuture();
  }
}
