package dev.rookery.protocol.gamend;

import dev.rookery.base.Position;
import dev.rookery.game.Snapshot;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import java.nio.charset.StandardCharsets;

/**
 * A match after one event of its stream. The snapshot is that of the event, which all channels of
 * the node share.
 */
record SeenMatch(Position position, long revision, Snapshot snapshot) {
  /** Pushes a view of it, with the position, which tells the newer of two views. */
  Push push(String topic, String view) {
    String payload =
        "{\"_position\":%s,%s}"
            .formatted(ResumeRequest.json(position), MatchJson.seen(revision, snapshot, view));
    return new Push(topic, "view", Payload.json(payload.getBytes(StandardCharsets.UTF_8)));
  }
}
