package dev.rookery.protocol.gameflow;

import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.WirePreview;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The messages about a lobby that all its members get. */
public final class GameFlowPreview implements WirePreview {
  static final String WIRE = "gameflow";
  private static final String LOBBY = "lobby:";

  @Override
  public String wire() {
    return WIRE;
  }

  @Override
  public List<Frame> frames(Delivery delivery, String seat) {
    return delivery.topic().startsWith(LOBBY)
        ? LobbySubscription.ENCODER.encode(delivery).stream()
            .map(frame -> new Frame("", new String(frame.payload(), StandardCharsets.UTF_8), false))
            .toList()
        : List.of();
  }
}
