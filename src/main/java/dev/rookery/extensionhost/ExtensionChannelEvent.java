package dev.rookery.extensionhost;

import dev.rookery.base.Event;
import java.util.List;

/**
 * What extensions send to clients, and to the owners of rooms.
 *
 * <p>Payloads are the text of a JSON object, which is made once and passed on as it is.
 */
public sealed interface ExtensionChannelEvent extends Event {
  /** An event of a topic, stored in the stream of the topic. */
  record Broadcast(String event, String payload) implements ExtensionChannelEvent {}

  /** An event of a topic that is not stored. */
  record Transient(String topic, String event, String payload) implements ExtensionChannelEvent {
    @Override
    public List<String> feeds() {
      return List.of(ExtensionTopic.transientFeed(topic));
    }
  }

  /** A message to the owner of a room. */
  record RoomMessage(String room, String payload) implements ExtensionChannelEvent {
    @Override
    public List<String> feeds() {
      return List.of(ExtensionTopic.roomFeed(room));
    }
  }
}
