package dev.rookery.protocol.gamend;

import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.Subscriber;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.Push;
import java.util.List;

/**
 * Pushes the events of a feed, which has no history, to one client.
 *
 * @param encoder shared by all subscribers of the feed, so that each event is encoded once
 */
record FeedSubscriber(ChannelConnection client, EventEncoder<List<Push>> encoder)
    implements Subscriber {
  @Override
  public void onEvent(Delivery delivery) {
    delivery.encodedBy(encoder).forEach(client::push);
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
