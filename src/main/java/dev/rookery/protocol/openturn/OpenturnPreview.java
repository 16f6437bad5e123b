package dev.rookery.protocol.openturn;

import dev.rookery.edge.EncodedFrame;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.WirePreview;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.MatchTopic;
import dev.rookery.match.ShownPayloads;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The messages of rooms. Those that continue what a seat has been shown, the batches of actions,
 * differ from socket to socket and are none of the event alone; they are left out.
 */
public final class OpenturnPreview implements WirePreview {
  static final String WIRE = "openturn";
  private static final String PREFIX = MatchTopic.of("");

  private final ShownPayloads payloads;

  /**
   * @param payloads of actions that players are shown
   */
  public OpenturnPreview(ShownPayloads payloads) {
    this.payloads = payloads;
  }

  @Override
  public String wire() {
    return WIRE;
  }

  @Override
  public List<Frame> frames(Delivery delivery, String seat) {
    if (!delivery.topic().startsWith(PREFIX)) {
      return List.of();
    }
    return switch (delivery.posted().event()) {
      case MatchEvent.LobbyChanged _ -> frame("lobby", delivery, LobbySocket.STATE);
      case MatchEvent.PlayerConnected(_, _, var first, _) ->
          first ? frame("match", delivery, GameSocket.JOINED) : List.of();
      case MatchEvent.PlayerDisconnected _ -> frame("match", delivery, GameSocket.LEFT);
      case MatchEvent.Restarted(var match) ->
          List.of(
              new Frame(
                  "match", ServerMessage.snapshotText(SeatView.of(match, seat, payloads)), false));
      default -> List.of();
    };
  }

  private static List<Frame> frame(
      String form, Delivery delivery, EventEncoder<EncodedFrame> encoder) {
    return List.of(
        new Frame(
            form, new String(encoder.encode(delivery).payload(), StandardCharsets.UTF_8), false));
  }
}
