package dev.rookery.node;

import dev.rookery.base.Position;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.leaderboard.BoardStreams;

/** Lets the indexes of leaderboards follow the streams of boards. */
final class FanOutStreams implements BoardStreams {
  private final FanOut fanOut;

  FanOutStreams(FanOut fanOut) {
    this.fanOut = fanOut;
  }

  @Override
  public Subscription follow(String stream, Listener listener) {
    var subscription =
        fanOut.subscribeNode(
            stream,
            new Subscriber() {
              @Override
              public void onEvent(Delivery delivery) {
                listener.onEvent(delivery.posted().event(), delivery.position());
              }

              @Override
              public void onLost() {
                listener.onLost();
              }
            });
    return new Subscription() {
      @Override
      public void startAfter(Position position) {
        subscription.startAfter(position);
      }

      @Override
      public void cancel() {
        subscription.cancel();
      }
    };
  }
}
